import type { Core } from '../core.ts';
import type { Issue, OwnPicks, StoredIssue } from '../domain/issue.ts';
import type { RankedPaper } from '../domain/paper.ts';
import type { Profile, Subscriber } from '../domain/subscriber.ts';
import { candidatesOf } from '../ledger/candidates.ts';
import { pickedFor } from '../ledger/picks.ts';
import { COMMON, findProfiles } from '../ledger/profiles.ts';
import { decodePicks } from '../ranking/pick-for-subscriber.ts';
import { type CandidateSet, createCandidateSet } from './candidate-set.ts';
import { rankEdition } from './rank-edition.ts';
import { subscriberHistory } from './subscriber-history.ts';

/** An issue that is not frozen yet has no id. */
const NO_ISSUE = -1;

/** Nothing named, nothing muted, and as many papers as everybody: the subscriber gets the common issue. */
export function getsCommonIssue({ topics, picks }: Pick<Subscriber, 'topics' | 'picks'>): boolean {
  return topics.length === 0 && picks === null;
}

function profileOf({ topics, picks }: Pick<Subscriber, 'topics' | 'picks'>): Profile {
  return { topics, ...(picks !== null && { count: picks }) };
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
  return getsCommonIssue(subscriber)
    ? undefined
    : previewPicks(core, candidateSet, { ...issue, id }, subscriber);
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

/** What a subscriber would get of an issue by their wishes as they are now. */
export async function previewPicks(
  core: Core,
  candidateSet: CandidateSet,
  issue: Pick<StoredIssue, 'id' | 'kind' | 'frozenAt'>,
  subscriber: Subscriber,
): Promise<OwnPicks> {
  const profile = profileOf(subscriber);
  await candidateSet.learnLikes([profile]);
  const alreadySent = await subscriberHistory(core, issue)([subscriber.id]);
  return candidateSet.show(profile, candidateSet.pick(profile, alreadySent.get(subscriber.id) ?? new Set()));
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
