import { addDays, type Day, dayAt, isTimeZone, parseDay, startOfDayUtc, weekday } from '../../domain/day.ts';
import { DAY, type Instant, MINUTE } from '../../domain/time.ts';
import { type WrittenDate, writtenDate } from './written-date.ts';

/** The first journal began then: older dates are slips. */
const EARLIEST = Date.UTC(1665, 0, 1);
/** What programs write when no date was set. */
const UNSET = new Set(['1969-12-31', '1970-01-01', '1900-01-01']);
/** Seconds or milliseconds since 1970, from 2001 on. */
const EPOCH = /^(\d{10})(?:\.\d+)?$|^(\d{13})$/;
const LONGEST = 100;

export type FeedDate = {
  readonly at: Instant;
  /** The day as the feed writes it, in its own offset. */
  readonly day: Day;
};

/** `isDay` when a day is named, and not a month or year alone. */
type Read = { readonly date: FeedDate; readonly isDay: boolean } | 'unread' | undefined;

/**
 * Reads a date in the forms that feeds use: ISO 8601, RFC 822, Java's and Drupal's, with the months and days of the
 * common languages, seconds since 1970. Without a zone it is taken as UTC; the machine's own zone is never asked.
 * A month or a year is the last day of it once that is over; before, it says nothing of the day.
 * @returns `undefined` when it is none, one that can be read in two ways, or one that cannot be: over two days after
 *   `now`, before there were journals, or what programs write for "never"
 */
export function feedDate(text: string | undefined, now: Instant): FeedDate | undefined {
  return firstDate([text], now);
}

/** The first of the texts that is a date which can be; one that names a day comes before months and years. */
export function firstDate(texts: readonly (string | undefined)[], now: Instant): FeedDate | undefined {
  const dates = texts.map((text) => readDate(text, now)).filter((read) => typeof read === 'object');
  return (dates.find(({ isDay }) => isDay) ?? dates[0])?.date;
}

/** The text that should be a date and cannot be read, when none of the texts can. */
export function unreadDate(texts: readonly (string | undefined)[], now: Instant): string | undefined {
  const reads = texts.map((text) => readDate(text, now));
  if (reads.some((read) => typeof read === 'object')) return undefined;
  return texts[reads.indexOf('unread')]?.trim();
}

function readDate(text: string | undefined, now: Instant): Read {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return undefined;
  if (trimmed.length > LONGEST) return 'unread';
  const [, seconds, milliseconds] = EPOCH.exec(trimmed) ?? [];
  const moment = seconds ? Number(seconds) * 1000 : Number(milliseconds);
  if (!Number.isNaN(moment)) return known({ at: moment, day: dayAt(moment, 'UTC') }, true, now);
  const written = writtenDate(trimmed);
  if (written === undefined) return 'unread';
  if (written.year === 0) return undefined;
  return written.day === undefined ? endOf(written, now) : dayOf(written, now);
}

function dayOf(written: WrittenDate, now: Instant): Read {
  const ways = [written, ...(written.swapped ? [{ ...written, ...written.swapped }] : [])];
  const dates = ways.flatMap((way) => momentOf(way) ?? []);
  if (dates.length === 0) return 'unread';
  const possible = dates.filter((date) => canBe(date, now));
  const [only, other] = possible.length > 1 ? withWeekday(possible, written.weekday) : possible;
  if (other === undefined || only === undefined) return only && { date: only, isDay: true };
  const later = only.at > other.at ? only : other;
  // Both ways say that it is old: then the later one errs on the safe side.
  return later.at < now - 31 * DAY ? { date: later, isDay: true } : 'unread';
}

function withWeekday(dates: readonly FeedDate[], named: number | undefined): readonly FeedDate[] {
  const fitting = dates.filter(({ day }) => weekday(day) === named);
  return fitting.length === 1 ? fitting : dates;
}

function momentOf({ year, month = 0, day = 0, time = 0, zone = 0 }: WrittenDate): FeedDate | undefined {
  const named = parseDay([year, String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-'));
  if (named === undefined) return undefined;
  if (typeof zone === 'number') return { at: startOfDayUtc(named) + time - zone * MINUTE, day: named };
  if (!isTimeZone(zone)) return { at: startOfDayUtc(named) + time, day: named };
  const midnight = Temporal.PlainDate.from(named).toPlainDateTime();
  return { at: midnight.add({ milliseconds: time }).toZonedDateTime(zone).epochMilliseconds, day: named };
}

/** The last day of a month or year that is over. */
function endOf({ year, month = 12 }: WrittenDate, now: Instant): Read {
  if (month < 1 || month > 12 || year < 1000 || year > 9000) return 'unread';
  const first = `${month === 12 ? year + 1 : year}-${String((month % 12) + 1).padStart(2, '0')}-01`;
  const day = addDays(first, -1);
  return day < dayAt(now, 'UTC') ? known({ day, at: startOfDayUtc(day) }, false, now) : undefined;
}

function known(date: FeedDate, isDay: boolean, now: Instant): Read {
  return canBe(date, now) ? { date, isDay } : undefined;
}

function canBe({ at, day }: FeedDate, now: Instant): boolean {
  return at >= EARLIEST && at <= now + 2 * DAY && !UNSET.has(day);
}
