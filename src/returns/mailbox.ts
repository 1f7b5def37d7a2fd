import type { Core } from '../core.ts';
import { messageOf } from '../domain/failure.ts';
import type { Inbox } from '../domain/inbox.ts';
import { HOUR, MINUTE } from '../domain/time.ts';
import { tellOnce } from '../ledger/operator.ts';
import { lastTold, markTold, reserveTopic } from '../ledger/topics.ts';
import { type OpenFolder, openFolder } from './imap.ts';
import { findMark, leaseMailbox, releaseMailbox, saveMark } from './mailbox-table.ts';
import type { ReturnTools } from './return-tools.ts';
import { countMailedSince } from './returns-table.ts';
import { type MailResult, takeMails } from './take-mails.ts';
import { countUnreadable } from './unreadable.ts';

/** A whole pass over one mailbox. */
const PASS_LIMIT = 5 * MINUTE;
const MOST_MAILS = 200;
/** Mails that are in memory at once. */
const GROUP = 25;
/** Nothing that comes by mail may fill the disk: what is more than this in an hour waits. */
export const HOURLY_LIMIT = 20_000;
const SILENCE_LIMIT = HOUR;

/** What becomes of a mailbox's mails, counted. */
export type PassResult = { readonly read: number; readonly taken: number; readonly unreadable: number };

/** Reads all mailboxes of INBOX_URL, those after the last mail that was read. One that fails keeps no other waiting. */
export async function readMailboxes(
  core: Core,
  tools: ReturnTools,
  secrets: readonly string[],
  stop: AbortSignal,
): Promise<void> {
  for (const inbox of core.config.INBOX_URL) {
    const { db } = core.store;
    if (stop.aborted || !(await leaseMailbox(db, inbox.name, core.clock(), PASS_LIMIT + MINUTE))) continue;
    try {
      const result = await readMailbox(core, tools, secrets, inbox, stop);
      await markTold(db, `mailbox ${inbox.name}`, core.clock());
      await countUnreadable(core, {
        count: result.unreadable,
        where: `the mailbox ${inbox.name}`,
        next: 'They are where they were, and nothing was done with them. Look at one: "offprint returns read FILE" says what is seen in it.',
      });
    } catch (error) {
      if (!stop.aborted) await tellSilence(core, inbox, messageOf(error));
    } finally {
      await releaseMailbox(db, inbox.name);
    }
  }
}

/**
 * One pass over one mailbox. Mails are dealt with after what they led to is committed, and the mark moves last: after a crash
 * some are read again, and count once.
 */
export async function readMailbox(
  core: Core,
  tools: ReturnTools,
  secrets: readonly string[],
  inbox: Inbox,
  stop: AbortSignal,
): Promise<PassResult> {
  const { db } = core.store;
  const counts = { read: 0, taken: 0, unreadable: 0 };
  const limit = AbortSignal.any([stop, core.after(PASS_LIMIT)]);
  const folder = await openFolder(inbox, limit);
  try {
    const mark = await findMark(db, inbox.name);
    // Under another UIDVALIDITY the old UIDs mean nothing.
    const after = mark.uidValidity === folder.uidValidity ? mark.uid : 0;
    const uids = (await folder.uidsAfter(after)).slice(0, MOST_MAILS);
    for (let start = 0; start < uids.length && !limit.aborted; start += GROUP) {
      if ((await countMailedSince(db, core.clock() - HOUR)) >= HOURLY_LIMIT) break;
      const group = uids.slice(start, start + GROUP);
      const last = await takeGroup(core, tools, secrets, folder, group, counts);
      if (last !== undefined) await saveMark(db, inbox.name, { uidValidity: folder.uidValidity, uid: last });
      if (last !== group.at(-1)) break;
    }
  } finally {
    await folder.close();
  }
  if (counts.read > 0) core.log.info({ mailbox: inbox.name, ...counts }, 'returned mail read');
  return counts;
}

type Counts = { read: number; taken: number; unreadable: number };

/** @returns up to which UID all is done: one that could not be written down is read again by the next pass */
async function takeGroup(
  core: Core,
  tools: ReturnTools,
  secrets: readonly string[],
  folder: OpenFolder,
  group: readonly number[],
  counts: Counts,
): Promise<number | undefined> {
  const mails = await folder.read(group);
  const there = group.filter((uid) => mails.has(uid));
  const incoming = there.map((uid) => ({ raw: mails.get(uid) ?? new Uint8Array() }));
  const results = await takeMails(core, tools, secrets, incoming);
  const done = there.filter((_, index) => isTaken(results[index]));
  if (done.length > 0) await folder.settle(done, core.config.INBOX_MAILS);
  counts.read += there.length;
  counts.taken += done.length;
  counts.unreadable += results.filter((result) => result === 'unreadable').length;
  const failedAt = there.find((_, index) => results[index] === 'failed');
  return failedAt === undefined ? group.at(-1) : group[group.indexOf(failedAt) - 1];
}

/** Mails of others, and those that nobody can read, stay where they are. */
function isTaken(result: MailResult | undefined): boolean {
  return result !== undefined && result !== 'unmatched' && result !== 'unreadable' && result !== 'failed';
}

async function tellSilence(core: Core, inbox: Inbox, problem: string): Promise<void> {
  const { db } = core.store;
  const topic = `mailbox ${inbox.name}`;
  const now = core.clock();
  const lastGood = await lastTold(db, topic);
  if (lastGood === undefined) await markTold(db, topic, now);
  // A wrong password is no news each minute.
  const isNews = await reserveTopic(db, `${topic} fails`, now, now - HOUR);
  core.log[isNews ? 'warn' : 'debug']({ mailbox: inbox.name, problem }, 'a mailbox could not be read');
  if (now - (lastGood ?? now) < SILENCE_LIMIT) return;
  await tellOnce(core, `${topic} silent`, [
    `The mailbox ${inbox.name} has not been readable for an hour`,
    `The last attempt: ${problem}`,
    'Bounces and complaints wait there. Check INBOX_URL; the mailbox is tried each minute.',
  ]);
}
