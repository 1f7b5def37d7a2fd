import { accentMark } from './tex-accents.ts';
import { grouped, scripted } from './tex-scripts.ts';
import { inAlphabet } from './tex-symbols.ts';

/** What a command with arguments reads as. `next` reads its next argument, `option` one in brackets, if there is one. */
export type Command = (next: () => string, option: () => string | undefined) => string;

/** Marks over, under or through their argument. */
const MARKS: Record<string, string> = {
  hat: '\u0302',
  widehat: '\u0302',
  tilde: '\u0303',
  widetilde: '\u0303',
  bar: '\u0304',
  overline: '\u0304',
  vec: '\u20d7',
  overrightarrow: '\u20d7',
  dot: '\u0307',
  ddot: '\u0308',
  dddot: '\u20db',
  check: '\u030c',
  breve: '\u0306',
  acute: '\u0301',
  grave: '\u0300',
  mathring: '\u030a',
  not: '\u0338',
  slashed: '\u0338',
  cancel: '\u0338',
};
const FRACTIONS = ['frac', 'dfrac', 'tfrac', 'cfrac', 'nicefrac', 'sfrac', 'xfrac', 'textfrac', 'flatfrac'];
/** Their arguments are instructions, colours and lengths; the last one of `textcolor` is text again. */
const UNSEEN = [
  'color',
  'label',
  'tag',
  'vspace',
  'hspace',
  'phantom',
  'vphantom',
  'hphantom',
  'begin',
  'end',
];
const UNSEEN_IN_FRONT = ['textcolor', 'href', 'colorbox', 'fontsize', 'scalebox', 'raisebox'];
/** Type faces and the like, which a line of plain text does not have. */
const PLAIN =
  'mathrm mathbf mathit mathsf mathtt mathop mathbin mathrel mathnormal boldsymbol bm pmb text textrm textit textbf ' +
  'textsf texttt textsc textnormal emph operatorname mbox hbox fbox underline ensuremath num si unit ang';
const OVER = ['overset', 'stackrel', 'overbrace'];
/** They stand for nothing, and change the layout or the type face of what comes after them. */
const LAYOUT =
  'left right middle limits nolimits displaystyle textstyle scriptstyle rm bf it tt sc sf sl em cal mathsurround ' +
  'big Big bigg Bigg bigl bigr bigm Bigl Bigr Bigm biggl biggr Biggl Biggr nonumber noindent boldmath hfill ' +
  'protect relax allowbreak nobreak strut null break centering';
const LAYOUTS = new Set(LAYOUT.split(' '));

/** Whether the command of this name reads as nothing. */
export function isLayout(name: string): boolean {
  return LAYOUTS.has(name);
}

/** The command with arguments that has this name, or `undefined`. */
export function commandCalled(name: string): Command | undefined {
  return COMMANDS.get(name);
}

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ...FRACTIONS.map((name) => [name, fraction] as const),
  ...Object.entries(MARKS).map(([name, mark]) => [name, marked(mark)] as const),
  ...UNSEEN.map((name) => [name, unseen] as const),
  ...UNSEEN_IN_FRONT.map((name) => [name, second] as const),
  ...PLAIN.split(' ').map((name) => [name, (next) => next()] satisfies [string, Command]),
  ...OVER.map((name) => [name, over] as const),
  ...(['mathbb', 'mathcal', 'mathscr', 'mathfrak'] as const).map(
    (name) => [name, (next) => inAlphabet(name, next())] satisfies [string, Command],
  ),
  ['Bbb', (next) => inAlphabet('mathbb', next())],
  ['sqrt', (next, option) => `${scripted('^', option() ?? '')}√${grouped(next())}`],
  ['underset', (next) => under(next(), next())],
  ['binom', (next) => `(${next()} choose ${next()})`],
  ['pmod', (next) => `(mod ${next()})`],
  ['ce', (next) => chemical(next())],
  ['textsubscript', (next) => scripted('_', next())],
  ['textsuperscript', (next) => scripted('^', next())],
  ['SI', (next) => `${next()} ${next()}`],
  ['qty', (next) => `${next()} ${next()}`],
  ['texorpdfstring', (next) => firstOf(next(), next())],
]);

function fraction(next: () => string): string {
  return `${grouped(next().trim())}/${grouped(next().trim())}`;
}

function unseen(next: () => string): string {
  next();
  return '';
}

function second(next: () => string): string {
  next();
  return next();
}

function firstOf(first: string, _second: string): string {
  return first;
}

function over(next: () => string): string {
  const above = next();
  return next() + scripted('^', above);
}

function under(below: string, base: string): string {
  return base + scripted('_', below);
}

/** A mark goes on one letter, which may have scripts behind it; more letters stay without. */
function marked(mark: string): Command {
  return (next) => accentMark(next().trim(), mark);
}

/** `H2O` and `SO4^2-` as chemists write them. */
function chemical(formula: string): string {
  return formula.replace(/(?<=[\p{L})\]])\d+/gu, (count) => scripted('_', count));
}
