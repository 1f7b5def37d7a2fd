// The recorded days: one line per (date, paper, snapshot), gzip'd JSON.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { SeenEntry } from '../../src/domain/entry.ts';
import { HOUR } from '../../src/domain/time.ts';

export type Row = {
  readonly date: string;
  readonly arxivId: string;
  readonly title: string;
  readonly abstract: string | null;
  readonly publishedAt: string | null;
  readonly submittedAt: string | null;
  readonly upvotes: number | null;
  readonly numComments: number | null;
  readonly githubRepo: string | null;
  readonly githubStars: number | null;
  readonly projectPage: string | null;
  readonly nAuthors: number | null;
  readonly organization?: string | null;
  readonly hasMedia?: boolean | null;
  readonly snapshotAt: string;
  readonly lagReliable: boolean;
  readonly snapshotKind: string;
};

/** A day's papers as the ranker sees them, by id, and the votes that they turn out to have. */
export type BenchDay = {
  readonly date: string;
  readonly rows: readonly Row[];
  readonly labels: readonly number[];
};

export type LabelKind = 'day+1' | 'late';

const FEWEST_PAPERS = 10;

/** Every row of a daily list in DIR. */
export function readRows(dir: string): Row[] {
  return readLines(dir, ['arxivId', 'date', 'snapshotKind']) as Row[];
}

/** Lines of DIR's files, and of those in its folders, that have the fields: files go by any names. */
export function readLines(dir: string, fields: readonly string[]): object[] {
  const has = (line: object) => fields.every((field) => field in line);
  return linesFiles(dir).flatMap((path) => linesOf(path).filter(has));
}

function linesFiles(dir: string): string[] {
  const entries = readdirSync(dir, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(dir, name));
  return [dir, ...folders].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /\.jsonl(\.gz)?$/.test(name))
      .sort()
      .map((name) => join(folder, name)),
  );
}

function linesOf(path: string): object[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => JSON.parse(line) as object);
}

/** Days with at least ten papers that have both a reliable same-day row and one of the kind that gives labels. */
export function benchDays(
  rows: readonly Row[],
  label: LabelKind,
  fewest: number = FEWEST_PAPERS,
): BenchDay[] {
  return [...Map.groupBy(rows, (row) => row.date)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([date, ofDay]) => dayOf(date, ofDay, label))
    .filter((day) => day.rows.length >= fewest);
}

function dayOf(date: string, rows: readonly Row[], label: LabelKind): BenchDay {
  const labels = ofKind(rows, label);
  const seen = seenInTheMorning(rows, (id) => labels.has(id));
  return { date, rows: seen, labels: seen.map((row) => labels.get(row.arxivId)?.upvotes ?? 0) };
}

/** A date's rows that a ranker sees, by id: those reliably read on the day itself. */
export function seenInTheMorning(rows: readonly Row[], isLabelled: (arxivId: string) => boolean): Row[] {
  return [...ofKind(rows, 'same-day').values()]
    .filter((row) => row.lagReliable && isLabelled(row.arxivId))
    .sort((one, other) => (one.arxivId < other.arxivId ? -1 : 1));
}

/** The rows of a date that one kind of snapshot has with votes, by id. */
export function ofKind(rows: readonly Row[], kind: string): Map<string, Row> {
  return new Map(
    rows.filter((row) => row.snapshotKind === kind && row.upvotes !== null).map((row) => [row.arxivId, row]),
  );
}

/** Hours from the listing to the snapshot; a listing without a time of day counts from the date's midnight. */
export function hoursOf(row: Row): number {
  const at =
    row.submittedAt !== null && hasTimeOfDay(row.submittedAt) ? Date.parse(row.submittedAt) : Number.NaN;
  const start = Number.isNaN(at) ? Date.parse(`${row.date}T00:00:00Z`) : at;
  return Math.max(0, (Date.parse(row.snapshotAt) - start) / HOUR);
}

function hasTimeOfDay(moment: string): boolean {
  return moment.length > 10 && !/T00:00:00(\.0+)?Z?$/.test(moment);
}

/** By how much a listing moment that only copies the paper's own date is before it, at most. */
const COPIED_HOURS = 5;

/**
 * What a ranker sees of a row: all; what the list brings before anybody votes; or only what the paper itself says.
 */
export type Sight = 'all' | 'listing' | 'content';

/** The row as the source would have given it. */
export function entryOf(row: Row, sight: Sight): SeenEntry {
  const publishedAt = row.publishedAt === null ? Number.NaN : Date.parse(row.publishedAt);
  const listedAt = listingMoment(row, publishedAt);
  const seenAt = Date.parse(row.snapshotAt);
  const readings = { upvotes: row.upvotes, comments: row.numComments, stars: row.githubStars } as const;
  return {
    source: 'huggingface',
    key: row.arxivId,
    ids: { arxiv: row.arxivId },
    title: row.title.replace(/\s+/g, ' ').trim(),
    abstract: (row.abstract ?? '').replace(/\s+/g, ' ').trim(),
    authors: Array.from({ length: row.nAuthors ?? 0 }, (_, index) => `Author ${index + 1}`),
    links: {
      ...(row.githubRepo !== null && row.githubRepo !== '' && { code: row.githubRepo }),
      ...(row.projectPage !== null && row.projectPage !== '' && { project: row.projectPage }),
    },
    categories: [],
    ...(sight !== 'content' && listingOf(row)),
    listedOn: row.date,
    ...(listedAt !== undefined && { listedAt }),
    ...(!Number.isNaN(publishedAt) && { publishedAt }),
    firstSeenAt: seenAt,
    signals:
      sight !== 'all'
        ? []
        : (['upvotes', 'comments', 'stars'] as const).flatMap((name) => {
            const value = readings[name];
            return value === null ? [] : [{ name, value, seenAt }];
          }),
  };
}

function listingOf({ organization, hasMedia }: Row): Pick<SeenEntry, 'organization' | 'hasMedia'> {
  return {
    ...(organization && { organization }),
    ...(typeof hasMedia === 'boolean' && { hasMedia }),
  };
}

function listingMoment(row: Row, publishedAt: number): number | undefined {
  if (row.submittedAt === null || !hasTimeOfDay(row.submittedAt)) return undefined;
  const at = Date.parse(row.submittedAt);
  const copied = publishedAt >= at && publishedAt - at <= COPIED_HOURS * HOUR;
  return Number.isNaN(at) || copied ? undefined : at;
}
