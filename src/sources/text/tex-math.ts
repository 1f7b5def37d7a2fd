import { script, symbol } from './tex-symbols.ts';

const OVER: Record<string, string> = {
  hat: '\u0302',
  widehat: '\u0302',
  tilde: '\u0303',
  widetilde: '\u0303',
  bar: '\u0304',
  overline: '\u0304',
  vec: '\u20d7',
  dot: '\u0307',
  ddot: '\u0308',
};
const LAYOUT =
  /\\(?:left|right|[bB]igg?[lrm]?|limits|nolimits|displaystyle|textstyle|rm|bf|it)(?![A-Za-z])\.?/g;
const SPACES = /\\[,;: ]|(?<!\\)~/g;
const DEEPEST = 6;

/** The inside of TeX mathematics as a line of Unicode: `\pi^0` is π⁰, `1.13\times` is 1.13×. */
export function texMath(math: string): string {
  let text = commands(
    math
      .replace(LAYOUT, '')
      .replace(SPACES, ' ')
      .replace(/\\!|\\\\/g, ''),
  )
    // Before the groups, whose fallback `G_stack` would look like a script of one letter.
    .replace(/([_^])([^\s{}\\_^])/gu, (raw, mark, body) => lone(mark, body) ?? raw);
  // Innermost braces first; what is nested deeper than anybody reads keeps its letters and loses its shape.
  for (let depth = 0; depth < DEEPEST && text.includes('{'); depth++) {
    text = text
      .replace(/([_^])\{([^{}]*)\}/g, (_, mark, body) => scripted(mark, body))
      .replace(ARGUMENTS, applied);
  }
  return text
    .replace(/(?<!\\)[{}]/g, '')
    .replace(/\\([{}$%&#_])/g, '$1')
    .replace(/\\([A-Za-z]+)/g, '$1');
}

/** Commands that stand for one character, in mathematics or in text. */
export function commands(text: string): string {
  return text
    .replace(/\\math(?:bb|cal|frak|scr)\s*\{[A-Za-z0-9]\}/g, (raw) => symbol(raw) ?? raw)
    .replace(/\\(?:[A-Za-z]+|\|)/g, (raw) => symbol(raw) ?? raw);
}

const ARGUMENTS =
  /(?:\\(?:d|t)?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}|(?:\\sqrt|√)\s*\{([^{}]*)\}|\\([A-Za-z]+)\*?\s*\{([^{}]*)\})/g;

/** Commands with arguments: fractions, roots, accents; of any other the argument alone is kept. */
function applied(
  raw: string,
  above?: string,
  below?: string,
  root?: string,
  name?: string,
  body?: string,
): string {
  if (above !== undefined && below !== undefined) return `${grouped(above)}/${grouped(below)}`;
  if (root !== undefined) return `√${grouped(root)}`;
  if (name === undefined || body === undefined) return raw;
  const over = OVER[name];
  return over !== undefined && Array.from(body).length === 1 ? body + over : body;
}

/** {@link applied} for text outside of mathematics. */
export function applyArguments(text: string): string {
  return text.replace(ARGUMENTS, applied);
}

/** What stands after `_` or `^`: raised or lowered letters where Unicode has them all, else `_NN`, `^(a+b)`. */
export function scripted(mark: string, body: string): string {
  const inner = body.trim();
  return lone(mark, inner) ?? mark + grouped(inner.replace(/\\[A-Za-z]+\s+(?=\S)/g, ''));
}

function lone(mark: string, body: string): string | undefined {
  return mark === '^' && body === '∘' ? '°' : script(mark, body);
}

/** In parentheses, unless it is one word. */
export function grouped(body: string): string {
  return /^[\p{L}\p{N}\p{M}_^.\\]*$/u.test(body) ? body : `(${body})`;
}
