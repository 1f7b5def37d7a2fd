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

/** So many of the liked papers say what a subscriber wants: the nearest ones, since interests are several. */
const NEAREST = 3;

/** How near a paper is to what a subscriber likes: the mean of the nearest three. @param alike to each liked paper */
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
      const alike = new Float32Array(papers.length);
      for (let index = 0; index < other.terms.length; index++) {
        const posting = postings.get(other.terms[index] as number);
        if (posting !== undefined) addPosting(alike, posting, other.weights[index] as number);
      }
      for (let place = 0; place < alike.length; place++) {
        const themes = papers[place]?.themes;
        if (themes !== undefined) alike[place] = joined(alike[place] as number, cosine(themes, other.themes));
      }
      return alike;
    };
  },
};

function addPosting(sums: Float32Array, { places, weights }: Posting, weight: number): void {
  for (let at = 0; at < places.length; at++) {
    const place = places[at] as number;
    sums[place] = (sums[place] as number) + weight * (weights[at] as number);
  }
}

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

type Posting = { readonly places: Uint16Array; readonly weights: Float32Array };

function postingsOf(papers: readonly (Vector | undefined)[]): Map<number, Posting> {
  const lists = new Map<number, [place: number, weight: number][]>();
  for (const [place, paper] of papers.entries()) {
    for (const [index, term] of (paper?.terms ?? new Uint32Array()).entries()) {
      const list = lists.get(term) ?? [];
      list.push([place, paper?.weights[index] as number]);
      lists.set(term, list);
    }
  }
  return new Map(
    [...lists].map(([term, list]) => [
      term,
      {
        places: Uint16Array.from(list, ([place]) => place),
        weights: Float32Array.from(list, ([, weight]) => weight),
      },
    ]),
  );
}
