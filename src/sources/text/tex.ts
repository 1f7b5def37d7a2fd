import { texAccents } from './tex-accents.ts';
import { texCommands, texMath } from './tex-math.ts';

const LONGEST_FORMULA = 400;
/** `$$…$$` is how Springer writes every formula, `\(…\)` and `\[…\]` are LaTeX's own. */
const DELIMITED =
  /(?<![\\$])\$\$([^$]{1,400})\$\$(?!\$)|\\\(((?:[^\\]|\\[^()]){1,400})\\\)|\\\[((?:[^\\]|\\[^[\]]){1,400})\\\]/gs;
const TEX = /[\\$~{]|--|``/;

/**
 * TeX as authors type it into titles and abstracts, as plain Unicode: accents, escapes, the commands for
 * type faces, mathematics between dollars. A dollar that is money stays one: `$60 GPUs`, `$5 and $10`.
 */
export function texToUnicode(text: string): string {
  if (!TEX.test(text)) return text;
  const source = text.replace(DELIMITED, (_, dollars, round, square) =>
    square === undefined ? texMath(dollars ?? round) : ` ${texMath(square)} `,
  );
  let done = '';
  let from = 0;
  let open = nextDollar(source, 0);
  while (open >= 0) {
    const close = nextDollar(source, open + 1);
    if (close > 0 && isMath(source, open, close)) {
      done += texText(source.slice(from, open)) + texMath(source.slice(open + 1, close));
      from = close + 1;
      open = nextDollar(source, from);
    } else open = close; // It may open the next formula.
  }
  return done + texText(source.slice(from));
}

function nextDollar(text: string, from: number): number {
  let at = text.indexOf('$', from);
  while (at > 0 && isEscaped(text, at)) at = text.indexOf('$', at + 1);
  return at;
}

/** `\$` is a dollar of money, and `\\$` a line break before a formula. */
function isEscaped(text: string, at: number): boolean {
  return text[at - 1] === '\\' && text[at - 2] !== '\\';
}

/** Whether what stands between two dollars is a formula, and not a price and what follows it up to the next one. */
function isMath(text: string, open: number, close: number): boolean {
  const inside = text.slice(open + 1, close);
  if (inside.trim() === '' || inside.length > LONGEST_FORMULA) return false;
  const isWritten = /\\[A-Za-z]|[\^_]\{|[\^_][^\s^_]/.test(inside);
  if (/^\s|\s$/.test(inside))
    return isWritten && !isPrice(inside) && /^\s/.test(inside) === /\s$/.test(inside);
  // `$\pm$11` is a sign before a number, `$10k-$20k` are two prices.
  if (/\d/.test(text[close + 1] ?? '') && /^[\w(.]/.test(inside)) return false;
  if (isPrice(inside)) return false;
  if (!/\s/.test(inside)) return isWritten || !/.[([–/-]$/.test(inside);
  return /[\\^_=<>{}+|]/.test(inside) || (/^\D/.test(inside) && !/[A-Za-z]{4,}/.test(inside));
}

/** `5 per mail, `, `1,000/`, `20k (`: a number and what is no formula. */
function isPrice(inside: string): boolean {
  return /^\d[\d.,]*(?:[kKMB]|bn)?(?:\s+(?:[A-Za-z]{2,}|[(/–-])|[([–/-]$)/.test(inside);
}

function texText(text: string): string {
  if (!/[\\~{$]|--|``/.test(text)) return text;
  // A formula whose end was cut off has lost its second dollar.
  const whole = text.replace(/\\(?:cite[a-z]*|ref|eqref)\s*\{[^{}]*\}|(?<!\\)\$(?=\\[A-Za-z])/g, '');
  return texCommands(texAccents(whole))
    .replace(/\btext(?:bf|it|tt|sc|rm)\{([^{}]*)\}/g, '$1')
    .replace(/\{\\(?:bf|it|em|tt|sc|rm|sf|sl)\s+([^{}\s][^{}]*)?\}/g, '$1')
    .replace(/(?<=[\p{L}\p{N})}])([_^])\{([\p{L}\p{N}.,+-]*)\}/gu, '$1$2')
    .replace(/\{([\p{L}\p{M}\p{N}-]{1,40})\}(?=\p{L})|(?<=\p{L})\{([\p{L}\p{M}\p{N}-]{0,40})\}/gu, '$1$2')
    .replace(/(?<=[\p{L}\p{N}.,)])~(?=[\p{L}\p{N}([\\])/gu, ' ')
    .replace(/(?<=[\s($]|^)\\([A-Za-z]{2,})(?:\{\})?/g, '$1')
    .replace(/\\([&%$_#{}])/g, '$1')
    .replace(/\\[ ,;:/](?=\S|$)|\\\\(?=\s|$)/g, ' ')
    .replace(/(?<=[\p{L}\p{N}])\\-(?=\p{L})/gu, '')
    .replace(/(?<![-!<])---(?![->])/g, '—')
    .replace(/(?<=[^\s!<-])--(?=[^\s>-])|(?<=\s)--(?=\s)/g, '–')
    .replace(/``([^`]{1,400}?)(?:''|"|”)/g, '“$1”');
}
