// The recorded papers as what is learned from: each with what the ranker sees of it and the votes that it came to.
import type { SeenEntry } from '../../src/domain/entry.ts';
import { type Features, featuresOf } from '../../src/ranking/content-features.ts';
import { type Counts, countWords } from '../../src/ranking/text.ts';
import { entryOf, ofKind, type Row } from './rows.ts';

/** One paper of one day, with the votes that it came to. */
export type Example = {
  readonly date: string;
  readonly day: number;
  readonly row: Row;
  readonly entry: SeenEntry;
  readonly features: Features;
  readonly words: Counts;
  /** ln(1 + upvotes). */
  readonly target: number;
  /** Whether the votes are those of the day after. */
  readonly later: boolean;
  /** Whether a morning's reading of the same paper is there too. */
  readonly judged: boolean;
};

const FEWEST_TO_LEARN = 6;

/**
 * Every paper with the votes of the day after, as the morning saw it where it did; of days without such votes, those
 * that the same day's snapshot has.
 */
export function examplesOf(rows: readonly Row[]): Example[] {
  const days = [...Map.groupBy(rows, (row) => row.date)].sort(([one], [other]) => (one < other ? -1 : 1));
  return days.flatMap(([, ofDay], index) => dayExamples(ofDay, index));
}

function dayExamples(rows: readonly Row[], day: number): Example[] {
  const [morning, later] = [ofKind(rows, 'same-day'), ofKind(rows, 'day+1')];
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
  const entry = entryOf(row, 'listing');
  const { title, abstract } = entry;
  return {
    date: row.date,
    day,
    row,
    entry,
    features: featuresOf(entry),
    words: countWords(title, abstract),
    ...known,
  };
}
