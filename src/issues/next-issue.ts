import type { Core } from '../core.ts';
import type { OwnPicks } from '../domain/issue.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { type Instant, MINUTE } from '../domain/time.ts';
import { type CandidateSet, createCandidateSet } from './candidate-set.ts';
import { nextEdition } from './find-edition.ts';
import { getsCommonIssue, previewPicks, profileNow } from './personal-issue.ts';
import { type Ranking, rankEdition } from './rank-edition.ts';

/** Ranked at most this often, however many subscribers look. */
const FRESH_FOR = 5 * MINUTE;

type Coming = { readonly ranking: Ranking; readonly allCandidates: CandidateSet; readonly at: Instant };

/** What the next daily issue would bring a subscriber, as things stand now. */
export function nextPicks(core: Core): (subscriber: Subscriber) => Promise<OwnPicks> {
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
  return async (subscriber) => {
    const { ranking, allCandidates, at } = await coming();
    const profile = await profileNow(core, subscriber);
    if (getsCommonIssue(profile)) return { picks: ranking.ranked.slice(0, core.config.PICKS), matches: [] };
    return previewPicks(
      core,
      allCandidates,
      { id: -1, kind: 'daily', frozenAt: at },
      { id: subscriber.id, profile },
    );
  };
}

async function prepare(core: Core, now: Instant): Promise<Coming> {
  const ranking = await rankEdition(core, { ...nextEdition(core), freezeAt: now });
  const common = ranking.ranked.slice(0, core.config.PICKS).map(({ paper }) => paper.id);
  return { ranking, allCandidates: await createCandidateSet(core, ranking.allCandidates, common), at: now };
}
