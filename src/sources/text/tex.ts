import { texAccents } from './tex-accents.ts';
import { applyArguments, commands, texMath } from './tex-math.ts';

const DOLLARS = /(?<!\\)\$(?=[^\s$])((?:\\.|[^$\\]){1,400})(?<=\S)\$/gs;
const DISPLAY =
  /(?<![\\$])\$\$([^$]{1,400})\$\$(?!\$)|\\\(((?:[^\\]|\\[^()]){1,400})\\\)|\\\[((?:[^\\]|\\[^[\]]){1,400})\\\]/gs;
const TEX = /[\\$~{]|--|``/;

/**
 * TeX as authors type it into titles and abstracts, as plain Unicode: accents, escapes, the commands for
 * type faces, mathematics between dollars. A dollar that is money stays one: `$60 GPUs`, `$5 and $10`.
 */
export function texToUnicode(text: string): string {
  if (!TEX.test(text)) return text;
  const source = text.replace(
    DISPLAY,
    (_, dollars, round, square) => ` ${texMath(dollars ?? round ?? square)} `,
  );
  let done = '';
  let from = 0;
  DOLLARS.lastIndex = 0;
  for (let match = DOLLARS.exec(source); match; match = DOLLARS.exec(source)) {
    const math = match[1] ?? '';
    if (isMath(math, /\d/.test(source[DOLLARS.lastIndex] ?? ''))) {
      done += texText(source.slice(from, match.index)) + texMath(math);
      from = DOLLARS.lastIndex;
    } else {
      // The closing dollar may open the next formula.
      DOLLARS.lastIndex = match.index + 1;
    }
  }
  return done + texText(source.slice(from));
}

function isMath(inside: string, beforeDigit: boolean): boolean {
  // `$\pm$11` is a sign before a number, `$10k-$20k` are two prices.
  if (beforeDigit && /^[\w(.]/.test(inside)) return false;
  if (/^\d[\d.,]*[kKMB]?\s+(?:[A-Za-z]{2,}|[(/–-])/.test(inside)) return false;
  if (!/\s/.test(inside)) return !/[([–/-]$/.test(inside);
  return /[\\^_=<>{}+|]/.test(inside) || (/^\D/.test(inside) && !/[A-Za-z]{4,}/.test(inside));
}

function texText(text: string): string {
  if (!/[\\~{]|--|``/.test(text)) return text;
  let plain = commandsOf(
    texAccents(text.replace(/\\(?:cite[a-z]*|ref|eqref|label|begin|end)\s*\{[^{}]*\}/g, '')),
  );
  for (let depth = 0; depth < 4 && /\\[A-Za-z]+\*?\s*\{/.test(plain); depth++) plain = applyArguments(plain);
  return plain
    .replace(/\btext(?:bf|it|tt|sc|rm)\{([^{}]*)\}/g, '$1')
    .replace(/\{\\(?:bf|it|em|tt|sc|rm|sf|sl)\s+([^{}\s][^{}]*)?\}/g, '$1')
    .replace(/(?<=[\p{L}\p{N})}])([_^])\{([\p{L}\p{N}.,+-]*)\}/gu, '$1$2')
    .replace(/\{([\p{L}\p{M}\p{N}-]{1,40})\}(?=\p{L})|(?<=\p{L})\{([\p{L}\p{M}\p{N}-]{0,40})\}/gu, '$1$2')
    .replace(/(?<=[\p{L}\p{N}.,)])~(?=[\p{L}\p{N}([\\])/gu, ' ')
    .replace(/(?<=[\s(]|^)\\([A-Za-z]{2,})/g, '$1')
    .replace(/\\([&%$_#{}])/g, '$1')
    .replace(/\\[ ,;:/](?=\S|$)|\\\\(?=\s|$)/g, ' ')
    .replace(/(?<=[\p{L}\p{N}])\\-(?=\p{L})/gu, '')
    .replace(/(?<![-!<])---(?![->])/g, '—')
    .replace(/(?<=[^\s!<-])--(?=[^\s>-])|(?<=\s)--(?=\s)/g, '–')
    .replace(/``([^`]{1,400}?)(?:''|"|”)/g, '“$1”');
}

/** `\href{ADDRESS}{text}` reads as its text; the rest is one character each. */
function commandsOf(text: string): string {
  return commands(text.replace(/\\href\s*\{[^{}]*\}\s*\{([^{}]*)\}/g, '$1'));
}
