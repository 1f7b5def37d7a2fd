import { grouped, scripted } from './tex-math.ts';

/** Elements of HTML and MathML whose text depends on where it stands, and those that hold their arguments together. */
const SHAPED = new Set(
  'sub sup msub msup msubsup munder mover munderover mfrac msqrt mroot mrow mi mn mo mtext mstyle'.split(' '),
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
      return script('_', parts.join(''));
    case 'sup':
      return script('^', parts.join(''));
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
