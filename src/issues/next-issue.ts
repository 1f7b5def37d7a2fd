import type { Core } from '../core.ts';
import type { OwnPicks } from '../domain/issue.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { type Instant, MINUTE } from '../domain/time.ts';
import { createPool, type ReaderPool } from './candidate-set.ts';
import { upcoming } from './find-edition.ts';
import { pickNow, wantsCommon } from './personal-issue.ts';
import { type Ranking, rankEdition } from './rank-edition.ts';

/** Ranked at most this often, however many readers look. */
const FRESH_FOR = 5 * MINUTE;

type Coming = { readonly ranking: Ranking; readonly pool: ReaderPool; readonly at: Instant };

/** What the next daily issue would bring a reader, as things stand now. */
export function nextPicks(core: Core): (reader: Subscriber) => Promise<OwnPicks> {
  let kept: { readonly at: Instant; readonly coming: Promise<Coming> } | undefined;
  const coming = () => {
    const now = core.clock();
    if (kept && now - kept.at < FRESH_FOR) return kept.coming;
    kept = { at: now, coming: prepare(core, now) };
    kept.coming.catch(() => {
      kept = undefined;
    });
    return kept.coming;
  };
  return async (reader) => {
    const { ranking, pool, at } = await coming();
    if (wantsCommon(reader)) return { picks: ranking.ranked.slice(0, core.config.PICKS), matches: [] };
    return pickNow(core, pool, { id: -1, kind: 'daily', frozenAt: at }, reader);
  };
}

async function prepare(core: Core, now: Instant): Promise<Coming> {
  const ranking = await rankEdition(core, { ...upcoming(core), freezeAt: now });
  const common = ranking.ranked.slice(0, core.config.PICKS).map(({ paper }) => paper.id);
  return { ranking, pool: await createPool(core, ranking.pool, common), at: now };
}
