import { stringify } from 'csv-stringify/sync';
import { parseAddress } from '../domain/address.ts';
import { isTimeZone } from '../domain/day.ts';
import { formatDays, parseDays } from '../domain/days.ts';
import { isDeliverAt, type Preferences, type Subscriber } from '../domain/subscriber.ts';

export const COLUMNS = ['email', 'name', 'timezone', 'deliver_at', 'days', 'topics'] as const;

/** One line as it stands in the file, by column. */
export type CsvRecord = { readonly [column in (typeof COLUMNS)[number]]?: string };

export type CsvReader = Preferences & Pick<Subscriber, 'email' | 'name' | 'topics'>;

/**
 * Reads one line. Empty cells take the defaults.
 * @returns the reader, or one sentence for each cell that is wrong
 */
export function readRecord(
  record: CsvRecord,
  defaults: Pick<Preferences, 'timezone' | 'deliverAt'>,
): CsvReader | string[] {
  const cell = (column: keyof CsvRecord) => plainCell(record[column] ?? '');
  const email = parseAddress(cell('email'));
  const timezone = cell('timezone') || defaults.timezone;
  const deliverAt = padHour(cell('deliver_at') || defaults.deliverAt);
  const days = parseDays(cell('days'));
  const problems: string[] = [];
  const wrong = (column: keyof CsvRecord, expected: string) =>
    problems.push(`${column} is ${JSON.stringify(cell(column).slice(0, 80))}, expected ${expected}`);
  if (email === undefined) wrong('email', 'an address such as ada@example.org');
  if (!isTimeZone(timezone)) wrong('timezone', 'an IANA name such as Europe/Berlin');
  if (!isDeliverAt(deliverAt)) wrong('deliver_at', 'a time HH:MM in steps of 30 minutes such as 07:30');
  if (days === undefined) wrong('days', 'nothing, weekdays, weekly, or days such as mon wed fri');
  if (/\p{Cc}/u.test(cell('name')) || cell('name').length > 200)
    wrong('name', 'one line of at most 200 characters');
  if (email === undefined || days === undefined || problems.length > 0) return problems;
  const topics = cell('topics')
    .split(';')
    .map((topic) => topic.trim());
  return { email, name: cell('name'), timezone, deliverAt, days, topics: topics.filter(Boolean) };
}

/** The header line of an export. */
export function csvHeader(): string {
  return stringify([COLUMNS.slice()]);
}

/** Lines of an export: importing them again changes nothing. */
export function formatReaders(readers: readonly CsvReader[]): string {
  return stringify(readers.map(cellsOf));
}

function cellsOf(reader: CsvReader): string[] {
  const { email, name, timezone, deliverAt, days, topics } = reader;
  return [email, name, timezone, deliverAt, formatDays(days), topics.join(';')].map(safeCell);
}

/** A spreadsheet runs cells that begin with these as formulas; the quote makes them text, one more keeps a quote. */
function safeCell(text: string): string {
  return /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function plainCell(text: string): string {
  return text.trim().replace(/^'(?='*[=+\-@\t\r])/, '');
}

function padHour(text: string): string {
  return /^\d:\d\d$/.test(text) ? `0${text}` : text;
}
