// Learns the prior and the weights of the trend from recorded days.
import { CONTENT_FEATURES, type FeatureName, type Features } from '../../src/ranking/content-features.ts';
import type { FeatureWeight, PackedModel, TrendWeights } from '../../src/ranking/model.ts';
import type { Example } from './examples.ts';
import { mean } from './metrics.ts';
import { hoursOf } from './rows.ts';
import { fitTerms, inverseFrequencies, packTerms, type Terms } from './terms.ts';
import { fitTrend } from './trend.ts';

/** A text model, before it is packed. */
export type Fitted = {
  readonly terms: Terms;
  readonly features: ReadonlyMap<FeatureName, FeatureWeight>;
};

const FOLDS = 4;
/** Votes of the same day tell less than those of the day after. */
const SAME_DAY_WEIGHT = 0.4;
/** What did best of 3 to 20, by forward splits in time: the baselines have the same, so that they are as good as they can be. */
const PENALTIES = { terms: 6, features: 5 };

/**
 * What an organization and media add to the prior. Chosen by forward splits in time: 43 days have organizations, too few
 * to learn from in each split, and least squares gives 0.25 and 0.14.
 */
const LISTING: readonly (readonly [FeatureName, FeatureWeight])[] = [
  ['organization', { mean: 0, sd: 1, weight: 0.2 }],
  ['media', { mean: 0, sd: 1, weight: 0.2 }],
];

/** The numbers that ship, from these papers alone. */
export function learn(examples: readonly Example[], name: string): PackedModel {
  const whole = regress(examples, CONTENT_FEATURES);
  const held = heldOutContent(examples);
  const features = [...whole.features, ...LISTING];
  return {
    name,
    words: packTerms(whole.terms),
    textMean: rounded(mean(examples.map(({ words }) => whole.terms.score(words)))),
    features: Object.fromEntries(features.map(([key, value]) => [key, roundedWeight(value)])),
    trend: roundedTrend(fitTrend(trendExamples(examples, held))),
    level: rounded(mean(examples.filter(({ later }) => later).map(({ target }) => target))),
  };
}

/** A ridge regression within days on the words and the named features. */
export function regress(examples: readonly Example[], names: readonly FeatureName[]): Fitted {
  const counts = examples.map(({ words }) => words);
  const scales = new Map(names.map((name) => [name, scaleOf(examples, name)]));
  const plain = examples.map(({ features }) =>
    names.map((name) => {
      const { mean: middle, sd } = scales.get(name) ?? { mean: 0, sd: 1 };
      const value = features[name];
      return value === undefined ? 0 : (value - middle) / sd;
    }),
  );
  const { terms, weights } = fitTerms({
    counts,
    plain,
    idf: inverseFrequencies(counts),
    days: examples.map(({ day }) => day),
    targets: examples.map(({ target }) => target),
    weights: examples.map(({ later }) => (later ? 1 : SAME_DAY_WEIGHT)),
    penalties: PENALTIES,
  });
  const features = new Map(
    names.map((name, index) => [
      name,
      { ...(scales.get(name) ?? { mean: 0, sd: 1 }), weight: weights[index] ?? 0 },
    ]),
  );
  return { terms, features };
}

function scaleOf(examples: readonly Example[], name: FeatureName): { mean: number; sd: number } {
  const values = examples.flatMap(({ features }) => features[name] ?? []);
  const middle = mean(values);
  const sd = Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
  return values.length === 0 ? { mean: 0, sd: 1 } : { mean: middle, sd: sd || 1 };
}

/** What plain numbers add to a score; one that is not known adds nothing. */
export function addedByFeatures(
  learned: Iterable<readonly [string, FeatureWeight]>,
  features: Features,
): number {
  let sum = 0;
  for (const [name, { mean: middle, sd, weight }] of learned) {
    const value = features[name as FeatureName];
    if (value !== undefined) sum += (weight * (value - middle)) / sd;
  }
  return sum;
}

/** The content prior of each example by a model that has not seen its dates. */
function heldOutContent(examples: readonly Example[]): number[] {
  const days = examples.at(-1)?.day ?? 0;
  const foldOf = ({ day }: Example) => Math.floor((day * FOLDS) / (days + 1));
  const content = new Array<number>(examples.length).fill(0);
  for (let fold = 0; fold < FOLDS; fold++) {
    const { terms, features } = regress(
      examples.filter((example) => foldOf(example) !== fold),
      CONTENT_FEATURES,
    );
    const textMean = mean(examples.map(({ words }) => terms.score(words)));
    for (const [index, example] of examples.entries())
      if (foldOf(example) === fold)
        content[index] = terms.score(example.words) - textMean + addedByFeatures(features, example.features);
  }
  return content;
}

function trendExamples(examples: readonly Example[], content: readonly number[]) {
  const sizes = Map.groupBy(
    examples.filter(({ judged }) => judged),
    ({ day }) => day,
  );
  return examples.flatMap((example, index) => {
    if (!example.judged || (sizes.get(example.day)?.length ?? 0) < 10) return [];
    const hours = example.entry.listedAt === undefined ? undefined : hoursOf(example.row);
    return [
      { day: example.day, row: example.row, content: content[index] ?? 0, hours, target: example.target },
    ];
  });
}

function rounded(value: number): number {
  return Number(value.toPrecision(5));
}

function roundedWeight({ mean: middle, sd, weight }: FeatureWeight): FeatureWeight {
  return { mean: rounded(middle), sd: rounded(sd), weight: rounded(weight) };
}

function roundedTrend(trend: TrendWeights): TrendWeights {
  return Object.fromEntries(
    Object.entries(trend).map(([key, value]) => [key, rounded(value)]),
  ) as TrendWeights;
}
