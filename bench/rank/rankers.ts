// Every ranker of the benchmark: ours through the front door of src/ranking, and what is known.
import type { RankedPaper } from '../../src/domain/paper.ts';
import { spread } from '../../src/ranking/diversify.ts';
import { likeness } from '../../src/ranking/likeness.ts';
import { mergeEntries } from '../../src/ranking/merge.ts';
import type { Model } from '../../src/ranking/model.ts';
import { rank } from '../../src/ranking/rank.ts';
import { type PackedBaselines, scorerOf } from './fitted.ts';
import { generator } from './metrics.ts';
import { type BenchDay, entryOf, hoursOf, type Row, type Sight } from './rows.ts';

export type Ranker = {
  readonly name: string;
  readonly isBaseline: boolean;
  /** Whether it may run where votes, comments and stars are not to be seen. */
  readonly isBlind: boolean;
  /** The day's ids, the best first. */
  readonly order: (day: BenchDay) => string[];
};

const OURS = 'offprint';
/** As config/table.ts has it. */
const MAX_PER_CATEGORY = 0.5;

export function ours(model: Model, sight: Sight): Ranker {
  return {
    name: OURS,
    isBaseline: false,
    isBlind: sight !== 'all',
    order: (day) => rankedOf(day, model, sight).map(({ paper }) => paper.ids.arxiv ?? paper.id),
  };
}

export function baselines(fitted: PackedBaselines): Ranker[] {
  return [
    { name: 'random', isBaseline: true, isBlind: true, order: randomOrder },
    byScore('newest', true, (row) => -hoursOf(row)),
    byScore('GitHub stars', false, (row) => row.githubStars ?? 0),
    byScore('comments', false, (row) => row.numComments ?? 0),
    byScore('Hacker News', false, (row) => Math.max(0, votes(row) - 1) ** 0.8 / (hoursOf(row) + 2) ** 1.8),
    byScore(
      'Reddit hot',
      false,
      (row) => Math.log10(Math.max(1, votes(row))) - (hoursOf(row) * 3600) / 45_000,
    ),
    byScore('upvotes', false, votes),
    byScore('upvotes/(h+2)^.5', false, (row) => votes(row) / Math.sqrt(hoursOf(row) + 2)),
    byScore('number of authors', true, (row) => row.nAuthors ?? 0),
    byScore('arxiv-sanity (TF-IDF)', true, scorerOf(fitted.sanity)),
    byScore('TF-IDF ridge', true, scorerOf(fitted.tfidf)),
    byScore('TF-IDF ridge + 5', true, scorerOf(fitted.tfidf5)),
  ];
}

/** Ours as an issue of ten picks has it, after spreading and shares. */
export function oursAsMailed(model: Model, sight: Sight): Ranker {
  return {
    name: `${OURS}, as mailed`,
    isBaseline: false,
    isBlind: sight !== 'all',
    order: (day) => {
      const ranked = rankedOf(day, model, sight);
      const options = { picks: 10, maxShare: MAX_PER_CATEGORY, similarity: likeness() };
      return spread(ranked, options).map(({ paper }) => paper.ids.arxiv ?? paper.id);
    },
  };
}

function rankedOf({ rows }: BenchDay, model: Model, sight: Sight): RankedPaper[] {
  // Each row is a paper, also where two have one title.
  const papers = rows.flatMap((row) => mergeEntries([entryOf(row, sight)]));
  const asOf = Math.max(...rows.map((row) => Date.parse(row.snapshotAt)));
  return rank(papers, asOf, new Set(), [], model);
}

function votes(row: Row): number {
  return row.upvotes ?? 0;
}

/** Ties are in order of ids, which says nothing of votes. */
function byScore(name: string, isBlind: boolean, score: (row: Row) => number): Ranker {
  const order = ({ rows }: BenchDay) =>
    rows
      .map((row) => ({ id: row.arxivId, score: score(row) }))
      .sort((one, other) => other.score - one.score || (one.id < other.id ? -1 : 1))
      .map(({ id }) => id);
  return { name, isBaseline: true, isBlind, order };
}

function randomOrder({ date, rows }: BenchDay): string[] {
  const random = generator(Number(date.replaceAll('-', '')));
  return rows
    .map((row) => ({ id: row.arxivId, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ id }) => id);
}
