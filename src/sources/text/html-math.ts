import { accentMark } from './tex-accents.ts';
import { texMath } from './tex-math.ts';
import { grouped, scripted } from './tex-scripts.ts';

/** Elements of HTML and MathML whose text depends on where it stands, and those that hold their arguments together. */
const SHAPED = new Set(
  'sub sup inf msub msup msubsup munder mover munderover mfrac msqrt mroot mrow mi mn mo mtext mstyle tex-math'.split(
    ' ',
  ),
);
const LONGEST_SCRIPT = 12;

/** Whether {@link shaped} says what the element's text is. */
export function isShaped(name: string): boolean {
  return SHAPED.has(name);
}

/**
 * The text of an element that stands above, below or beside others, on one line: x², Tᶜ, 1/2, √x.
 * @param parts the texts in it, one for each element that is shaped itself
 */
export function shaped(name: string, parts: readonly string[]): string {
  const [base = '', second = '', third = ''] = parts.map((part) => part.trim()).filter((part) => part !== '');
  switch (name) {
    case 'sub':
    case 'inf':
      return script('_', parts.join(''));
    case 'sup':
      return script('^', parts.join(''));
    case 'tex-math':
      return formula(parts.join(''));
    case 'mover':
      return marked(base, second);
    case 'msub':
    case 'munder':
      return base + script('_', second);
    case 'msup':
      return base + script('^', second);
    case 'msubsup':
    case 'munderover':
      return base + script('_', second) + script('^', third);
    case 'mfrac':
      return `${grouped(base)}/${grouped(second)}`;
    case 'msqrt':
      return `√${grouped(parts.join('').trim())}`;
    case 'mroot':
      return `${script('^', second)}√${grouped(base)}`;
    default:
      return parts.join('');
  }
}

/** Footnotes and trade marks are no exponents. */
function script(mark: string, text: string): string {
  const body = text.trim().replaceAll('−', '-');
  if (body === '' || body.length > LONGEST_SCRIPT || /[,;<>[\]]|^(?:TM|SM|[®™*†‡§])$/.test(body)) return text;
  return scripted(mark, body);
}

/** Signs that MathML sets over a letter, with the marks that do the same in a line of text. */
const MARKS: Record<string, string> = {
  '^': '\u0302',
  ˆ: '\u0302',
  '~': '\u0303',
  '˜': '\u0303',
  '¯': '\u0304',
  ˉ: '\u0304',
  '‾': '\u0304',
  _: '\u0304',
  '→': '\u20d7',
  '⃗': '\u20d7',
  '˙': '\u0307',
  '¨': '\u0308',
  ˇ: '\u030c',
};

function marked(base: string, over: string): string {
  const mark = MARKS[over];
  return mark === undefined ? base + script('^', over) : accentMark(base, mark);
}

/** Journals put a formula between dollars, or leave them out, or wrap it into a whole document of its own. */
function formula(tex: string): string {
  const inner = /\\begin\{document\}([\s\S]*?)\\end\{document\}/.exec(tex)?.[1] ?? tex;
  const bare = inner.trim().replace(/^\${1,2}|\${1,2}$/g, '');
  return texMath(bare);
}
