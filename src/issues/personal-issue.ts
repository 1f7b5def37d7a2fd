import type { Core } from '../core.ts';
import type { Issue, OwnPicks, StoredIssue } from '../domain/issue.ts';
import type { RankedPaper } from '../domain/paper.ts';
import type { Profile, Subscriber } from '../domain/subscriber.ts';
import { candidatesOf } from '../ledger/candidates.ts';
import { pickedFor } from '../ledger/picks.ts';
import { COMMON, findProfiles } from '../ledger/profiles.ts';
import { knownLibraries } from '../papers/library/library-table.ts';
import { decodePicks } from '../ranking/pick-for-subscriber.ts';
import { type CandidateSet, createCandidateSet } from './candidate-set.ts';
import { rankEdition } from './rank-edition.ts';
import { subscriberHistory } from './subscriber-history.ts';

/** An issue that is not frozen yet has no id. */
const NO_ISSUE = -1;

/** Nothing named, nothing muted, and as many papers as everybody: the subscriber gets the common issue. */
export function getsCommonIssue({ topics, count, library = [] }: Profile): boolean {
  return topics.length === 0 && count === undefined && library.length === 0;
}

/** A subscriber's wishes as they are now. */
export async function profileNow({ store }: Core, { id, topics, picks }: Subscriber): Promise<Profile> {
  const library = (await knownLibraries(store.db, [id])).get(id);
  return { topics, ...(picks !== null && { count: picks }), ...(library && { library }) };
}

/**
 * The picks that a subscriber gets of an issue: those on their delivery where there are some, else those of their
 * wishes as they are now. `undefined` when they get the common ones.
 */
export async function picksForSubscriber(
  core: Core,
  issue: Issue | StoredIssue,
  subscriber: Subscriber,
): Promise<OwnPicks | undefined> {
  const id = 'id' in issue ? issue.id : NO_ISSUE;
  const candidates = await candidatesFor(core, issue, id);
  if (candidates.every((candidate) => candidate === undefined)) return undefined;
  const common = issue.picks.map(({ paper }) => paper.id);
  const candidateSet = await createCandidateSet(core, candidates, common);
  const stored = await storedPicks(core, id, subscriber.id);
  if (stored) {
    await candidateSet.learnLikes([stored.profile]);
    return candidateSet.show(stored.profile, stored.picks);
  }
  const profile = await profileNow(core, subscriber);
  return getsCommonIssue(profile)
    ? undefined
    : previewPicks(core, candidateSet, { ...issue, id }, { id: subscriber.id, profile });
}

/** The picks that a subscriber was mailed of an issue, whatever they have wished for since. */
export async function picksSentTo(
  core: Core,
  issue: StoredIssue,
  subscriberId: number,
): Promise<readonly RankedPaper[]> {
  const stored = await storedPicks(core, issue.id, subscriberId);
  if (stored === undefined) return issue.picks;
  const common = issue.picks.map(({ paper }) => paper.id);
  const candidates = await candidatesOf(core.store.db, issue.id);
  return (await createCandidateSet(core, candidates, common)).show(stored.profile, stored.picks).picks;
}

/**
 * What a subscriber would get of an issue.
 * @param subscriber.profile from `profileNow`
 */
export async function previewPicks(
  core: Core,
  candidateSet: CandidateSet,
  issue: Pick<StoredIssue, 'id' | 'kind' | 'frozenAt'>,
  { id, profile }: { readonly id: number; readonly profile: Profile },
): Promise<OwnPicks> {
  await candidateSet.learnLikes([profile]);
  const alreadySent = await subscriberHistory(core, issue)([id]);
  return candidateSet.show(profile, candidateSet.pick(profile, alreadySent.get(id) ?? new Set()));
}

async function candidatesFor(core: Core, { kind, date, frozenAt, sample }: Issue, id: number) {
  if (sample) return [];
  if (id !== NO_ISSUE) return candidatesOf(core.store.db, id);
  return (await rankEdition(core, { kind, date, freezeAt: frozenAt })).allCandidates;
}

async function storedPicks(core: Core, issueId: number, subscriberId: number) {
  const row = await pickedFor(core.store.db, issueId, subscriberId);
  if (row === undefined || row.picks === '' || row.profileId === COMMON) return undefined;
  const profile = (await findProfiles(core.store.db, [row.profileId])).get(row.profileId);
  const picks = decodePicks(row.picks);
  return profile && picks && { picks, profile };
}
