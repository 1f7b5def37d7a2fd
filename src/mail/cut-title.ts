import { clip } from '../domain/clip.ts';

/** A phrase begins with one of these: a title may be cut before it. */
const PHRASE = new Set(
  'for of in on at to by with from via into over under through using towards toward between without within against across along during when where while after before under as'.split(
    ' ',
  ),
);
/** A title is never cut after one of these. */
const LOOSE = new Set([
  ...PHRASE,
  ...'and or but a an the is are be can do does its their our your his her this that these those which who what how why not no vs versus per'.split(
    ' ',
  ),
]);
const PUNCTUATION = /[\s,;:.–—·|/&+(-]+$/u;
/** Before a phrase rather than in the middle of one, where that costs no more than this share of the room. */
const SHORTEST = 0.6;

/**
 * A title in so many characters: whole where it fits, otherwise cut where a phrase ends, and never after an article, a
 * preposition or a colon.
 */
export function cutTitle(title: string, room: number): string {
  if (title.length <= room) return title;
  const words = title.split(' ');
  let fitting = 0;
  for (let length = -1; fitting < words.length; fitting += 1) {
    length += (words[fitting] as string).length + 1;
    if (length > room - 1) break;
  }
  for (let end = fitting; end > 0; end -= 1) {
    const kept = wholePhrase(words.slice(0, end));
    if (kept.length < room * SHORTEST) break;
    if (isPhraseBreak(words, end)) return `${kept}…`;
  }
  const kept = wholePhrase(words.slice(0, fitting));
  return kept === '' || kept.length < room / 3 ? clip(title, room) : `${kept}…`;
}

function isPhraseBreak(words: readonly string[], end: number): boolean {
  return /[;:]$/.test(words[end - 1] ?? '') || PHRASE.has((words[end] ?? '').toLowerCase());
}

/** The words without those at the end that only lead to what is cut off. */
function wholePhrase(words: readonly string[]): string {
  const last = words.findLastIndex((word) => !LOOSE.has(word.replace(PUNCTUATION, '').toLowerCase()));
  return words
    .slice(0, last + 1)
    .join(' ')
    .replace(PUNCTUATION, '');
}
