// Task D: what readers know best among papers they rated, told from the papers they wrote.
import { nearness } from '../../src/ranking/similarity.ts';
import { similarity, vectorOf } from '../../src/ranking/vector.ts';
import { generator, type Interval } from './metrics.ts';
import { readerBaselines } from './reader-baselines.ts';
import { readLines } from './rows.ts';
import { interval } from './tasks.ts';

export type SubscriberPaper = { readonly title: string; readonly abstract: string | null };
export type Reader = {
  readonly reader: number | string;
  readonly profile: readonly SubscriberPaper[];
  readonly ratings: readonly (SubscriberPaper & { readonly expertise: number })[];
};

/** Gives each rated paper a score; the higher, the nearer to the reader. */
export type SubscriberRanker = {
  readonly name: string;
  readonly isBaseline: boolean;
  readonly scores: (reader: Reader) => readonly number[];
};

/** Pairs of one reader: how many, and how many were ordered as rated (a tie counts half). */
export type Pairs = { readonly won: number; readonly all: number };

export type ReaderResult = {
  readonly ranker: string;
  readonly isBaseline: boolean;
  readonly readers: readonly Pairs[];
  readonly rankings: readonly {
    readonly task: 'D';
    readonly key: string;
    readonly ranker: string;
    readonly scores: Readonly<Record<string, number>>;
  }[];
};

/** Every reader in DIR. */
export function readReaders(dir: string): Reader[] {
  return readLines(dir, ['reader', 'profile', 'ratings']) as Reader[];
}

const OFFPRINT: SubscriberRanker = {
  name: 'offprint',
  isBaseline: false,
  scores({ profile, ratings }) {
    const likes = profile.map(({ title, abstract }) => vectorOf(title, abstract ?? ''));
    return ratings.map(({ title, abstract }) => {
      const paper = vectorOf(title, abstract ?? '');
      return nearness(likes.map((like) => similarity(like, paper)));
    });
  },
};

/** Ours first, then the baselines, whose frequencies come from the readers' own papers, as in the study. */
export function runReaders(readers: readonly Reader[]): ReaderResult[] {
  return [OFFPRINT, ...readerBaselines(readers)].map(({ name, isBaseline, scores }) => {
    const given = readers.map(scores);
    return {
      ranker: name,
      isBaseline,
      readers: readers.map(({ ratings }, index) => pairsOf(ratings, given[index] ?? [])),
      rankings: readers.map(({ reader }, index) => ({
        task: 'D',
        key: String(reader),
        ranker: name,
        scores: Object.fromEntries((given[index] ?? []).map((score, paper) => [String(paper), score])),
      })),
    };
  });
}

export function pairsOf(ratings: Reader['ratings'], scores: readonly number[]): Pairs {
  let won = 0;
  let all = 0;
  for (const [first, one] of ratings.entries()) {
    for (const [second, other] of ratings.entries()) {
      if (second >= first || one.expertise === other.expertise) continue;
      const agrees = ((scores[first] ?? 0) - (scores[second] ?? 0)) * (one.expertise - other.expertise);
      all++;
      won += agrees > 0 ? 1 : agrees === 0 ? 0.5 : 0;
    }
  }
  return { won, all };
}

/** The mean over all pairs of all readers. */
export function accuracy(readers: readonly Pairs[]): number {
  const sum = (of: (pairs: Pairs) => number) => readers.reduce((total, pairs) => total + of(pairs), 0);
  return sum(({ won }) => won) / sum(({ all }) => all);
}

/** The paired gain with a 95 % interval by drawing readers with replacement. */
function accuracyGain(one: readonly Pairs[], other: readonly Pairs[], rounds = 4000): Interval {
  const random = generator(20_251_031);
  const gains = Array.from({ length: rounds }, () => {
    const drawn = one.map(() => Math.floor(random() * one.length));
    const of = (list: readonly Pairs[]) => accuracy(drawn.flatMap((index) => list[index] ?? []));
    return of(one) - of(other);
  }).sort((left, right) => left - right);
  const at = (share: number) => gains[Math.floor(share * (rounds - 1))] ?? Number.NaN;
  return { mean: accuracy(one) - accuracy(other), low: at(0.025), high: at(0.975) };
}

/** One line per ranker, with our gain over each baseline. */
export function reportReaders(results: readonly ReaderResult[]): string[] {
  const [own] = results;
  if (own === undefined || own.readers.length === 0) return ['Task D: no reader'];
  const pairs = own.readers.reduce((sum, { all }) => sum + all, 0);
  return [
    `Task D: ${own.readers.length} readers, ${pairs} pairs`,
    `  ${'ranker'.padEnd(28)} accuracy   our gain over it`,
    ...results.map(({ ranker, readers }) => {
      const line = `  ${ranker.padEnd(28)} ${accuracy(readers).toFixed(4)}`;
      return ranker === own.ranker ? line : `${line}   ${interval(accuracyGain(own.readers, readers))}`;
    }),
  ];
}
