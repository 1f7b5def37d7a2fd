import { subsuperscripts } from 'unicodeit/ts_dist/js/data.js';

const SCRIPTS = new Map(subsuperscripts.map(([command = '', character = '']) => [command, character]));
/** Signs that stand raised by themselves: `^\circ` is a degree and `^\dagger` a dagger. */
const RAISED: Record<string, string> = {
  '∘': '°',
  '°': '°',
  '′': '′',
  '′′': '″',
  '″': '″',
  '†': '†',
  '‡': '‡',
  '*': '*',
  '∗': '*',
};

/** What stands after `_` or `^`: raised or lowered letters where Unicode has them all, otherwise `_NN`, `^(a+b)`. */
export function scripted(mark: string, body: string): string {
  const inner = body.trim();
  if (inner === '') return '';
  if (mark === '^' && RAISED[inner] !== undefined) return RAISED[inner];
  return letters(mark, inner.replaceAll('−', '-')) ?? mark + grouped(inner);
}

/** In parentheses, unless it is one word or number, or stands in parentheses already. */
export function grouped(body: string): string {
  return /^(?:[+-]?\d+\.\d+|[\p{L}\p{N}\p{M}_^.]*|\([^()]*\)|\p{So}|\p{Sm})$/u.test(body)
    ? body
    : `(${body})`;
}

function letters(mark: string, body: string): string | undefined {
  // A raised point would be taken for something else: ⁰ᐧ².
  if (body.includes('.')) return undefined;
  const found = Array.from(body, (letter) => SCRIPTS.get(mark + letter));
  return found.includes(undefined) ? undefined : found.join('');
}
