// The measures of a full order of a day's papers, and intervals of their means over days.

export const MEASURES = ['NDCG@10', 'tau-b', 'P@5'] as const;
export type Measures = readonly [ndcg: number, tau: number, p5: number];

/** @param order positions of the labels, the best first; @param labels by id in ascending order */
export function measure(order: readonly number[], labels: readonly number[]): Measures {
  const ranked = order.map((index) => labels[index] ?? 0);
  const ideal = [...labels].sort((one, other) => other - one);
  return [gain(ranked) / (gain(ideal) || 1), tauB(ranked), precisionAt5(order, labels)];
}

/** Discounted gain of the first ten, each worth log2(1 + label). */
function gain(labels: readonly number[]): number {
  return labels
    .slice(0, 10)
    .reduce((sum, label, index) => sum + Math.log2(1 + label) / Math.log2(index + 2), 0);
}

/** Kendall's tau-b between position and label; positions have no ties. */
function tauB(ranked: readonly number[]): number {
  let balance = 0;
  let tied = 0;
  for (let first = 0; first < ranked.length; first++) {
    for (let second = first + 1; second < ranked.length; second++) {
      const difference = (ranked[first] ?? 0) - (ranked[second] ?? 0);
      if (difference === 0) tied++;
      else balance += Math.sign(difference);
    }
  }
  const pairs = (ranked.length * (ranked.length - 1)) / 2;
  return pairs === tied ? 0 : balance / Math.sqrt(pairs * (pairs - tied));
}

function precisionAt5(order: readonly number[], labels: readonly number[]): number {
  const best = labels
    .map((label, index) => ({ label, index }))
    .sort((one, other) => other.label - one.label || one.index - other.index)
    .slice(0, 5);
  const first = new Set(order.slice(0, 5));
  return best.filter(({ index }) => first.has(index)).length / 5;
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}

export type Interval = { readonly mean: number; readonly low: number; readonly high: number };

/** The mean with a 95 % interval by drawing days with replacement; the same values give the same interval. */
export function bootstrap(values: readonly number[], rounds: number = 4000): Interval {
  const random = generator(20_251_031);
  const means = Array.from({ length: rounds }, () =>
    mean(values.map(() => values[Math.floor(random() * values.length)] ?? 0)),
  ).sort((one, other) => one - other);
  const at = (share: number) => means[Math.min(rounds - 1, Math.floor(share * rounds))] ?? Number.NaN;
  return { mean: mean(values), low: at(0.025), high: at(0.975) };
}

/** Numbers in [0, 1) from a seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
