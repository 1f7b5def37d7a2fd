// Learns the prior and the weights of the trend from recorded days, and the baselines that have to be learned.
import type { Entry } from '../../src/domain/entry.ts';
import {
  CONTENT_FEATURES,
  type Content,
  type FeatureName,
  type Features,
  featuresOf,
} from '../../src/ranking/content-features.ts';
import type { FeatureWeight, PackedModel, TrendWeights } from '../../src/ranking/model.ts';
import { type Counts, countCharacterNgrams, countWords } from '../../src/ranking/text.ts';
import { mean } from './metrics.ts';
import { entryOf, hoursOf, type Row } from './rows.ts';
import { fitTerms, inverseFrequencies, packTerms, type Terms } from './terms.ts';
import { fitTrend } from './trend.ts';

/** One paper of one day, with the votes that it came to. */
export type Example = {
  readonly date: string;
  readonly day: number;
  readonly row: Row;
  readonly entry: Entry;
  readonly features: Features;
  readonly words: Counts;
  readonly runs: Counts;
  /** ln(1 + upvotes). */
  readonly target: number;
  /** Whether the votes are those of the day after. */
  readonly later: boolean;
  /** Whether a morning's reading of the same paper is there too. */
  readonly judged: boolean;
};

/** The parts of a text model over one kind of term, before they are packed. */
export type Fitted = {
  readonly terms: Terms;
  readonly features: ReadonlyMap<FeatureName, FeatureWeight>;
};

const FOLDS = 8;
const FEWEST_TO_LEARN = 6;
const SAME_DAY_WEIGHT = 0.4;
const TERM_PENALTY = 8;
const FEATURE_PENALTY = 20;
export const FIVE_FEATURES = [
  'authors',
  'title length',
  'abstract length',
  'code',
  'project page',
] as const satisfies readonly FeatureName[];

/**
 * Every paper with the votes of the day after, as the morning saw it where it did; of days without such votes, those
 * that the same day's snapshot has, which count for less.
 */
export function examplesOf(rows: readonly Row[]): Example[] {
  const days = [...Map.groupBy(rows, (row) => row.date)].sort(([one], [other]) => (one < other ? -1 : 1));
  return days.flatMap(([, ofDay], index) => dayExamples(ofDay, index));
}

function dayExamples(rows: readonly Row[], day: number): Example[] {
  const ofKind = (kind: string) =>
    new Map(
      rows
        .filter((row) => row.snapshotKind === kind && row.upvotes !== null)
        .map((row) => [row.arxivId, row]),
    );
  const [morning, later] = [ofKind('same-day'), ofKind('day+1')];
  const labels = later.size >= FEWEST_TO_LEARN ? later : morning;
  if (labels.size < FEWEST_TO_LEARN) return [];
  return [...labels.values()]
    .sort((one, other) => (one.arxivId < other.arxivId ? -1 : 1))
    .map((row) =>
      exampleOf(morning.get(row.arxivId) ?? row, day, {
        target: Math.log1p(row.upvotes ?? 0),
        later: labels === later,
        judged: labels === later && morning.has(row.arxivId),
      }),
    );
}

function exampleOf(row: Row, day: number, known: Pick<Example, 'target' | 'later' | 'judged'>): Example {
  const entry = entryOf(row, true);
  const { title, abstract } = entry;
  const features = featuresOf({ ...entry, day: row.date } satisfies Content);
  return {
    date: row.date,
    day,
    row,
    entry,
    features,
    words: countWords(title, abstract),
    runs: countCharacterNgrams(title),
    ...known,
  };
}

/** The numbers that ship, from these papers alone. */
export function learn(examples: readonly Example[], name: string): PackedModel {
  const whole = fitBoth(examples);
  const text = examples.map((example) => textOf(whole, example));
  const textMean = mean(text);
  const held = heldOutContent(examples);
  return {
    name,
    words: packTerms(halved(whole.words.terms)),
    runs: packTerms(halved(whole.runs.terms)),
    textMean: rounded(textMean),
    features: Object.fromEntries([...whole.features].map(([key, value]) => [key, roundedWeight(value)])),
    trend: roundedTrend(fitTrend(trendExamples(examples, held))),
    level: rounded(mean(examples.filter(({ later }) => later).map(({ target }) => target))),
  };
}

type Both = {
  readonly words: Fitted;
  readonly runs: Fitted;
  /** Of both fits together, as the prior is their mean. */
  readonly features: ReadonlyMap<FeatureName, FeatureWeight>;
};

function fitBoth(examples: readonly Example[]): Both {
  const words = regress(examples, 'words', CONTENT_FEATURES);
  const runs = regress(examples, 'runs', CONTENT_FEATURES);
  const features = new Map(
    [...words.features].map(([name, one]) => [
      name,
      { ...one, weight: (one.weight + (runs.features.get(name)?.weight ?? 0)) / 2 },
    ]),
  );
  return { words, runs, features };
}

/** A ridge regression within days on one kind of term and the named features. */
export function regress(
  examples: readonly Example[],
  kind: 'words' | 'runs',
  names: readonly FeatureName[],
  penalties: { terms: number; features: number } = { terms: TERM_PENALTY, features: FEATURE_PENALTY },
): Fitted {
  const counts = examples.map((example) => example[kind]);
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
    penalties,
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

function textOf({ words, runs }: Both, example: Example): number {
  return (words.terms.score(example.words) + runs.terms.score(example.runs)) / 2;
}

function contentOf(both: Both, example: Example): number {
  const plain = CONTENT_FEATURES.map((name) => {
    const learned = both.features.get(name);
    const value = example.features[name];
    return learned === undefined || value === undefined
      ? 0
      : (learned.weight * (value - learned.mean)) / learned.sd;
  });
  return textOf(both, example) + plain.reduce((sum, value) => sum + value, 0);
}

/** The content prior of each example by a model that has not seen its dates. */
function heldOutContent(examples: readonly Example[]): number[] {
  const days = examples.at(-1)?.day ?? 0;
  const foldOf = ({ day }: Example) => Math.floor((day * FOLDS) / (days + 1));
  const content = new Array<number>(examples.length).fill(0);
  for (let fold = 0; fold < FOLDS; fold++) {
    const both = fitBoth(examples.filter((example) => foldOf(example) !== fold));
    const textMean = mean(examples.map((example) => textOf(both, example)));
    for (const [index, example] of examples.entries())
      if (foldOf(example) === fold) content[index] = contentOf(both, example) - textMean;
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

function halved(terms: Terms): Terms {
  return { ...terms, weights: terms.weights.map((weight) => weight / 2) };
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
