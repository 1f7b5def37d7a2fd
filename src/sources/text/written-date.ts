import { normalized } from '../../domain/unicode.ts';
import { isAside, monthCalled, plainWord, weekdayCalled, zoneCalled } from './date-words.ts';

/** A date as it is written. What is missing was not written, or can be read in more than one way. */
export type WrittenDate = {
  readonly year: number;
  /** 1 to 12. */
  readonly month?: number;
  /** Without it the date is a month or a year. */
  readonly day?: number;
  /** Milliseconds since midnight. */
  readonly time?: number;
  /** Minutes east of UTC, or the name of a zone. */
  readonly zone?: number | string;
  /** The other way to read it, where day and month may have changed places. */
  readonly swapped?: { readonly month: number; readonly day: number };
  /** 1 (Monday) to 7, where it is named. */
  readonly weekday?: number;
};

type Parts = Omit<WrittenDate, 'time' | 'zone'>;

const TIME =
  /(?<![\d:+.-])(\d{1,2})(?::|h|時|시\s?|点|时)(\d{2})(?:(?::|分|분\s?)(\d{2})?)?(?:[.,](\d{1,9}))?(?:초|秒)?\s?(a\.?m\b\.?|p\.?m\b\.?)?(?![\d:])/;
const HOUR = /(?<![\d:+.-])(\d{1,2})\s?(a\.?m\b\.?|p\.?m\b\.?)/;
const HALF_DAY = /午前|上午|오전|午後|下午|오후/;
const AFTERNOON = /^(?:p|午後|下午|오후)/;
const OFFSET = /^\s*(?:gmt|utc|ut)?\s*([+-])\s?(\d{1,2})(?::?(\d{2}))?(?!\d)/;
/** A zone after a date without a time; `-2026` and `-20` are no zones. */
const OFFSET_OF_DAY = /(?<=\d)\s?([+-])(\d{2}):(\d{2})$/;
const ORDINAL = /^(\d{1,2})(?:st|nd|rd|th|er|º|ª|o|a)$/;
const EAST_ASIAN_WEEKDAY = /\s?(?:.曜日?|.요일|(?:星期|周|週).)$/;
const COMMENT = /[([]([^()[\]]*)[)\]]/g;

/** What the text writes, in whatever form; `undefined` when it is none that can be read with certainty. */
export function writtenDate(text: string): WrittenDate | undefined {
  const clean = normalized(normalized(text, 'NFKD'), 'NFC')
    .toLowerCase()
    .replace(/[−–]/g, '-')
    .replace(/\s+/g, ' ')
    .trim();
  const { date, time, zone } = split(spread(clean.replace(COMMENT, ' ').trim()));
  if (time === null) return undefined;
  const parts = dateParts(date.replace(/,/g, ' ').replace(/\s+/g, ' ').trim());
  const named = zone ?? zoneInComment(clean);
  return (
    parts && { ...parts, ...(time !== undefined && { time }), ...(named !== undefined && { zone: named }) }
  );
}

/** `20261020T101500` and `20261020` with signs between their parts. */
function spread(text: string): string {
  return text.replace(
    /^(\d{4})(\d{2})(\d{2})(?:[t ]?(\d{2}):?(\d{2}):?(\d{2})?)?(?=z|[+-]|$| )/,
    (_, year, month, day, hour, minute, second = '00') =>
      `${year}-${month}-${day}${hour === undefined ? '' : `t${hour}:${minute}:${second}`}`,
  );
}

function zoneInComment(text: string): number | undefined {
  const inside = [...text.matchAll(COMMENT)].at(-1)?.[1]?.trim() ?? '';
  return zoneCalled(inside);
}

type Split = { readonly date: string; readonly time?: number | null; readonly zone?: number | string };

/** Parts the time and the zone behind it from the date; `null` for a time that cannot be. */
function split(text: string): Split {
  const found = TIME.exec(text) ?? HOUR.exec(text);
  if (found === null) return withZoneOfDay(text);
  const [, hour, minute, second, fraction, half] = found.length > 3 ? found : [found[0], found[1]];
  const named = HALF_DAY.exec(text)?.[0] ?? half ?? (found.length > 3 ? undefined : found[2]);
  const time = timeOf({ hour, minute, second, fraction, half: named });
  const before = text
    .slice(0, found.index)
    .replace(/[t_]$/, '')
    .replace(/\s-\s*$/, '');
  const { zone, rest } = zoneAt(text.slice(found.index + found[0].length));
  const date = `${before} ${rest}`.replace(HALF_DAY, ' ');
  return { date, time: time ?? null, ...(zone !== undefined && { zone }) };
}

type Time = { readonly [part in 'hour' | 'minute' | 'second' | 'fraction' | 'half']: string | undefined };

/** In milliseconds since midnight. */
function timeOf({ hour = '', minute = '0', second = '0', fraction = '0', half }: Time): number | undefined {
  const isLate = half !== undefined && AFTERNOON.test(half);
  const hours =
    half === undefined || Number(hour) > 12 ? Number(hour) : (Number(hour) % 12) + (isLate ? 12 : 0);
  const seconds = (hours * 60 + Number(minute)) * 60 + Number(second);
  if (Number(minute) > 59 || Number(second) > 60 || seconds > 24 * 3600) return undefined;
  return seconds * 1000 + Math.trunc(Number(`0.${fraction}`) * 1000);
}

function withZoneOfDay(text: string): Split {
  const offset = OFFSET_OF_DAY.exec(text);
  if (offset) return { date: text.slice(0, offset.index), zone: minutesOf(offset) };
  const [, date = text, name = ''] = /^(.*\d)\s?([a-z]{1,4})$/.exec(text) ?? [];
  const zone = zoneCalled(name);
  return zone === undefined ? { date: text } : { date, zone };
}

