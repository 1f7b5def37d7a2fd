import type { Paper } from '../domain/paper.ts';
import type { PaperSimilarity } from './diversify.ts';
import { decodeVector, similarity, type Vector, vectorOf } from './vector.ts';

/** How alike papers are by their words; each paper's vector is read, or made where none is stored, once. */
export function likeness(): PaperSimilarity {
  const vectors = new Map<Paper, Vector>();
  const of = (paper: Paper): Vector => {
    const known = vectors.get(paper) ?? storedVector(paper) ?? vectorOf(paper.title, paper.abstract);
    vectors.set(paper, known);
    return known;
  };
  return (one, other) => similarity(of(one), of(other));
}

function storedVector({ features }: Paper): Vector | undefined {
  return features === undefined ? undefined : decodeVector(features.vector);
}
