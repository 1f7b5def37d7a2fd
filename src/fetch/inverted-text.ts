const MOST_WORDS = 20_000;

/**
 * The text that an inverted index stands for: each word with the places where it occurs, counted from 0. Places
 * that cannot be are left out, and of two words in one place the first stays.
 */
export function invertedText(index: { readonly [word: string]: readonly number[] }): string {
  const words: string[] = [];
  for (const [word, places] of Object.entries(index)) {
    for (const place of places) {
      if (Number.isInteger(place) && place >= 0 && place < MOST_WORDS) words[place] ??= word;
    }
  }
  return words.filter((word) => word !== undefined).join(' ');
}
