import type { Paper } from '../domain/paper.ts';
import type { Reason } from '../domain/reason.ts';
import type { Instant } from '../domain/time.ts';
import type { CrowdPlace } from './crowd.ts';
import { ageHours, growthOf } from './score.ts';

/** What is known beside the paper's own numbers. */
export type Grounds = {
  /** What people call the source that brought it. */
  readonly label?: string | undefined;
  /** What the prior added to its score. */
  readonly content?: number | undefined;
  /** How it stands among the papers of its day. */
  readonly crowd?: CrowdPlace | undefined;
  /** The title of an earlier pick by the same authors. */
  readonly group?: string | undefined;
  /** Words of its title that the prior likes; asked for only where they are told. */
  readonly words?: () => readonly string[];
};

/** The prior is a reason from about the best eighth of papers on. */
const PROMISING = 0.6;
/** To be among the first of a handful says nothing. */
const FEWEST_OF_A_DAY = 10;
/** Votes of fewer may double by chance. */
const FEWEST_RISING = 6;
const RISING = Math.log(1.5);
const TOPS = [3, 5, 10];

/**
 * Why a paper has its place, made from the numbers that made its score: first how it compares, then what was counted.
 * No number is told twice, and none that stands beside a link (stars, comments).
 */
export function reasonsFor(paper: Paper, asOf: Instant, grounds: Grounds = {}): Reason[] {
  const { upvotes, points } = paper.signals;
  const hours = ageHours(paper, asOf);
  const rising = risingReason(paper);
  const found = [
    upvotes ? crowdReason(grounds.crowd) : undefined,
    rising,
    grounds.group === undefined ? undefined : { key: 'sameGroup', values: { title: grounds.group } },
    upvotes && !rising ? agedReason('upvotes', upvotes, hours) : undefined,
    points ? { key: 'points', values: { count: points } } : undefined,
    upvotes || points ? undefined : freshness(grounds.label ?? paper.categories[0], hours),
    paper.sources.length > 1 ? { key: 'sources', values: { count: paper.sources.length } } : undefined,
    upvotes || points ? undefined : contentReason(grounds),
  ];
  return found.filter((reason) => reason !== undefined);
}

function crowdReason(crowd: CrowdPlace | undefined): Reason | undefined {
  if (crowd === undefined || crowd.of < FEWEST_OF_A_DAY) return undefined;
  if (crowd.place === 1) return { key: crowd.today ? 'mostToday' : 'mostOfDay', values: { of: crowd.of } };
  const top = TOPS.find((limit) => crowd.place <= limit && limit * 3 <= crowd.of);
  return top === undefined ? undefined : { key: 'topOfDay', values: { top, of: crowd.of } };
}

function risingReason({ signals, earlier }: Paper): Reason | undefined {
  const name = signals.upvotes === undefined ? 'points' : 'upvotes';
  const [to = 0, from = 0] = [signals[name], earlier?.[name]];
  if (from === 0 || to < FEWEST_RISING || growthOf(signals, earlier) < RISING) return undefined;
  return { key: 'rising', values: { from, to } };
}

/** Hours up to two days, then days: `48 h` and `2 days` are never beside each other. */
function agedReason(key: string, count: number, hours: number): Reason {
  if (hours < 1) return { key: `${key}.justNow`, values: { count } };
  if (hours < 48) return { key: `${key}.hours`, values: { count, hours: Math.floor(hours) } };
  return { key: `${key}.days`, values: { count, days: Math.floor(hours / 24) } };
}

/** Only what is of today or yesterday is new. */
function freshness(where: string | undefined, hours: number): Reason {
  const key = where === undefined ? 'listed' : 'listedIn';
  const values = where === undefined ? {} : { where };
  if (hours < 1) return { key: `${key}.justNow`, values };
  if (hours < 48) return { key: `${key}.hours`, values: { ...values, count: Math.floor(hours) } };
  return { key: `${key}.days`, values: { ...values, count: Math.floor(hours / 24) } };
}

function contentReason({ content = 0, words }: Grounds): Reason | undefined {
  const telling = content >= PROMISING ? (words?.() ?? []) : [];
  if (telling.length === 0) return undefined;
  return { key: 'content', values: { words: telling.join(', ') } };
}
