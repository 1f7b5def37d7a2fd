import { replacements } from 'unicodeit/ts_dist/js/data.js';

// Only the tables of unicodeit serve: its own replacing goes by prefix (`\log` becomes `łog`) and is slow.
const SYMBOLS = new Map(replacements.map(([command = '', character = '']) => [command, character]));
const MORE = new Map([
  ['dots', '…'],
  ['lVert', '‖'],
  ['rVert', '‖'],
  ['lvert', '|'],
  ['rvert', '|'],
  ['vert', '|'],
  ['mid', '|'],
  ['textless', '<'],
  ['textgreater', '>'],
  ['textdegree', '°'],
  ['textbackslash', '\\'],
  ['textendash', '–'],
  ['textemdash', '—'],
  ['textquoteright', '’'],
  ['textquoteleft', '‘'],
  ['textquotedblleft', '“'],
  ['textquotedblright', '”'],
  ['texttimes', '×'],
  ['textasciitilde', '~'],
  ['textunderscore', '_'],
  ['textmu', 'μ'],
  ['micro', 'μ'],
  ['degree', '°'],
  ['langle', '⟨'],
  ['rangle', '⟩'],
  ['cdot', '·'],
  ['star', '⋆'],
  ['lbrack', '['],
  ['rbrack', ']'],
  ['quad', ' '],
  ['qquad', ' '],
  ['i', 'ı'],
  ['j', 'ȷ'],
]);

/** Both scripts and the double-struck letters that unicodeit names otherwise. */
const ALPHABETS = { mathbb: 'mathbb', mathcal: 'mathcal', mathscr: 'mathcal', mathfrak: 'mathfrak' } as const;

/** The character for the command of this name (`alpha`), or `undefined`. */
export function symbol(name: string): string | undefined {
  return MORE.get(name) ?? SYMBOLS.get(`\\${name}`);
}

/** The text in an alphabet such as `mathbb`; what that alphabet lacks stays as it is. */
export function inAlphabet(name: keyof typeof ALPHABETS, text: string): string {
  const alphabet = ALPHABETS[name];
  return text.replace(/[A-Za-z0-9]/g, (letter) => SYMBOLS.get(`\\${alphabet}{${letter}}`) ?? letter);
}
