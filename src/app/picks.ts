import type { OwnPicks } from '../domain/issue.ts';
import type { Profile } from '../domain/subscriber.ts';
import { decodePicks, encodePicks } from '../rank/personal.ts';
import { candidatesOf } from '../store/candidates.ts';
import type { DueDelivery } from '../store/deliveries.ts';
import { findIssueById } from '../store/issues.ts';
import { keepPicks, withhold } from '../store/picks.ts';
import { COMMON, findProfiles } from '../store/profiles.ts';
import { readersHistory } from './had.ts';
import { createPool, type ReaderPool } from './pool.ts';
import type { App } from './wire.ts';

/** A reader's own picks of an issue, or nothing where they get the common ones. */
export type Picker = {
  /**
   * Picks for a batch of deliveries what is not picked yet, and keeps it on their rows.
   * @returns those to be sent: nothing goes to who has had, or muted, everything there is
   */
  readonly prepare: (rows: readonly DueDelivery[]) => Promise<DueDelivery[]>;
  /** After `prepare`. */
  readonly of: (row: DueDelivery) => OwnPicks | undefined;
};

type OfIssue = ReaderPool & { readonly hadBy: ReturnType<typeof readersHistory> };

/** Of the deliveries of any issues: each issue's candidates are read once. */
export function createPicker(app: App): Picker {
  const pools = new Map<number, Promise<OfIssue | undefined>>();
  const profiles = new Map<number, Profile>();
  const ready = new Map<string, OwnPicks>();
  const poolOf = (issueId: number) => {
    const pool = pools.get(issueId) ?? openPool(app, issueId);
    pools.set(issueId, pool);
    return pool;
  };
  return {
    prepare: async (rows) => {
      ready.clear();
      const own = rows.filter(({ profileId }) => profileId !== COMMON);
      await learnProfiles(app, profiles, own);
      for (const [issueId, group] of Map.groupBy(own, (row) => row.issueId)) {
        const pool = await poolOf(issueId);
        if (pool) for (const [key, picks] of await pickAll(app, pool, profiles, group)) ready.set(key, picks);
      }
      return rows.filter((row) => ready.get(keyOf(row))?.picks.length !== 0);
    },
    of: (row) => ready.get(keyOf(row)),
  };
}

function keyOf({ issueId, subscriberId }: DueDelivery): string {
  return `${issueId}/${subscriberId}`;
}

/** An issue from before candidates were kept has none: all get the common one. */
async function openPool(app: App, issueId: number): Promise<OfIssue | undefined> {
  const row = await findIssueById(app.store.db, issueId);
  const candidates = await candidatesOf(app.store.db, issueId);
  if (row?.issue === undefined || candidates.length === 0) return undefined;
  const common = row.issue.picks.map(({ paper }) => paper.id);
  return { ...(await createPool(app, candidates, common)), hadBy: readersHistory(app, row) };
}

async function learnProfiles(
  app: App,
  known: Map<number, Profile>,
  rows: readonly DueDelivery[],
): Promise<void> {
  const missing = rows.map((row) => row.profileId).filter((id) => !known.has(id));
  if (known.size > 20_000) known.clear();
  if (missing.length === 0) return;
  for (const [id, profile] of await findProfiles(app.store.db, missing)) known.set(id, profile);
}

async function pickAll(
  app: App,
  pool: OfIssue,
  profiles: ReadonlyMap<number, Profile>,
  rows: readonly DueDelivery[],
): Promise<[string, OwnPicks][]> {
  await pool.learnLikes(rows.flatMap((row) => profiles.get(row.profileId) ?? []));
  const unpicked = rows.filter((row) => row.picks === '');
  const had = await pool.hadBy(unpicked.map((row) => row.subscriberId));
  const fresh = new Map<DueDelivery, string>();
  const chosen = rows.flatMap((row) => {
    const profile = profiles.get(row.profileId);
    if (profile === undefined) return [];
    const picks =
      row.picks === '' ? pool.pick(profile, had.get(row.subscriberId) ?? new Set()) : decodePicks(row.picks);
    if (row.picks === '') fresh.set(row, encodePicks(picks));
    return [{ row, profile, picks }];
  });
  const late = await writeDown(app, fresh);
  return chosen.map(({ row, profile, picks }) => [
    keyOf(row),
    pool.show(profile, late.has(row) ? [] : picks),
  ]);
}

/** @returns those for which another process has been faster: what it wrote goes, by it or by the next sweep */
async function writeDown(app: App, fresh: ReadonlyMap<DueDelivery, string>): Promise<Set<DueDelivery>> {
  const late = new Set<DueDelivery>();
  if (fresh.size === 0) return late;
  const picked = [...fresh].filter(([, picks]) => picks !== '');
  await app.store.db.transaction().execute(async (trx) => {
    for (const [row, picks] of fresh)
      if (picks === '') await withhold(trx, row, 'nothing new is theirs', app.clock());
    const readers = picked.map(([row, picks]) => ({ ...row, picks }));
    // All are of one issue.
    const written = await keepPicks(trx, readers[0]?.issueId ?? 0, readers);
    for (const [row] of picked) if (!written.has(row.subscriberId)) late.add(row);
  });
  return late;
}
