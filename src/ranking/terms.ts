import { normalized } from '../domain/unicode.ts';

/** Words that tie others together: alone they say nothing of a topic. */
const JOINING = new Set(
  (
    'a an and are as at be been but by can for from has have in is it its of on or our that the their these ' +
    'this to was we were which with'
  ).split(' '),
);

const WORD = /[\p{L}\p{N}]+/gu;
const SHORTEST_PLURAL = 4;

/**
 * The words of a text in order: lower case, without accents, parted at hyphens and signs, plurals as
 * singulars. Only plurals are folded: a subscriber who mutes "generation" has not muted "generative".
 */
export function stemsOf(text: string): string[] {
  return (withoutAccents(text).match(WORD) ?? []).map(stem);
}

/** In lower case, accents removed. */
export function withoutAccents(text: string): string {
  return normalized(text, 'NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Whether a stem says something of a topic. */
export function isTelling(stem: string): boolean {
  return stem.length > 1 && !JOINING.has(stem);
}

function stem(word: string): string {
  if (word.length < SHORTEST_PLURAL || !word.endsWith('s')) return word;
  if (/(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies') && word.length > SHORTEST_PLURAL) return `${word.slice(0, -3)}y`;
  return word.endsWith('sses') ? word.slice(0, -2) : word.slice(0, -1);
}

/** FNV-1a over UTF-16 units, folded to 24 bits: the stored vectors depend on it, so it never changes alone. */
export function termId(term: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < term.length; index++)
    hash = Math.imul(hash ^ term.charCodeAt(index), 0x01000193);
  return ((hash >>> 24) ^ hash) & 0xffffff;
}
