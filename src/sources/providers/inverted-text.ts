/** An abstract is cut after 10,000 characters. */
const MOST_WORDS = 5000;
/** One word may be said to stand in thousands of places. */
const LONGEST_WORD = 100;

/**
 * The text that an inverted index stands for: each word with the places where it occurs, counted from 0. Places
 * that cannot be are left out, and of two words in one place the first stays.
 */
export function invertedText(index: { readonly [word: string]: readonly number[] }): string {
  const words: string[] = [];
  for (const [word, places] of Object.entries(index)) {
    for (const place of places) {
      if (Number.isInteger(place) && place >= 0 && place < MOST_WORDS)
        words[place] ??= word.slice(0, LONGEST_WORD);
    }
  }
  return words.filter((word) => word !== undefined).join(' ');
}
