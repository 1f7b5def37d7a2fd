import type { Core } from '../core.ts';
import { issueSlug } from '../domain/slug.ts';
import { HOUR } from '../domain/time.ts';
import { stopIssue } from '../ledger/issue-states.ts';
import { findIssueById } from '../ledger/issues.ts';
import { tellOnce } from '../ledger/operator.ts';
import { reserveTopic } from '../ledger/topics.ts';
import { countReturned, hasAccepted } from './returns-table.ts';

/** What hurts the sender. */
type Trouble = 'complained' | 'hard';

/** From how many on, and of how many accepted mails; `share` is a part of them. */
type Bar = { readonly least: number; readonly accepted: number; readonly share: number };

/** Gmail and Yahoo ask senders to stay below 0.3 % of complaints. */
const STOPS = {
  complained: { least: 10, accepted: 1000, share: 0.003 },
  hard: { least: 20, accepted: 200, share: 0.05 },
} as const satisfies Record<string, Bar>;
const WARNS = {
  complained: { least: 5, accepted: 1000, share: 0.001 },
  hard: { least: 10, accepted: 200, share: 0.02 },
} as const satisfies Record<string, Bar>;

/**
 * Stops an issue that draws too many complaints or reaches too many dead addresses: what is unsent waits for a person, who
 * is told. Counted from the ledger, since the issue was last released.
 */
export async function guardReputation(core: Core, issueId: number): Promise<void> {
  const { db } = core.store;
  const issue = await db
    .selectFrom('issues')
    .select(['state', 'released_at as since'])
    .where('id', '=', issueId)
    .executeTakeFirst();
  if (issue === undefined) return;
  // Nothing is left to stop: a look now and then is enough to warn.
  const now = core.clock();
  if (issue.state !== 'frozen' && !(await reserveTopic(db, `reputation ${issueId}`, now, now - HOUR))) return;
  const counts = await countReturned(db, issueId, issue.since);
  const isOver = async (bars: Record<Trouble, Bar>, trouble: Trouble) => {
    const { least, accepted, share } = bars[trouble];
    if (counts[trouble] < least || !(await hasAccepted(db, issueId, accepted, issue.since))) return false;
    // More accepted mails than this, and the share is smaller.
    return !(await hasAccepted(db, issueId, Math.floor(counts[trouble] / share) + 1, issue.since));
  };
  for (const trouble of ['complained', 'hard'] as const) {
    if (issue.state === 'frozen' && (await isOver(STOPS, trouble)))
      return stop(core, issueId, trouble, counts[trouble]);
    if (await isOver(WARNS, trouble)) await warn(core, issueId, trouble, counts[trouble]);
  }
}

const WORDS = { complained: 'readers called it spam', hard: 'addresses of it do not exist' } as const;

async function stop(core: Core, issueId: number, trouble: Trouble, count: number): Promise<void> {
  const why = `${count} ${WORDS[trouble]}`;
  if (!(await stopIssue(core.store.db, issueId, `stopped: ${why}`))) return;
  const name = await nameOf(core, issueId);
  core.log.error({ issue: name, count }, `the issue is stopped: ${WORDS[trouble]}`);
  await tellOnce(core, `stopped ${issueId} ${core.clock()}`, [
    `The issue of ${name} is stopped: ${why}`,
    'What is not sent yet waits. Mailbox providers block senders whom many of their users complain about, or who write to many addresses that do not exist.',
    `"offprint returns list --issue ${name}" shows them. "offprint issue release ${name}" sends the rest, "offprint issue cancel ${name}" withdraws it.`,
  ]);
}

async function warn(core: Core, issueId: number, trouble: Trouble, count: number): Promise<void> {
  const name = await nameOf(core, issueId);
  await tellOnce(core, `reputation ${issueId} ${trouble}`, [
    `Many returns of the issue of ${name}: ${count} ${WORDS[trouble]}`,
    `With more of them it is stopped. "offprint returns list --issue ${name}" shows them.`,
  ]);
}

async function nameOf(core: Core, issueId: number): Promise<string> {
  const row = await findIssueById(core.store.db, issueId);
  return row ? issueSlug(row) : String(issueId);
}
