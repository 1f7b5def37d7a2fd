import type { Core } from '../core.ts';
import type { OwnPicks } from '../domain/issue.ts';
import { memoizeAsync } from '../domain/memo.ts';
import type { SetAside } from '../domain/set-aside.ts';
import { slicesOf } from '../domain/slices.ts';
import type { Profile } from '../domain/subscriber.ts';
import { candidatesOf } from '../ledger/candidates.ts';
import type { DueDelivery } from '../ledger/deliveries.ts';
import { findIssueById } from '../ledger/issues.ts';
import { withhold } from '../ledger/picks.ts';
import { COMMON, findProfiles } from '../ledger/profiles.ts';
import { reportAside } from '../ledger/set-aside.ts';
import { decodePicks, encodePicks } from '../ranking/pick-for-subscriber.ts';
import { type CandidateSet, createCandidateSet } from './candidate-set.ts';
import { subscriberHistory } from './subscriber-history.ts';

/** A delivery that is to be sent, with the picks that its subscriber gets. */
export type Picked = {
  readonly row: DueDelivery;
  /** Absent where they get the common ones. */
  readonly own?: OwnPicks;
  /** The same as text, to be written on the row when it is claimed: every later attempt and every preview shows them. */
  readonly picks: string;
};

export type Picker = {
  /**
   * Picks for a batch of deliveries what is not picked yet.
   * @returns those to be sent: nothing goes to who has had, or muted, everything there is
   */
  readonly prepare: (rows: readonly DueDelivery[]) => Promise<Picked[]>;
};

type OfIssue = CandidateSet & { readonly alreadySentTo: ReturnType<typeof subscriberHistory> };

/** Of the deliveries of any issues: each issue's candidates are read once. */
export function createPicker(core: Core): Picker {
  const candidateSets = new Map<number, Promise<OfIssue | undefined>>();
  const profiles = new Map<number, Profile>();
  return {
    prepare: async (rows) => {
      const wishing = rows.filter(({ profileId }) => profileId !== COMMON);
      await learnProfiles(core, profiles, wishing);
      const picked = new Map<DueDelivery, Picked>();
      const asides: SetAside[] = [];
      for (const [issueId, group] of Map.groupBy(wishing, (row) => row.issueId)) {
        const candidates = await memoizeAsync(candidateSets, issueId, () => openCandidates(core, issueId));
        if (!candidates) continue;
        for (const row of group) if (!profiles.has(row.profileId)) asides.push(lostProfile(row));
        for (const slice of slicesByLibrary(group, profiles))
          for (const choice of await pickAll(candidates, profiles, slice)) picked.set(choice.row, choice);
      }
      await reportAside(core, asides);
      await withholdEmpty(core, [...picked.values()]);
      const all = rows.map((row) => picked.get(row) ?? { row, picks: row.picks });
      return all.filter(({ own }) => own?.picks.length !== 0);
    },
  };
}

/** An issue from before candidates were kept has none: all get the common one. */
async function openCandidates(core: Core, issueId: number): Promise<OfIssue | undefined> {
  const row = await findIssueById(core.store.db, issueId);
  const candidates = await candidatesOf(core.store.db, issueId);
  const lost = [...candidates.keys()].filter((place) => candidates[place] === undefined);
  await reportAside(
    core,
    lost.map((place) => ({
      kind: 'candidate',
      ref: `${issueId} ${place}`,
      reason: 'its row cannot be read',
    })),
  );
  if (row?.issue === undefined || lost.length === candidates.length) return undefined;
  const common = row.issue.picks.map(({ paper }) => paper.id);
  return {
    ...(await createCandidateSet(core, candidates, common)),
    alreadySentTo: subscriberHistory(core, row),
  };
}

async function learnProfiles(
  core: Core,
  known: Map<number, Profile>,
  rows: readonly DueDelivery[],
): Promise<void> {
  const missing = rows.map((row) => row.profileId).filter((id) => !known.has(id));
  if (known.size > 20_000) known.clear();
  if (missing.length === 0) return;
  for (const [id, profile] of await findProfiles(core.store.db, missing)) known.set(id, profile);
}

async function pickAll(
  candidates: OfIssue,
  profiles: ReadonlyMap<number, Profile>,
  rows: readonly DueDelivery[],
): Promise<Picked[]> {
  await candidates.learnLikes(rows.flatMap((row) => profiles.get(row.profileId) ?? []));
  const unpicked = rows.filter((row) => row.picks === '' || decodePicks(row.picks) === undefined);
  const alreadySent = await candidates.alreadySentTo(unpicked.map((row) => row.subscriberId));
  return rows.flatMap((row) => {
    const profile = profiles.get(row.profileId);
    if (profile === undefined) return [];
    const before = row.picks === '' ? undefined : decodePicks(row.picks);
    if (before) return { row, own: candidates.show(profile, before), picks: row.picks };
    const picks = candidates.pick(profile, alreadySent.get(row.subscriberId) ?? NOTHING);
    return { row, own: candidates.show(profile, picks), picks: encodePicks(picks) };
  });
}

/** Picks by 200 papers of a library take some milliseconds: pages and mails are not kept waiting for many libraries. */
const MOST_OF_LIBRARIES = 1000;

function slicesByLibrary(rows: readonly DueDelivery[], profiles: ReadonlyMap<number, Profile>) {
  const limits = { count: Math.max(1, rows.length), size: MOST_OF_LIBRARIES };
  return slicesOf(rows, limits, ({ profileId }) => profiles.get(profileId)?.library?.length ?? 0);
}

/** Its subscribers get the common issue. */
function lostProfile({ profileId }: DueDelivery): SetAside {
  return { kind: 'profile', ref: String(profileId), reason: 'its row is gone or cannot be read' };
}

const NOTHING: ReadonlySet<string> = new Set();

async function withholdEmpty(core: Core, picked: readonly Picked[]): Promise<void> {
  const empty = picked.filter(({ own }) => own?.picks.length === 0);
  if (empty.length === 0) return;
  await core.store.db.transaction().execute(async (trx) => {
    for (const { row } of empty) await withhold(trx, row, 'nothing new is theirs', core.clock());
  });
}