function minutesOf([, sign, hour, minute = '0']: RegExpExecArray): number {
  return (sign === '-' ? -1 : 1) * (Number(hour) * 60 + Number(minute));
}

/** The zone at the beginning of what follows a time. A name that nobody knows, as some write, counts as UTC. */
function zoneAt(text: string): { zone?: number | string; rest: string } {
  const offset = OFFSET.exec(text);
  if (offset)
    return {
      zone: minutesOf(offset),
      rest: text.slice(offset[0].length).replace(/^\s*(?:z|[a-z]{2,5})\b/, ''),
    };
  const place = /^\s*([a-z]+\/[a-z_]+(?:\/[a-z_]+)?)/.exec(text);
  if (place?.[1]) return { zone: place[1], rest: text.slice(place[0].length) };
  const [all = '', name = ''] = /^\s*([a-z]{1,5})\b/.exec(text) ?? [];
  if (name === '' || monthCalled(name) !== undefined || isAside(name)) return { rest: text };
  return { zone: zoneCalled(name) ?? 0, rest: text.slice(all.length) };
}

/** From the form that says most to the one that says least. */
function dateParts(text: string): Parts | undefined {
  const signs = text
    .replace(/\s*[년年]\s*/, '-')
    .replace(/(?<=-\d{1,2})\s*[월月]\s*/, '-')
    .replace(/(?<=-\d{1,2})\s*[일日]\s*/, ' ')
    .replace(EAST_ASIAN_WEEKDAY, '')
    .replace(/-\s*$/, '')
    .trim();
  return ofNumbers(signs) ?? ofWords(signs);
}

function ofNumbers(text: string): Parts | undefined {
  const { rest, weekday } = withoutWeekday(text);
  const named = weekday === undefined ? {} : { weekday };
  const yearFirst = /^(\d{4})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})\.?$/.exec(rest);
  if (yearFirst) return { ...ymd(yearFirst[1], yearFirst[2], yearFirst[3]), ...named };
  const dots = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\.?$/.exec(rest);
  if (dots) return { ...ymd(dots[3], dots[2], dots[1]), ...named };
  const either = /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})$/.exec(rest);
  if (either) return { ...eitherOrder(Number(either[1]), Number(either[2]), Number(either[3])), ...named };
  const month = /^(\d{4})[-/.](\d{1,2})\.?$/.exec(rest) ?? /^(?:(\d{1,2})[-/.](\d{4}))$/.exec(rest);
  if (month) {
    const [year, number] = Number(month[1]) > 12 ? [month[1], month[2]] : [month[2], month[1]];
    return { year: Number(year), month: Number(number) };
  }
  const years = /^(?:\d{4}[-/])?(\d{4})\.?$/.exec(rest);
  return years ? { year: Number(years[1]) } : undefined;
}

function ymd(year = '', month = '', day = ''): Parts {
  return { year: Number(year), month: Number(month), day: Number(day) };
}

function eitherOrder(one: number, other: number, year: number): Parts {
  if (other > 12) return { year, month: one, day: other };
  if (one > 12 || one === other) return { year, month: other, day: one };
  return { year, month: other, day: one, swapped: { month: one, day: other } };
}

function withoutWeekday(text: string): { rest: string; weekday: number | undefined } {
  const [all = '', word = ''] = /^\s*(\p{L}[\p{L}\p{M}]*)\.?\s+(?=\d)/u.exec(text) ?? [];
  const plain = plainWord(word);
  if (word === '' || !isAside(plain)) return { rest: text, weekday: undefined };
  return { rest: text.slice(all.length), weekday: weekdayCalled(plain) };
}

/** A day, a month's name and a year in any order, perhaps with the day of the week and what joins them. */
function ofWords(text: string): Parts | undefined {
  const words = text.split(/[\s/'’-]+|(?<=\d)\.(?=\s|$)|(?<=\p{L})\.|(?<=\d)(?=[a-z]{3})/u).filter(Boolean);
  const numbers: string[] = [];
  const months: string[] = [];
  for (const word of words.map((each) => plainWord(each).replace(ORDINAL, '$1'))) {
    if (/^\d{1,2}$|^\d{4}$/.test(word)) numbers.push(word);
    else if (monthCalled(word) !== undefined) months.push(word);
    else if (!isAside(word)) return undefined;
  }
  // `mar` is a Tuesday where another month is named.
  const clear =
    months.length === 2 && numbers.length === 2 ? months.filter((word) => !isAside(word)) : months;
  return ofParts(
    clear.flatMap((word) => monthCalled(word) ?? []),
    numbers,
  );
}

function ofParts(months: readonly number[], numbers: readonly string[]): Parts | undefined {
  const years = numbers.filter((number) => number.length === 4);
  const [first = '', second = '', third] = numbers;
  if (third !== undefined || months.length > 2) return undefined;
  const month = months.at(-1);
  if (years.length === 1 && second === '') {
    return { year: Number(first), ...(month !== undefined && { month }) };
  }
  if (months.length !== 1 || month === undefined || second === '') return undefined;
  if (years.length === 1) {
    const day = numbers.find((number) => number.length < 4);
    return { year: Number(years[0]), month, day: Number(day) };
  }
  // RFC 822 has years of two digits, behind the day.
  if (years.length > 0) return undefined;
  const year = Number(second);
  return { year: year + (year < 50 ? 2000 : 1900), month, day: Number(first) };
}
