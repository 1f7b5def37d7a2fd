import { DAY, HOUR, type Instant, MINUTE, SECOND } from './time.ts';

/** Never more than `count` in any `per` milliseconds. */
export type RateLimit = { readonly count: number; readonly per: number };

const UNITS: Record<string, number> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** Reads `20/s`; `undefined` for anything else. */
export function parseRate(text: string): RateLimit | undefined {
  const match = /^(\d{1,9})\/([smhd])$/.exec(text);
  const per = UNITS[match?.[2] ?? ''];
  return per === undefined ? undefined : { count: Number(match?.[1]), per };
}

/** Reads `20/s, 5000/h, 50000/d`; empty for no limit; `undefined` for anything else, and for a limit of nothing. */
export function parseRates(text: string): RateLimit[] | undefined {
  const parts = text.split(/[\s,]+/).filter(Boolean);
  const limits = parts.flatMap((part) => parseRate(part) ?? []).filter(({ count }) => count > 0);
  return limits.length === parts.length ? limits : undefined;
}

/** What was sent, as far as limits need it. */
export type RateState = {
  /** When the next may go, by the evenly spaced limits. */
  readonly nextAt: Instant;
  /** How many went in each span of each long limit: `per`, start of the span, count. */
  readonly spans: readonly RateSpan[];
};
export type RateSpan = { readonly per: number; readonly start: Instant; readonly count: number };

/** Limits up to this long are kept by even spacing, longer ones by counting, so that a short issue need not crawl. */
const SPACED = MINUTE;
/** Into how many spans a long limit is cut: the last, cut one counts whole, so up to 1 in 60 is not used. */
const SPANS = 60;
/** How late after its slot a message may go, in ms. */
export const SLOT_LIFE = 40;
/** So much closer may two come on the wire: that, and what a busy machine or the way to the relay may add. */
export const LATENESS = SLOT_LIFE + 80;
/** No slot is given out that is further ahead: whoever finds none asks again. */
const HORIZON = 2 * SECOND;
/** So far apart the clocks of two machines may be. What is still further ahead was written under a clock that has been set back. */
const SKEW = MINUTE;

/**
 * Gives out the next moments at which one message each may go, at most `wanted`, none later than two seconds from now. In any
 * window of a limit's length there are never more than its count, even when each is used up to `LATENESS` late: GCRA without
 * a burst for short limits, a sliding count for long ones.
 * @returns `askAt`, where there is no slot, is when there will be one to give out
 */
export function nextSlots(
  limits: readonly RateLimit[],
  state: RateState,
  now: Instant,
  wanted: number,
): { slots: Instant[]; askAt?: Instant; state: RateState } {
  const spaced = limits.filter(({ per }) => per <= SPACED);
  const counted = limits.filter(({ per }) => per > SPACED);
  const gap = Math.max(0, ...spaced.map(({ count, per }) => (per + LATENESS) / count));
  let nextAt = state.nextAt > now + HORIZON + gap + SKEW ? now + gap : state.nextAt;
  const counts = new Map(state.spans.map((span) => [`${span.per} ${span.start}`, { ...span }]));
  const slots: Instant[] = [];
  let askAt: Instant | undefined;
  while (slots.length < wanted) {
    const at = counted.reduce(
      (time, limit) => firstFree(limit, [...counts.values()], time),
      Math.max(now, nextAt),
    );
    if (at > now + HORIZON) {
      if (slots.length === 0) askAt = at - HORIZON;
      break;
    }
    for (const { per } of counted) {
      const start = Math.floor(at / (per / SPANS)) * (per / SPANS);
      const span = counts.get(`${per} ${start}`) ?? { per, start, count: 0 };
      counts.set(`${per} ${start}`, { ...span, count: span.count + 1 });
    }
    slots.push(at);
    nextAt = at + gap;
  }
  return {
    slots,
    ...(askAt !== undefined && { askAt }),
    state: { nextAt, spans: [...counts.values()].filter(({ per, start }) => start > now - 2 * per) },
  };
}

/** The first moment from `time` on at which the window behind it has room. */
function firstFree({ count, per }: RateLimit, spans: readonly RateSpan[], time: Instant): Instant {
  const width = per / SPANS;
  const own = spans.filter((span) => span.per === per).sort((a, b) => a.start - b.start);
  let at = time;
  for (;;) {
    const inWindow = own.filter(({ start }) => start + width + LATENESS > at - per);
    const sum = inWindow.reduce((total, span) => total + span.count, 0);
    if (sum < count) return at;
    // The oldest span leaves the window.
    at = (inWindow[0]?.start ?? at) + width + LATENESS + per;
  }
}
