import { texAccent } from './tex-accents.ts';
import { commandCalled, isLayout } from './tex-commands.ts';
import { scripted } from './tex-scripts.ts';
import { symbol } from './tex-symbols.ts';

/** Formulas nest some six groups; what is deeper keeps its letters and loses its shape. */
const DEEPEST = 40;
const FUNCTIONS = new Set(
  (
    'log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan min max lim sup inf limsup ' +
    'liminf det dim ker deg hom arg gcd lcm Pr mod bmod argmin argmax rank span sign sgn tr Tr diag erf Re Im'
  ).split(' '),
);

/** A place in a piece of TeX, in or outside of mathematics. */
type Tex = {
  readonly text: string;
  readonly isMath: boolean;
  /** Where each brace that is closed is closed. */
  readonly closes: ReadonlyMap<number, number>;
  at: number;
  depth: number;
};

/** The inside of TeX mathematics as a line of Unicode: `\pi^0` is π⁰, `1.13\times` is 1.13×. */
export function texMath(math: string): string {
  return readTo(begin(math, true), math.length)
    .trim()
    .replace(/(?<=[([⟨⌊⌈])\s+|\s+(?=[)\]⟩⌋⌉,;])/g, '');
}

/**
 * TeX's commands in running text, with their arguments. What is no command of TeX stays, as `C:\users`, unless it
 * has an argument in braces: then that argument stays.
 */
export function texCommands(text: string): string {
  return text.includes('\\') ? readTo(begin(text, false), text.length) : text;
}

function begin(text: string, isMath: boolean): Tex {
  const closes = new Map<number, number>();
  const open: number[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '{') open.push(at);
    else if (text[at] === '}' && open.length > 0) closes.set(open.pop() ?? 0, at);
  }
  return { text, isMath, closes, at: 0, depth: 0 };
}

function readTo(tex: Tex, end: number): string {
  let out = '';
  while (tex.at < end) out += tex.isMath ? readMath(tex, out) : readText(tex);
  return out;
}

function readText(tex: Tex): string {
  const next = tex.text.indexOf('\\', tex.at);
  const end = next < 0 ? tex.text.length : next;
  const plain = tex.text.slice(tex.at, end);
  tex.at = end;
  return next < 0 ? plain : plain + readCommand(tex, plain);
}

function readMath(tex: Tex, before: string): string {
  const letter = String.fromCodePoint(tex.text.codePointAt(tex.at) ?? 0);
  switch (letter) {
    case '\\':
      return readCommand(tex, before);
    case '{':
      return tex.depth < DEEPEST ? readArgument(tex) : readMathLetter(tex, '');
    case '^':
    case '_':
      tex.at++;
      return scripted(letter, readArgument(tex));
  }
  return readMathLetter(tex, letter);
}

function readMathLetter(tex: Tex, letter: string): string {
  tex.at += letter.length || 1;
  if (letter === '~' || letter === '&') return ' ';
  return letter === '}' || letter === '$' ? '' : letter;
}

/** A group in braces, a command or a single character; nothing at the end of a group. */
function readArgument(tex: Tex): string {
  skipBlanks(tex);
  const letter = tex.text[tex.at];
  if (letter === undefined || letter === '}') return '';
  if (tex.depth >= DEEPEST) return '';
  tex.depth++;
  const argument = letter === '{' ? readGroup(tex) : readMath(tex, '');
  tex.depth--;
  return argument;
}

function readGroup(tex: Tex): string {
  const close = tex.closes.get(tex.at);
  tex.at++;
  if (close === undefined) return '';
  const group = readTo(narrowed(tex, close), close);
  tex.at = close + 1;
  return group;
}

/** The same text up to the end of a group: nothing in it reads further. */
function narrowed(tex: Tex, end: number): Tex {
  return { ...tex, text: tex.text.slice(0, end) };
}

function readOption(tex: Tex): string | undefined {
  if (tex.text[tex.at] !== '[') return undefined;
  const close = tex.text.indexOf(']', tex.at);
  if (close < 0 || close - tex.at > 20) return undefined;
  const option = tex.text.slice(tex.at + 1, close);
  tex.at = close + 1;
  return option;
}

function skipBlanks(tex: Tex): void {
  while (/\s/.test(tex.text[tex.at] ?? '')) tex.at++;
}

/** @param before what the text so far reads as, which decides on blanks */
function readCommand(tex: Tex, before: string): string {
  const name = /^[A-Za-z]+/.exec(tex.text.slice(tex.at + 1, tex.at + 40))?.[0];
  if (name === undefined) return readSign(tex);
  const from = tex.at;
  tex.at += name.length + 1;
  return readNamed(tex, name, before) ?? untouched(tex, from, name);
}

function untouched(tex: Tex, from: number, name: string): string {
  tex.at = from + name.length + 1;
  return tex.text.slice(from, tex.at);
}

function readNamed(tex: Tex, name: string, before: string): string | undefined {
  const starred = tex.text[tex.at] === '*' && tex.text[tex.at + 1] === '{';
  if (starred) tex.at++;
  const command = commandCalled(name);
  const blank = /\s/.test(tex.text[tex.at] ?? '');
  if (command !== undefined && (tex.isMath || tex.closes.has(tex.at))) {
    return command(
      () => readArgument(tex),
      () => readOption(tex),
    );
  }
  const sign = symbol(name);
  if (isLayout(name) && tex.isMath) return skipLayout(tex);
  if (sign !== undefined && !FUNCTIONS.has(name)) return readSymbol(tex, sign, blank, before);
  if (tex.text[tex.at] === '{' && tex.closes.has(tex.at)) return withEmptyGroup(tex, name);
  return tex.isMath ? spacedWord(tex, name, before) : undefined;
}

/** `\LaTeX{}` reads as its name; of any other command that nobody knows the argument alone is kept. */
function withEmptyGroup(tex: Tex, name: string): string {
  const isEmpty = tex.closes.get(tex.at) === tex.at + 1;
  const argument = readArgument(tex);
  return isEmpty ? name : argument;
}

function skipLayout(tex: Tex): string {
  skipBlanks(tex);
  if (tex.text[tex.at] === '.') tex.at++;
  return '';
}

/** A blank that only ends the command is none: `2\times 10` is 2×10, and `x \le y` keeps its blanks. */
function readSymbol(tex: Tex, sign: string, blank: boolean, before: string): string {
  if (tex.text.startsWith('{}', tex.at)) tex.at += 2;
  if (!tex.isMath || !blank) return sign;
  skipBlanks(tex);
  return /\s$/.test(before) ? `${sign} ` : sign;
}

/** Letters beside the name of a function would make another word of it. */
function spacedWord(tex: Tex, name: string, before: string): string {
  const space = /[\p{L}\p{N}\p{M}]$/u.test(before) ? ' ' : '';
  return space + name + (/[\p{L}\p{N}\\]/u.test(tex.text[tex.at] ?? '') ? ' ' : '');
}

function readSign(tex: Tex): string {
  const sign = tex.text[tex.at + 1] ?? '';
  tex.at += 2;
  if (!tex.isMath) return `\\${sign}`;
  if (/[,;:>\s\\]/.test(sign)) return ' ';
  if (/[{}$%&#_]/.test(sign)) return sign;
  if (sign === '|') return '‖';
  return texAccent(sign, () => readArgument(tex)) ?? '';
}
