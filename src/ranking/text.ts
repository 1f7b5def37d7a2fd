/** How often each bucket occurs; buckets stand for words, or for short runs of letters. */
export type Counts = ReadonlyMap<number, number>;

/** A weight per bucket of one kind of term, and how telling the bucket is (its inverse document frequency). */
export type TermWeights = {
  readonly idf: Float32Array;
  readonly weights: Float32Array;
};

/** Buckets per kind of term: 2^16 keeps collisions rare for the tens of thousands of terms that titles have. */
export const BUCKETS = 1 << 16;

const ADDRESS = /https?:\/\/\S+/;
/** A word with one of them in it is an address as a whole. */
const HOST = /github\.com|github\.io|huggingface\.co/;
// Looking back keeps it from trying a long number again from each of its digits.
const WORD = /[a-z][a-z0-9-]+|(?<!\d)\d+b\b/g;
/** A word of the title counts as two of the abstract's, in a bucket of its own. */
const TITLE_WEIGHT = 2;

/** Counts the words of title and abstract; the title's once more by themselves. Addresses are no words. */
export function countWords(title: string, abstract: string): Counts {
  const counts = new Map<number, number>();
  const titleWords = wordsOf(title);
  for (const word of [...titleWords, ...wordsOf(abstract)]) add(counts, word, 1);
  for (const word of titleWords) add(counts, `T:${word}`, TITLE_WEIGHT);
  return counts;
}

/** What the terms say together: the mean weight of a text of unit length, common terms counting little. */
export function termScore(counts: Counts, { idf, weights }: TermWeights): number {
  let squares = 0;
  let sum = 0;
  for (const [bucket, count] of counts) {
    const value = (1 + Math.log(count)) * (idf[bucket] ?? 0);
    squares += value * value;
    sum += value * (weights[bucket] ?? 0);
  }
  return squares === 0 ? 0 : sum / Math.sqrt(squares);
}

function plain(text: string): string {
  return text.toLowerCase().replace(/\S+/g, (word) => (HOST.test(word) ? ' ' : word.replace(ADDRESS, ' ')));
}

function wordsOf(text: string): string[] {
  return plain(text).match(WORD) ?? [];
}

function add(counts: Map<number, number>, term: string, by: number): void {
  const bucket = bucketOf(term);
  counts.set(bucket, (counts.get(bucket) ?? 0) + by);
}

/** FNV-1a over UTF-16 units, folded: the learned numbers depend on it, so it never changes alone. */
function bucketOf(term: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < term.length; index++)
    hash = Math.imul(hash ^ term.charCodeAt(index), 0x01000193);
  return ((hash >>> 16) ^ hash) & (BUCKETS - 1);
}
