// Ridge regression within days over sparse rows: what a day has in common is taken out of rows and targets.

export type SparseRow = { readonly columns: Uint32Array; readonly values: Float64Array };

export type Problem = {
  readonly rows: readonly SparseRow[];
  /** Which day each row is of: 0, 1, 2 … */
  readonly days: readonly number[];
  readonly targets: readonly number[];
  /** How much each row counts; the same for all rows of a day. */
  readonly weights: readonly number[];
  /** What each column's weight costs. */
  readonly penalties: Float64Array;
};

const STEPS = 60;

/** The weights, by conjugate gradients with the diagonal as the preconditioner. */
export function ridge({ rows, days, targets, weights: counts, penalties }: Problem): Float64Array {
  const within = (values: Float64Array) => centred(values, days).map((value, row) => value * at(counts, row));
  const apply = (vector: Float64Array) => {
    const result = transposed(rows, within(times(rows, vector)), penalties.length);
    for (let index = 0; index < result.length; index++)
      result[index] = at(result, index) + at(penalties, index) * at(vector, index);
    return result;
  };
  const scale = diagonal(rows, penalties);
  const weights = new Float64Array(penalties.length);
  const residual = transposed(rows, within(Float64Array.from(targets)), penalties.length);
  const direction = residual.map((value, index) => value / at(scale, index));
  let size = dot(residual, direction);
  const enough = size * 1e-10;
  for (let step = 0; step < STEPS && size > enough; step++) {
    const image = apply(direction);
    const length = size / dot(direction, image);
    addTimes(weights, direction, length);
    addTimes(residual, image, -length);
    const scaled = residual.map((value, index) => value / at(scale, index));
    const next = dot(residual, scaled);
    for (let index = 0; index < direction.length; index++)
      direction[index] = at(scaled, index) + (next / size) * at(direction, index);
    size = next;
  }
  return weights;
}

function times(rows: readonly SparseRow[], vector: Float64Array): Float64Array {
  return Float64Array.from(rows, ({ columns, values }) => {
    let sum = 0;
    for (let index = 0; index < columns.length; index++)
      sum += at(values, index) * at(vector, at(columns, index));
    return sum;
  });
}

/** The values less the mean of their day. */
export function centred(values: Float64Array, days: readonly number[]): Float64Array {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [index, value] of values.entries()) {
    const day = days[index] ?? 0;
    const { sum, count } = sums.get(day) ?? { sum: 0, count: 0 };
    sums.set(day, { sum: sum + value, count: count + 1 });
  }
  return values.map((value, index) => {
    const { sum, count } = sums.get(days[index] ?? 0) ?? { sum: 0, count: 1 };
    return value - sum / count;
  });
}

function transposed(rows: readonly SparseRow[], vector: Float64Array, width: number): Float64Array {
  const result = new Float64Array(width);
  for (const [row, { columns, values }] of rows.entries()) {
    for (let index = 0; index < columns.length; index++) {
      const column = at(columns, index);
      result[column] = at(result, column) + at(values, index) * at(vector, row);
    }
  }
  return result;
}

function diagonal(rows: readonly SparseRow[], penalties: Float64Array): Float64Array {
  const result = Float64Array.from(penalties);
  for (const { columns, values } of rows) {
    for (let index = 0; index < columns.length; index++) {
      const column = at(columns, index);
      result[column] = at(result, column) + at(values, index) ** 2;
    }
  }
  return result;
}

function addTimes(target: Float64Array, vector: Float64Array, by: number): void {
  for (let index = 0; index < target.length; index++)
    target[index] = at(target, index) + by * at(vector, index);
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += at(one, index) * at(other, index);
  return sum;
}

function at(numbers: ArrayLike<number>, index: number): number {
  return numbers[index] ?? 0;
}
