import { stringify } from 'csv-stringify/sync';
import { parseAddress } from '../domain/address.ts';
import { isTimeZone } from '../domain/day.ts';
import { isDeliverAt, isOneLine, type Preferences, type Subscriber } from '../domain/subscriber.ts';
import { type Days, formatDays, parseDays } from '../domain/weekdays.ts';
import { checkTopics } from '../papers/topics.ts';

export const COLUMNS = ['email', 'name', 'timezone', 'deliver_at', 'days', 'topics'] as const;

/** One line as it stands in the file, by column; `consent` says how and when it was given, where it is known. */
export type CsvRecord = { readonly [column in (typeof COLUMNS)[number] | 'consent']?: string };

export type CsvSubscriber = Preferences &
  Pick<Subscriber, 'email' | 'name' | 'topics'> & { readonly consent?: string };

export type Defaults = Pick<Preferences, 'timezone' | 'deliverAt'>;

/**
 * Makes what reads the lines of a file. Empty cells take the defaults. It gives the subscriber of a line, or one sentence
 * for each cell that is wrong. Lists are long and name few zones and days: each is looked at once.
 */
export function csvRecordReader(defaults: Defaults): (record: CsvRecord) => CsvSubscriber | string[] {
  const zones = remembered((name) => isTimeZone(name));
  const daysOf = remembered(parseDays);
  const topicsOf = remembered((text: string) => checkTopics(text.split(';')));
  return (record) => readRecord(record, defaults, { isZone: zones, daysOf, topicsOf });
}

type Readings = {
  readonly isZone: (name: string) => boolean;
  readonly daysOf: (text: string) => Days | undefined;
  readonly topicsOf: (text: string) => ReturnType<typeof checkTopics>;
};

function readRecord(
  record: CsvRecord,
  defaults: Defaults,
  { isZone, daysOf, topicsOf }: Readings,
): CsvSubscriber | string[] {
  const cell = (column: keyof CsvRecord) => plainCell(record[column] ?? '');
  const email = parseAddress(cell('email'));
  const timezone = cell('timezone') || defaults.timezone;
  const deliverAt = padHour(cell('deliver_at') || defaults.deliverAt);
  const days = daysOf(cell('days'));
  const consent = cell('consent');
  const { topics, problems: badTopics } = topicsOf(cell('topics'));
  const problems = badTopics.map((problem) => `topics: ${problem}`);
  const wrong = (column: keyof CsvRecord, expected: string) =>
    problems.push(`${column} is ${JSON.stringify(cell(column).slice(0, 80))}, expected ${expected}`);
  if (email === undefined) wrong('email', 'an address such as ada@example.org');
  if (!isZone(timezone)) wrong('timezone', 'an IANA name such as Europe/Berlin');
  if (!isDeliverAt(deliverAt)) wrong('deliver_at', 'a time HH:MM in steps of 30 minutes such as 07:30');
  if (days === undefined) wrong('days', 'nothing, weekdays, weekly, or days such as mon wed fri');
  if (!isOneLine(cell('name'))) wrong('name', 'one line of at most 200 characters');
  if (!isOneLine(consent)) wrong('consent', 'one line of at most 200 characters');
  if (email === undefined || days === undefined || problems.length > 0) return problems;
  const subscriber = { email, name: cell('name'), timezone, deliverAt, days, topics };
  return consent === '' ? subscriber : { ...subscriber, consent };
}

const MOST_REMEMBERED = 1000;

function remembered<Value>(work: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    if (known.has(text)) return known.get(text) as Value;
    const value = work(text);
    if (known.size < MOST_REMEMBERED) known.set(text, value);
    return value;
  };
}

/** The header line of an export. */
export function csvHeader(): string {
  return stringify([COLUMNS.slice()]);
}

/** Lines of an export: importing them again changes nothing. */
export function formatSubscribers(subscribers: readonly CsvSubscriber[]): string {
  return stringify(subscribers.map(cellsOf));
}

function cellsOf(subscriber: CsvSubscriber): string[] {
  const { email, name, timezone, deliverAt, days, topics } = subscriber;
  return [email, name, timezone, deliverAt, formatDays(days), topics.join('; ')].map(safeCell);
}

/**
 * Where a spreadsheet may see a cell begin that it would run as a formula: at the beginning, and after a semicolon, which
 * many of them take for the end of a cell whatever stands around it. Spaces and quotes before it do not count.
 */
const FORMULA = /((?:^|;)[\s"]*)(?='*[=+\-@＝＋－＠])/g;
const MADE_SAFE = /((?:^|;)[\s"]*)'(?='*[=+\-@＝＋－＠])/g;

/** A quote makes it text; one more keeps a quote that is there. `plainCell` takes exactly these quotes away. */
function safeCell(text: string): string {
  return text.replace(FORMULA, "$1'");
}

function plainCell(text: string): string {
  return text.trim().replace(MADE_SAFE, '$1');
}

function padHour(text: string): string {
  return /^\d:\d\d$/.test(text) ? `0${text}` : text;
}
