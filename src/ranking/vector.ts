import { isTelling, stemsOf, termId } from './terms.ts';
import shippedThemes from './themes.json' with { type: 'json' };
import { type Themes, unpackThemes } from './themes.ts';
import shippedWords from './words.json' with { type: 'json' };

/** What a text is about: its words and the themes they point to, each of unit length (or 0 for no text). */
export type Vector = {
  /** In ascending order. */
  readonly terms: Uint32Array;
  readonly weights: Float32Array;
  readonly themes: Float32Array;
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

/** What themes weigh beside words: chosen on recorded subscribers, see docs/ranking.md. */
const THEME_SHARE = 0.25;
/** A word of the title counts as so many of the abstract's. */
const TITLE_WEIGHT = 2;
/** Two words in a row are told apart from the words alone. */
const PAIR_WEIGHT = 1;
/** More terms do not fit into 1.4 kB of Base64; only the weightiest are kept. */
const MOST_TERMS = 240;
/** Stands before each stored vector; it changes when terms or weights are made in another way. */
const FORMAT = 'v2.';
const BYTES = 4;

/** Vectorises a paper's text: once, when it is fetched. */
export function vectorOf(
  title: string,
  abstract: string,
  words: Words = DEFAULT_WORDS,
  themes: Themes = DEFAULT_THEMES,
): Vector {
  const weights = weightsOf(title, abstract, words);
  const sum = new Float32Array(themes.size);
  for (const [term, weight] of weights) themes.addTo(sum, term, weight);
  const kept = [...weights].sort((one, other) => other[1] - one[1] || one[0] - other[0]);
  return vector(kept.slice(0, MOST_TERMS), sum);
}

/** Each term's share in the text, common terms counting little; not yet of unit length. */
export function weightsOf(title: string, abstract: string, words: Words): Map<number, number> {
  const counts = new Map<string, number>();
  for (const term of termsOf(title)) counts.set(term, (counts.get(term) ?? 0) + TITLE_WEIGHT);
  for (const term of termsOf(abstract)) counts.set(term, (counts.get(term) ?? 0) + 1);
  const weights = new Map<number, number>();
  for (const [term, count] of counts) {
    const id = termId(term);
    const share = term.includes(' ') ? PAIR_WEIGHT : 1;
    weights.set(id, (weights.get(id) ?? 0) + share * (1 + Math.log(count)) * words.idfOf(id));
  }
  return weights;
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

/** 0 for nothing in common, 1 for the same text, less where no word of it has themes: the words' cosine and a share of the themes'. */
export function similarity(one: Vector, other: Vector): number {
  let words = 0;
  let left = 0;
  let right = 0;
  while (left < one.terms.length && right < other.terms.length) {
    const a = one.terms[left] as number;
    const b = other.terms[right] as number;
    if (a === b) words += (one.weights[left] as number) * (other.weights[right] as number);
    if (a <= b) left++;
    if (b <= a) right++;
  }
  return joined(words, cosine(one.themes, other.themes));
}

/** @param words cosine of the words @param themes cosine of the themes */
export function joined(words: number, themes: number): number {
  return Math.max(0, Math.min(1, (words + THEME_SHARE * themes) / (1 + THEME_SHARE)));
}

/** Of vectors of unit length; those of different sizes have nothing in common. */
export function cosine(one: Float32Array, other: Float32Array): number {
  if (one.length !== other.length) return 0;
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += (one[index] as number) * (other[index] as number);
  return sum;
}

/** Text of at most 1.4 kB to store beside the entry. */
export function encodeVector({ terms, weights, themes }: Vector): string {
  const bytes = Buffer.alloc(1 + themes.length + terms.length * BYTES);
  bytes[0] = themes.length;
  const widest = Math.max(...themes.map(Math.abs), Number.MIN_VALUE);
  for (const [index, value] of themes.entries())
    bytes.writeInt8(Math.round((127 * value) / widest), 1 + index);
  const largest = Math.max(...weights, Number.MIN_VALUE);
  for (const [index, term] of terms.entries()) {
    const at = 1 + themes.length + index * BYTES;
    bytes.writeUIntBE(term, at, 3);
    bytes[at + 3] = Math.max(1, Math.round((255 * (weights[index] ?? 0)) / largest));
  }
  return FORMAT + bytes.toString('base64');
}

/** Whether this version stored it. */
export function isCurrentVector(text: string): boolean {
  return text.startsWith(FORMAT);
}

/** Undefined for what another version stored, or is no vector: it is made anew from the text. */
export function decodeVector(text: string): Vector | undefined {
  if (!isCurrentVector(text)) return undefined;
  const bytes = Buffer.from(text.slice(FORMAT.length), 'base64');
  const start = 1 + (bytes[0] ?? 0);
  if (bytes.length < start || (bytes.length - start) % BYTES !== 0) return undefined;
  const weighted: [number, number][] = [];
  for (let at = start; at < bytes.length; at += BYTES)
    weighted.push([bytes.readUIntBE(at, 3), bytes[at + 3] ?? 0]);
  return vector(weighted, Float32Array.from(new Int8Array(bytes.subarray(1, start))));
}

export function unpackWords({ rare, step, terms }: PackedWords): Words {
  const bytes = Buffer.from(terms, 'base64');
  const idf = new Map<number, number>();
  for (let at = 0; at + BYTES <= bytes.length; at += BYTES)
    idf.set(bytes.readUIntBE(at, 3), (bytes[at + 3] ?? 0) * step);
  return { idfOf: (term) => idf.get(term) ?? rare };
}

function vector(
  weighted: readonly (readonly [term: number, weight: number])[],
  themes: Float32Array,
): Vector {
  const sorted = [...weighted].sort((one, other) => one[0] - other[0]);
  return {
    terms: Uint32Array.from(sorted, ([term]) => term),
    weights: toUnit(Float32Array.from(sorted, ([, weight]) => weight)),
    themes: toUnit(themes),
  };
}

export function toUnit(values: Float32Array): Float32Array {
  const length = Math.sqrt(cosine(values, values)) || 1;
  return values.map((value) => value / length);
}

/** What the project ships; `bench/rank/learn-words.ts` makes both files. */
const DEFAULT_WORDS: Words = unpackWords(shippedWords);
const DEFAULT_THEMES: Themes = unpackThemes(shippedThemes);
