import { replacements, subsuperscripts } from 'unicodeit/ts_dist/js/data.js';

// Only the tables of unicodeit serve: its own replacing goes by prefix (`\log` becomes `łog`) and is slow.
const SYMBOLS = pairs(replacements);
const SCRIPTS = pairs(subsuperscripts);
const MORE = new Map([
  ['\\dots', '…'],
  ['\\lVert', '‖'],
  ['\\rVert', '‖'],
  ['\\lvert', '|'],
  ['\\rvert', '|'],
  ['\\textless', '<'],
  ['\\textgreater', '>'],
  ['\\textdegree', '°'],
  ['\\textbackslash', '\\'],
  ['\\textendash', '–'],
  ['\\textemdash', '—'],
  ['\\texttimes', '×'],
  ['\\textasciitilde', '~'],
  ['\\langle', '⟨'],
  ['\\rangle', '⟩'],
  ['\\cdot', '·'],
  ['\\star', '⋆'],
  ['\\quad', ' '],
  ['\\qquad', ' '],
  ['\\i', 'ı'],
  ['\\j', 'ȷ'],
]);

/** The character for a command such as `\alpha` or `\mathbb{R}`, or `undefined`. */
export function symbol(command: string): string | undefined {
  return MORE.get(command) ?? SYMBOLS.get(command);
}

/** The text set as a superscript (`^`) or subscript (`_`), or `undefined` when Unicode lacks a letter of it. */
export function script(mark: string, body: string): string | undefined {
  const letters = Array.from(body, (letter) => SCRIPTS.get(mark + letter));
  return letters.includes(undefined) ? undefined : letters.join('');
}

function pairs(table: readonly string[][]): Map<string, string> {
  return new Map(table.map(([command = '', character = '']) => [command, character]));
}
