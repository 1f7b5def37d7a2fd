import { type Day, dayAt, parseDay } from '../../domain/day.ts';
import { DAY, type Instant } from '../../domain/time.ts';

/** Before arXiv, and long after 1970: a date that old means that none was set. */
const EARLIEST = Date.UTC(1991, 0, 1);
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

export type FeedDate = {
  readonly at: Instant;
  /** The day as the feed writes it, in its own offset. */
  readonly day: Day;
};

/**
 * Reads an ISO 8601 or RFC 822 date; without a zone it is taken as UTC.
 * @returns `undefined` when it is none, or one that cannot be: before 1991 or over two days after `now`
 */
export function feedDate(text: string | undefined, now: Instant): FeedDate | undefined {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '' || trimmed.length > 60) return undefined;
  const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ].*)?$/.exec(trimmed);
  const zoned = /(?:[zZ]|[+-]\d{2}:?\d{2}|\b[A-Z]{1,4})$/.test(trimmed);
  const zone = iso ? (trimmed.length > 10 ? 'Z' : '') : ' GMT';
  const at = Date.parse(zoned ? trimmed : trimmed + zone);
  if (Number.isNaN(at) || at < EARLIEST || at > now + 2 * DAY) return undefined;
  return { at, day: parseDay(iso?.[1] ?? writtenDay(trimmed)) ?? dayAt(at, 'UTC') };
}

/** The first of the texts that is a date which can be. */
export function firstDate(texts: readonly (string | undefined)[], now: Instant): FeedDate | undefined {
  return texts.map((text) => feedDate(text, now)).find((date) => date !== undefined);
}

function writtenDay(text: string): string {
  const [, day = '', month = '', year = ''] =
    /\b(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})\b/.exec(text) ?? [];
  const number = MONTHS.indexOf(month.toLowerCase()) + 1;
  return `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`;
}
