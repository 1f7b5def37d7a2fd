import { cosine, joined, toUnit, type Vector } from './vector.ts';

/**
 * A way to say how alike papers are: by words, or by embeddings that a service made. Values of one way compare
 * only with each other.
 */
export type Similarity<V> = {
  /** Below it two papers have nothing to do with each other. */
  readonly least: number;
  /** From it on they are about the same. */
  readonly same: number;
  /** Prepares a fixed list; the function gives how alike each is to another paper, 0 where nothing is known. */
  readonly index: (papers: readonly (V | undefined)[]) => (other: V) => Float32Array;
};

/** So many of the liked papers say what a reader wants: the nearest ones, since interests are several. */
const NEAREST = 3;

/** How near a paper is to what a reader likes: the mean of the nearest three. @param alike to each liked paper */
export function nearness(alike: readonly number[]): number {
  return nearnessOfAll(alike.map((value) => Float32Array.of(value)))[0] ?? 0;
}

/** The same for a list of papers at once. @param alike for each liked paper, how alike it is to each of the list */
export function nearnessOfAll(alike: readonly Float32Array[]): Float32Array {
  const means = new Float32Array(alike[0]?.length ?? 0);
  const count = Math.min(NEAREST, alike.length);
  for (let place = 0; place < means.length; place++) {
    let [first, second, third] = [0, 0, 0];
    for (const to of alike) {
      const value = to[place] as number;
      if (value > first) [first, second, third] = [value, first, second];
      else if (value > second) [second, third] = [value, second];
      else if (value > third) third = value;
    }
    means[place] = (first + second + third) / count;
  }
  return means;
}

/** By the words of title and abstract, and the themes that they point to. */
export const BY_WORDS: Similarity<Vector> = {
  least: 0.08,
  same: 0.3,
  index(papers) {
    const postings = postingsOf(papers);
    return (other) => {
      const words = new Float32Array(papers.length);
      for (const [index, term] of other.terms.entries()) {
        const posting = postings.get(term);
        const weight = other.weights[index] as number;
        if (posting === undefined) continue;
        for (let at = 0; at < posting.places.length; at++) {
          const place = posting.places[at] as number;
          words[place] = (words[place] as number) + weight * (posting.weights[at] as number);
        }
      }
      return words.map((value, place) => {
        const paper = papers[place];
        return paper === undefined ? 0 : joined(value, cosine(paper.themes, other.themes));
      });
    };
  },
};

/** By dense embeddings; cosines of most models are above 0.5 for any two papers, so only the differences tell. */
export const BY_EMBEDDINGS: Similarity<Float32Array> = {
  least: 0,
  same: 0.85,
  index(papers) {
    const units = papers.map((paper) => paper && toUnit(paper));
    return (other) => {
      const unit = toUnit(other);
      return Float32Array.from(units, (paper) =>
        paper === undefined ? 0 : Math.max(0, cosine(paper, unit)),
      );
    };
  },
};

type Posting = { readonly places: number[]; readonly weights: number[] };

function postingsOf(papers: readonly (Vector | undefined)[]): Map<number, Posting> {
  const postings = new Map<number, Posting>();
  for (const [place, paper] of papers.entries()) {
    for (const [index, term] of (paper?.terms ?? new Uint32Array()).entries()) {
      const posting = postings.get(term) ?? { places: [], weights: [] };
      posting.places.push(place);
      posting.weights.push(paper?.weights[index] as number);
      postings.set(term, posting);
    }
  }
  return postings;
}
