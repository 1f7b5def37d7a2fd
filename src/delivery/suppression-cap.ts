import type { Core } from '../core.ts';
import type { Db } from '../db/schema.ts';
import { memoizeAsync } from '../domain/memo.ts';
import { giveWay } from '../domain/slices.ts';
import type { Instant } from '../domain/time.ts';
import { HOUR, SECOND } from '../domain/time.ts';
import type { WorkKey } from '../ledger/claims.ts';
import { findIssueById } from '../ledger/issues.ts';
import { countOfDomain, countSuppressed, goingByDomain } from '../ledger/refusals.ts';

/** Fewer than these may always go: dead addresses are found every day. */
const ALWAYS = 20;
/** More of an issue than this share … */
const OF_ISSUE = 0.05;
/** … or of one domain's subscribers, and it is a mistake of somebody else. */
const OF_DOMAIN = 0.3;
/** A domain whose refusals are held is left alone for so long. */
const DOMAIN_REST = HOUR;
/** Held refusals of many domains are tried again after so long. */
const ISSUE_REST = 4 * HOUR;
/** What other processes did is looked at this often. */
const FRESH = SECOND;

/** Whose refusals are held together, and until when. */
export type Held = {
  readonly until: Instant;
  /** Domains that are left alone meanwhile; none where the refusals are many domains'. */
  readonly domains: readonly string[];
  /** Whose refusals that took subscribers off the list are taken back: those of the issue, or of one domain in it. */
  readonly of?: { readonly issueId: number; readonly domain?: string };
};

export type SuppressionCap = {
  /**
   * Whether one more subscriber may be taken off the list, by the refusal of a mail to that domain; otherwise what is held.
   * @param db or the transaction that this is a part of
   */
  check(key: WorkKey, domain: string, db?: Db): Promise<Held | undefined>;
};

/** Of one issue: how many go in all, and of each domain; since the count those that this process let go are added. */
type Going = { total: number; readonly byDomain: Map<string, number>; readonly at: number };

/**
 * Keeps a mistake of a provider from taking a list apart. Of an issue at most twenty subscribers go, or 5 %, and of one
 * domain's at most twenty, or 30 %; by notices at most twenty of a domain within an hour. Counted over all processes, to
 * about a second.
 */
export function createSuppressionCap(core: Core): SuppressionCap {
  const counted = new Map<number, Going>();
  const sizes = new Map<string, Promise<number>>();
  const goingOf = async (db: Db, issueId: number): Promise<Going> => {
    for (const [id, { at }] of counted) if (core.ticks() - at >= FRESH) counted.delete(id);
    const known = counted.get(issueId);
    if (known) return known;
    const byDomain = await goingByDomain(db, issueId);
    const total = [...byDomain.values()].reduce((sum, count) => sum + count, 0);
    const going = { total, byDomain, at: core.ticks() };
    counted.set(issueId, going);
    return going;
  };
  const audienceOf = (db: Db, issueId: number) =>
    memoizeAsync(sizes, `${issueId}`, async () => (await findIssueById(db, issueId))?.audience ?? 0);
  const subscribersOf = (db: Db, issueId: number, domain: string) =>
    memoizeAsync(sizes, `${issueId} ${domain}`, () => countSubscribers(db, issueId, domain));
  return {
    check: async (key, domain, db = core.store.db) => {
      const restUntil = core.clock() + DOMAIN_REST;
      if (key.table === 'notices') {
        const gone = await countSuppressed(db, domain, core.clock() - HOUR);
        return gone < ALWAYS ? undefined : { until: restUntil, domains: [domain] };
      }
      const { issueId } = key;
      const going = await goingOf(db, issueId);
      const ofDomain = (going.byDomain.get(domain) ?? 0) + 1;
      going.byDomain.set(domain, ofDomain);
      going.total += 1;
      if (ofDomain > ALWAYS && ofDomain > OF_DOMAIN * (await subscribersOf(db, issueId, domain)))
        return { until: restUntil, domains: [domain], of: { issueId, domain } };
      if (going.total <= ALWAYS || going.total <= OF_ISSUE * (await audienceOf(db, issueId)))
        return undefined;
      const large = [...going.byDomain].filter(([, count]) => count >= ALWAYS / 2);
      const domains = large.sort(([, one], [, other]) => other - one).map(([name]) => name);
      const until = domains.length > 0 ? restUntil : core.clock() + ISSUE_REST;
      return { until, domains, of: { issueId } };
    },
  };
}

const SLICE = 20_000;

/** Counted in slices: a list is long, and pages are answered in between. */
async function countSubscribers(db: Db, issueId: number, domain: string): Promise<number> {
  let total = 0;
  for (let after: number | undefined = 0; after !== undefined; ) {
    const { count, last } = await countOfDomain(db, issueId, domain, { after, limit: SLICE });
    total += count;
    after = last;
    await giveWay();
  }
  return total;
}
