// The leading directions of a sparse matrix: subspace iteration on its Gram matrix.
import { generator } from './metrics.ts';

export type SparseRows = readonly ReadonlyMap<number, number>[];

const ROUNDS = 12;

/** One row per column of the matrix, as wide as `size`: the right singular vectors, the strongest first. */
export function directions(rows: SparseRows, columns: number, size: number): Float64Array[] {
  const random = generator(64);
  let space: Float64Array[] = Array.from({ length: size }, () =>
    Float64Array.from({ length: columns }, () => random() - 0.5),
  );
  for (let round = 0; round < ROUNDS; round++)
    space = orthogonal(space.map((direction) => gramTimes(rows, direction)));
  return Array.from({ length: columns }, (_, column) =>
    Float64Array.from(space, (direction) => direction[column] ?? 0),
  );
}

function gramTimes(rows: SparseRows, direction: Float64Array): Float64Array {
  const product = new Float64Array(direction.length);
  for (const row of rows) {
    let along = 0;
    for (const [column, value] of row) along += value * (direction[column] ?? 0);
    for (const [column, value] of row) product[column] = (product[column] ?? 0) + value * along;
  }
  return product;
}

/** Gram-Schmidt, twice for its rounding errors. */
function orthogonal(vectors: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const one of vectors) {
    const rest = one.slice();
    for (const other of [...done, ...done]) {
      const along = dot(rest, other);
      for (let index = 0; index < rest.length; index++)
        rest[index] = (rest[index] ?? 0) - along * (other[index] ?? 0);
    }
    const length = Math.sqrt(dot(rest, rest)) || 1;
    done.push(rest.map((value) => value / length));
  }
  return done;
}

function dot(one: Float64Array, other: Float64Array): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}
