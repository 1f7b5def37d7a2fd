import type { RankedPaper } from '../domain/paper.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { type Instant, MINUTE } from '../domain/time.ts';
import { upcoming } from './editions.ts';
import { rankEdition } from './ranking.ts';
import type { App } from './wire.ts';

/** Ranked at most this often, however many readers look. */
const FRESH_FOR = 5 * MINUTE;

/** What the next issue would bring a reader, as things stand now. */
export type NextIssue = (reader: Subscriber) => Promise<readonly RankedPaper[]>;

export function nextIssue(app: App): NextIssue {
  let kept: { readonly at: Instant; readonly ranked: Promise<readonly RankedPaper[]> } | undefined;
  const common = () => {
    const now = app.clock();
    if (kept && now - kept.at < FRESH_FOR) return kept.ranked;
    const edition = { ...upcoming(app), freezeAt: now };
    kept = { at: now, ranked: rankEdition(app, edition).then(({ ranked }) => ranked) };
    kept.ranked.catch(() => {
      kept = undefined;
    });
    return kept.ranked;
  };
  return async (reader) => (await common()).slice(0, reader.picks ?? app.config.PICKS);
}
