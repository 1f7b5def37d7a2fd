import type { Day } from '../../domain/day.ts';
import { type Entry, entrySize } from '../../domain/entry.ts';
import { messageOf } from '../../domain/failure.ts';
import { Unchanged } from '../http/politeness.ts';
import { parseHuggingFace } from './huggingface.ts';
import { MOST_ITEMS, MOST_TEXT } from './read-items.ts';
import type { Reading, Source } from './source.ts';

const BASE = 'https://huggingface.co';
const PAGE = 100;
const MOST_PAGES = 20;
const AT_ONCE = 3;

type DayReading = Reading & { readonly day: Day; readonly failure?: unknown; readonly unchanged?: true };

/**
 * Hugging Face's lists of the asked days. A day that cannot be read is a problem of that day; the source fails
 * only with all of them.
 */
export const huggingface: Source = async ({ spec, read, parse, clock, days }) => {
  let [count, size] = [0, 0];
  const page = async (day: Day, number: number): Promise<Reading> => {
    const query = `date=${day}&limit=${PAGE}${number === 0 ? '' : `&p=${number}`}`;
    const reply = await read(`${spec.base ?? BASE}/api/daily_papers?${query}`, 'application/json');
    const reading = await parse(parseHuggingFace, reply, day, { source: spec.name, seenAt: clock() });
    count += reading.entries.length;
    size += reading.entries.reduce((sum, entry) => sum + entrySize(entry), 0);
    return reading;
  };
  const isFull = () => count >= MOST_ITEMS || size >= MOST_TEXT;
  const readings = await inTurns(days, AT_ONCE, (day) => readDay(day, page, isFull));
  const failures = readings.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
  if (failures.length > 0 && failures.length === days.length) throw failures[0];
  const entries = new Map<string, Entry>();
  // A paper that stands under two days keeps the first.
  for (const entry of readings.flatMap((reading) => reading.entries)) {
    if (!entries.has(entry.key)) entries.set(entry.key, entry);
  }
  const problems = readings.flatMap(({ day, problems }) => problems.map((problem) => `${day}: ${problem}`));
  if (isFull()) problems.push(`no more pages were asked for after ${count} papers`);
  // An empty list beside days that have not changed is no quiet source.
  if (entries.size === 0 && problems.length === 0 && readings.some(({ unchanged }) => unchanged))
    throw new Unchanged(spec.name);
  return { entries: [...entries.values()], problems };
};

/** Pages are read until one brings nothing new: a server may give fewer per page than asked, or ignore `p`. */
async function readDay(
  day: Day,
  page: (day: Day, number: number) => Promise<Reading>,
  isFull: () => boolean,
): Promise<DayReading> {
  const entries = new Map<string, Entry>();
  const problems: string[] = [];
  try {
    for (let number = 0; number < MOST_PAGES && !isFull(); number++) {
      const reading = await page(day, number);
      const fresh = reading.entries.filter(({ key }) => !entries.has(key));
      for (const entry of fresh) entries.set(entry.key, entry);
      if (number === 0 || fresh.length > 0) problems.push(...reading.problems);
      if (fresh.length === 0) break;
    }
  } catch (failure) {
    // Pages that have not changed hold papers that were kept last time.
    if (failure instanceof Unchanged) {
      const entriesRead = [...entries.values()];
      return { day, entries: entriesRead, problems, ...(entriesRead.length === 0 && { unchanged: true }) };
    }
    problems.push(messageOf(failure));
    if (entries.size === 0) return { day, entries: [], problems, failure };
  }
  return { day, entries: [...entries.values()], problems };
}

/** Maps with at most `atOnce` under way; the results keep the order of the values. */
async function inTurns<T, R>(
  values: readonly T[],
  atOnce: number,
  work: (value: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = values.entries();
  const worker = async () => {
    for (const [index, value] of queue) results[index] = await work(value);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
