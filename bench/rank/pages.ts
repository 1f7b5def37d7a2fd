// Task P: the live page's order days later, in place of the votes weeks later that few recorded days have.
import { type BenchDay, type Row, readLines, seenInTheMorning } from './rows.ts';

type Page = {
  readonly date: string;
  readonly lagHours: number;
  /** In the order of votes. */
  readonly ids: readonly string[];
};

/** A page read earlier is that of task A's labels, or before. */
const LEAST_LAG = 28;
const FEWEST_PAPERS = 10;

/** The last page of each date in DIR. */
export function readPages(dir: string): Page[] {
  const pages = (readLines(dir, ['date', 'lagHours', 'ids']) as Page[]).filter(
    ({ lagHours }) => lagHours >= LEAST_LAG,
  );
  return [...Map.groupBy(pages, ({ date }) => date).values()].flatMap(
    (ofDay) => ofDay.toSorted((one, other) => other.lagHours - one.lagHours)[0] ?? [],
  );
}

/** Labels are how many papers of the page stand behind one: of the measures only tau-b means something. */
export function pageDays(rows: readonly Row[], pages: readonly Page[]): BenchDay[] {
  const byDate = Map.groupBy(rows, ({ date }) => date);
  return pages
    .map(({ date, ids }) => {
      const behind = new Map(ids.map((id, index) => [id, ids.length - 1 - index]));
      const seen = seenInTheMorning(byDate.get(date) ?? [], (id) => behind.has(id));
      return { date, rows: seen, labels: seen.map(({ arxivId }) => behind.get(arxivId) ?? 0) };
    })
    .filter((day) => day.rows.length >= FEWEST_PAPERS)
    .sort((one, other) => (one.date < other.date ? -1 : 1));
}
