import { stringify } from 'csv-stringify/sync';
import { parseAddress, splitMailbox } from '../domain/address.ts';
import { isTimeZone, parseDay, startOfDayUtc } from '../domain/day.ts';
import {
  isDeliverAt,
  isOneLine,
  type Preferences,
  parsePicks,
  type Subscriber,
} from '../domain/subscriber.ts';
import { formatInstant, type Instant, isInstant, parseInstant } from '../domain/time.ts';
import { type Days, formatDays, parseDays } from '../domain/weekdays.ts';
import { checkTopics } from '../papers/topics.ts';
import type { Details } from './subscribers-table.ts';

/** The columns of an export, in their order. */
export const COLUMNS = [
  'email',
  'name',
  'timezone',
  'deliver_at',
  'days',
  'topics',
  'state',
  'language',
  'picks',
  'paused_until',
] as const;

/** `consent` says how and when it was given, where it is known. */
export type Column = (typeof COLUMNS)[number] | 'consent';

/** One line as it stands in the file. */
export type LineCells = { readonly [column in Column]?: string };

export type CsvSubscriber = Details & { readonly consent?: string };

export type Defaults = Pick<Preferences, 'timezone' | 'deliverAt'>;

export type ReadingOptions = {
  /** The list is another program's, whose time zones may be anything: those that are none take the default. */
  readonly isForeign?: boolean;
};

/**
 * Makes what reads the lines of a file. Empty cells take the defaults. It gives the subscriber of a line, or one sentence
 * for each cell that is wrong. Lists are long and name few zones and days: each is looked at once.
 */
export function lineReader(
  defaults: Defaults,
  { isForeign = false }: ReadingOptions = {},
): (cells: LineCells) => CsvSubscriber | string[] {
  const zoneOf = remembered((name) => (isTimeZone(name) ? name : isForeign ? defaults.timezone : undefined));
  const daysOf = remembered(parseDays);
  const topicsOf = remembered((text: string) => checkTopics(text.split(';')));
  return (cells) => readLine(cells, defaults, { zoneOf, daysOf, topicsOf });
}

type Readings = {
  readonly zoneOf: (name: string) => string | undefined;
  readonly daysOf: (text: string) => Days | undefined;
  readonly topicsOf: (text: string) => ReturnType<typeof checkTopics>;
};

function readLine(
  cells: LineCells,
  defaults: Defaults,
  { zoneOf, daysOf, topicsOf }: Readings,
): CsvSubscriber | string[] {
  const problems: string[] = [];
  const cell = (column: Column) => plainCell(cells[column] ?? '');
  const checked = <Value>(column: Column, value: Value | undefined, expected: string): Value => {
    if (value === undefined)
      problems.push(`${column} is ${JSON.stringify(cell(column).slice(0, 80))}, expected ${expected}`);
    return value as Value;
  };
  const line = (column: Column) =>
    checked(column, isOneLine(cell(column)) ? cell(column) : undefined, 'one line of at most 200 characters');
  const { topics, problems: badTopics } = topicsOf(cell('topics'));
  problems.push(...badTopics.map((problem) => `topics: ${problem}`));
  const mailbox = splitMailbox(cell('email'));
  const consent = line('consent');
  const deliverAt = padHour(cell('deliver_at') || defaults.deliverAt);
  const time = 'a time HH:MM in steps of 30 minutes such as 07:30';
  const subscriber = {
    email: checked('email', parseAddress(mailbox.address), 'an address such as ada@example.org'),
    name: line('name') || (isOneLine(mailbox.name) ? mailbox.name : ''),
    timezone: checked(
      'timezone',
      zoneOf(cell('timezone') || defaults.timezone),
      'an IANA name such as Europe/Berlin',
    ),
    deliverAt: checked('deliver_at', isDeliverAt(deliverAt) ? deliverAt : undefined, time),
    days: checked('days', daysOf(cell('days')), 'nothing, weekdays, weekly, or days such as mon wed fri'),
    topics,
    language: checked('language', readLanguage(cell('language')), 'a code such as en or pt-BR'),
    picks: checked('picks', parsePicks(cell('picks')), 'nothing, or a whole number from 1 to 100'),
    pausedUntil: checked(
      'paused_until',
      readPause(cell('paused_until')),
      'a day or a moment such as 2026-08-19T07:00:00Z',
    ),
  };
  if (problems.length > 0) return problems;
  return consent === '' ? subscriber : { ...subscriber, consent };
}

function readLanguage(cell: string): string | undefined {
  return /^$|^[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}$/i.test(cell) ? cell : undefined;
}

function readPause(cell: string): Instant | undefined {
  if (cell === '') return 0;
  const day = parseDay(cell);
  return day === undefined ? parseInstant(cell) : startOfDayUtc(day);
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
export function formatSubscribers(
  subscribers: readonly (CsvSubscriber & Pick<Subscriber, 'state'>)[],
): string {
  return stringify(subscribers.map(cellsOf));
}

function cellsOf(subscriber: CsvSubscriber & Pick<Subscriber, 'state'>): string[] {
  const { email, name, timezone, deliverAt, days, topics, state, language, picks, pausedUntil } = subscriber;
  const wishes = [timezone, deliverAt, formatDays(days), topics.join('; ')];
  return [
    email,
    name,
    ...wishes,
    state,
    language,
    picks === null ? '' : String(picks),
    formatPause(pausedUntil),
  ].map(safeCell);
}

/** With the milliseconds that `formatInstant` leaves out. */
function formatPause(until: Instant): string {
  if (!isInstant(until) || until <= 0) return '';
  return until % 1000 === 0 ? formatInstant(until) : new Date(until).toISOString();
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
