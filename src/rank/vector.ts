import { isTelling, stemsOf, termId } from './terms.ts';
import shipped from './words.json' with { type: 'json' };

/** What a text is about: terms in ascending order of id with weights, of unit length. */
export type Vector = {
  readonly terms: Uint32Array;
  readonly weights: Float32Array;
};

/** How telling a term is: its inverse document frequency among the papers learned from. */
export type Words = {
  readonly idfOf: (term: number) => number;
};

export type PackedWords = {
  /** The idf of a term that is not among the common ones. */
  readonly rare: number;
  /** What one step of a byte stands for. */
  readonly step: number;
  /** Common terms in Base64: three bytes of id and one of idf each. */
  readonly terms: string;
};

/** The share of a term of the title, of one of the abstract being 1. */
const TITLE_WEIGHT = 2;
/** Two words in a row are told apart from the words alone, and count half. */
const PAIR_WEIGHT = 0.5;
/** More terms do not fit into 1.5 kB of Base64; only the weightiest are kept. */
const MOST_TERMS = 256;
/** Stands before each stored vector; it changes when terms or weights are made in another way. */
const FORMAT = 'v1.';
const BYTES = 4;

/** Vectorises a paper's text: once, when it is fetched. @param words by default the shipped frequencies */
export function vectorOf(title: string, abstract: string, words: Words = SHIPPED_WORDS): Vector {
  const counts = new Map<string, number>();
  for (const term of termsOf(title)) counts.set(term, (counts.get(term) ?? 0) + TITLE_WEIGHT);
  for (const term of termsOf(abstract)) counts.set(term, (counts.get(term) ?? 0) + 1);
  const weights = new Map<number, number>();
  for (const [term, count] of counts) {
    const id = termId(term);
    const share = term.includes(' ') ? PAIR_WEIGHT : 1;
    weights.set(id, (weights.get(id) ?? 0) + share * (1 + Math.log(count)) * words.idfOf(id));
  }
  const kept = [...weights].sort((one, other) => other[1] - one[1] || one[0] - other[0]);
  return unitVector(kept.slice(0, MOST_TERMS));
}

/** Telling words, and telling words that stand side by side. */
export function termsOf(text: string): string[] {
  const stems = stemsOf(text);
  return stems.flatMap((stem, index) => {
    if (!isTelling(stem)) return [];
    const next = stems[index + 1];
    return next !== undefined && isTelling(next) ? [stem, `${stem} ${next}`] : [stem];
  });
}

/** The cosine: 0 for nothing in common, 1 for the same text. An empty text is like nothing. */
export function similarity(one: Vector, other: Vector): number {
  let sum = 0;
  let left = 0;
  let right = 0;
  while (left < one.terms.length && right < other.terms.length) {
    const a = one.terms[left] as number;
    const b = other.terms[right] as number;
    if (a === b) sum += (one.weights[left] as number) * (other.weights[right] as number);
    if (a <= b) left++;
    if (b <= a) right++;
  }
  return Math.min(1, sum);
}

/** Text of at most 1.4 kB to store beside the entry. */
export function encodeVector({ terms, weights }: Vector): string {
  const bytes = Buffer.alloc(terms.length * BYTES);
  const largest = Math.max(...weights, Number.MIN_VALUE);
  for (const [index, term] of terms.entries()) {
    bytes.writeUIntBE(term, index * BYTES, 3);
    bytes[index * BYTES + 3] = Math.max(1, Math.round((255 * (weights[index] ?? 0)) / largest));
  }
  return FORMAT + bytes.toString('base64');
}

/** Undefined for what another version stored, or is no vector: it is made anew from the text. */
export function decodeVector(text: string): Vector | undefined {
  if (!text.startsWith(FORMAT)) return undefined;
  const bytes = Buffer.from(text.slice(FORMAT.length), 'base64');
  if (bytes.length % BYTES !== 0) return undefined;
  return unitVector(
    Array.from({ length: bytes.length / BYTES }, (_, index) => [
      bytes.readUIntBE(index * BYTES, 3),
      bytes[index * BYTES + 3] ?? 0,
    ]),
  );
}

export function unpackWords({ rare, step, terms }: PackedWords): Words {
  const bytes = Buffer.from(terms, 'base64');
  const idf = new Map<number, number>();
  for (let at = 0; at + BYTES <= bytes.length; at += BYTES)
    idf.set(bytes.readUIntBE(at, 3), (bytes[at + 3] ?? 0) * step);
  return { idfOf: (term) => idf.get(term) ?? rare };
}

function unitVector(weighted: readonly (readonly [term: number, weight: number])[]): Vector {
  const sorted = [...weighted].sort((one, other) => one[0] - other[0]);
  const length = Math.hypot(...sorted.map(([, weight]) => weight)) || 1;
  return {
    terms: Uint32Array.from(sorted, ([term]) => term),
    weights: Float32Array.from(sorted, ([, weight]) => weight / length),
  };
}

/** The frequencies that the project ships; `bench/rank/learn-words.ts` makes the file. */
export const SHIPPED_WORDS: Words = unpackWords(shipped);
