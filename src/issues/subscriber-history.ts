import type { Core } from '../core.ts';
import type { IssueKind } from '../domain/issue.ts';
import { memoizeAsync } from '../domain/memo.ts';
import { DAY, type Instant } from '../domain/time.ts';
import { candidateIds } from '../ledger/candidates.ts';
import { findIssueById } from '../ledger/issues.ts';
import { issuesSentTo } from '../ledger/picks.ts';
import { decodePicks } from '../ranking/pick-for-subscriber.ts';

/** A candidate of today was none more than eight days ago; weekly issues go back one more week. */
const MEMORY: Record<IssueKind, number> = { daily: 10 * DAY, weekly: 17 * DAY };

/** What an earlier issue had: of the common one, and by the place of each candidate. */
type Contents = { readonly common: readonly string[]; readonly ids: readonly (readonly string[])[] };

/**
 * Says which papers subscribers have had in their own earlier issues of a kind, by every id they are known by.
 * What an issue had is read once.
 */
export function subscriberHistory(core: Core, issue: { id: number; kind: IssueKind; frozenAt: Instant }) {
  const known = new Map<number, Promise<Contents>>();
  const contentsOf = (issueId: number) => memoizeAsync(known, issueId, () => readContents(core, issueId));
  const since = issue.frozenAt - MEMORY[issue.kind];
  return async (subscriberIds: readonly number[]): Promise<ReadonlyMap<number, ReadonlySet<string>>> => {
    const papers = new Map<number, Set<string>>();
    const rows = await issuesSentTo(core.store.db, subscriberIds, {
      kind: issue.kind,
      since,
      except: issue.id,
    });
    for (const { subscriberId, issueId, picks } of rows) {
      const { common, ids } = await contentsOf(issueId);
      const alreadySent = papers.get(subscriberId) ?? new Set();
      papers.set(subscriberId, alreadySent);
      const decoded = picks === '' ? undefined : decodePicks(picks);
      const own = decoded ? decoded.flatMap(({ place }) => ids[place] ?? []) : common;
      for (const id of own) alreadySent.add(id);
    }
    return papers;
  };
}

async function readContents(core: Core, issueId: number): Promise<Contents> {
  const row = await findIssueById(core.store.db, issueId);
  return {
    common: row?.issue?.picks.flatMap(({ paper }) => paper.aliases) ?? [],
    ids: await candidateIds(core.store.db, issueId),
  };
}
