import { normalized } from '../../domain/unicode.ts';

const MARKS: Record<string, string> = {
  "'": '\u0301',
  '`': '\u0300',
  '^': '\u0302',
  '"': '\u0308',
  '~': '\u0303',
  '=': '\u0304',
  '.': '\u0307',
  c: '\u0327',
  v: '\u030c',
  u: '\u0306',
  H: '\u030b',
  k: '\u0328',
  r: '\u030a',
  b: '\u0331',
  d: '\u0323',
};
const LETTERS: Record<string, string> = {
  o: 'ø',
  O: 'Ø',
  ss: 'ß',
  ae: 'æ',
  AE: 'Æ',
  oe: 'œ',
  OE: 'Œ',
  aa: 'å',
  AA: 'Å',
  l: 'ł',
  L: 'Ł',
  i: 'ı',
  j: 'ȷ',
  dh: 'ð',
  DH: 'Ð',
  th: 'þ',
  TH: 'Þ',
  dj: 'đ',
  DJ: 'Đ',
};
const BASE = String.raw`\\[ij](?![A-Za-z])(?:\s(?=\p{Ll}))?|\p{L}`;
const SIGN_ACCENT = new RegExp(String.raw`\\(['\x60^"~=.])(?:\s*\{\s*(${BASE})\s*\}|(${BASE}))`, 'gu');
const LETTER_ACCENT = new RegExp(String.raw`\\([cvuHkrbd])(?:\s*\{\s*(${BASE})\s*\}|\s+(\p{L}))`, 'gu');
const SPECIAL = /\\(o|O|ss|ae|AE|oe|OE|aa|AA|l|L|i|j|dh|DH|th|TH|dj|DJ)(?:\{\}|\s(?=\p{Ll})|(?![A-Za-z]))/gu;

/** TeX's accents and foreign letters (`\'e`, `\"{o}`, `\c{c}`, `\o`) as Unicode, NFC. */
export function texAccents(text: string): string {
  return text
    .replace(/(?<=\p{L})\\'s(?!\p{L})/gu, "'s")
    .replace(SIGN_ACCENT, (raw, mark, braced, bare) => accented(raw, mark, braced ?? bare))
    .replace(LETTER_ACCENT, (raw, mark, braced, bare) => {
      const letter = accented(raw, mark, braced ?? bare);
      // `\d x` may be anything; `\c c` is an accent because the two make one letter.
      return braced === undefined && letter.length > 1 ? raw : letter;
    })
    .replace(SPECIAL, (_, name) => LETTERS[name] ?? '');
}

/** The letter with the accent whose sign (`'`, `"`, `^`) stands behind a backslash; `undefined` when it is none. */
export function texAccent(sign: string, letter: () => string): string | undefined {
  const mark = /\W/.test(sign) ? MARKS[sign] : undefined;
  return mark === undefined ? undefined : accentMark(letter(), mark);
}

/** The mark goes on one letter, which may have scripts behind it; more letters stay without. */
export function accentMark(base: string, mark: string): string {
  const [first = '', ...rest] = Array.from(base);
  const isOne = first !== '' && rest.every((letter) => /[\p{M}\p{Lm}\p{No}⁺⁻₊₋′]/u.test(letter));
  return isOne ? normalized(first + mark, 'NFC') + rest.join('') : base;
}

function accented(raw: string, mark: string, base: string): string {
  const combining = MARKS[mark];
  if (combining === undefined) return raw;
  return normalized(base.replace(/^\\([ij])\s?/, '$1') + combining, 'NFC');
}
