import type { Core } from '../core.ts';
import { withoutAddresses } from '../domain/reply.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { isOwnChoice, type SuppressionReason } from '../domain/suppression.ts';
import { DAY, formatInstant, type Instant } from '../domain/time.ts';
import type { WorkKey } from '../ledger/claims.ts';
import { tellOnce } from '../ledger/operator.ts';
import { failHeld } from '../ledger/plan-rows.ts';
import { heldRefusals, type Refusal, suppressing, takeBack } from '../ledger/refusals.ts';
import { reactivate } from '../subscribers/lifecycle.ts';
import { subscribersAfter } from '../subscribers/subscribers-table.ts';
import { returnToList, suppressSubscriber } from '../subscribers/suppress.ts';
import { findSuppressions } from '../subscribers/suppressions-table.ts';
import { saveCooldown } from './cooldowns-table.ts';
import type { Routes } from './routes.ts';
import { outcomeOf } from './smtp/outcome.ts';
import type { Held } from './suppression-cap.ts';

const SLICE = 200;

/** A held refusal is remembered for so long after its issue was frozen. */
const MEMORY = 14 * DAY;

/** Tries a mail again whose refusal was written down and is in doubt; its subscriber is back on the list if it took them off. */
export async function undoRefusal(
  core: Core,
  key: WorkKey,
  subscriberId: number,
  until: Instant,
): Promise<void> {
  await core.store.db.transaction().execute(async (trx) => {
    if (await takeBack(trx, key, until, core.clock())) await returnToList(core, trx, subscriberId);
  });
}

/**
 * What seems to be a provider's mistake takes nobody off the list: those whom it took are back, its domain is left alone for a
 * while, and the operator is told.
 */
export async function holdRefusals(core: Core, routes: Routes, held: Held, reply: string): Promise<void> {
  const { of, domains, until } = held;
  const back = of ? await takeRefusalsBack(core, of, until) : 0;
  for (const domain of domains) await restDomain(core, routes, domain, until, reply);
  const whose = domains.length > 0 ? domains.join(', ') : 'many domains';
  const what = `${whose} refused so many readers that their addresses can hardly all be dead`;
  // The first refusal beyond the cap brings the others back; those that were on the wire with it are no news.
  const level = back > 0 || !of ? 'error' : 'debug';
  core.log[level]({ domains, back, reply: withoutAddresses(reply), until: formatInstant(until) }, what);
  await tellOnce(core, `held ${of?.issueId ?? 'notices'}`, [
    what,
    `The last reply was: ${withoutAddresses(reply)}`,
    `Nobody was taken off the list. Their mails are tried again at ${formatInstant(until)}.`,
    'If the addresses are dead all the same, "offprint subscribers suppress --held" takes them off.',
  ]);
}

async function restDomain(
  core: Core,
  routes: Routes,
  domain: string,
  until: Instant,
  reply: string,
): Promise<void> {
  for (const route of routes.names) {
    routes.rest(route, domain, until);
    await saveCooldown(core.store.db, { route, domain, until, reply: withoutAddresses(reply) });
  }
}

/** Takes back all refusals of an issue, or of one domain in it, that took subscribers off the list. @returns how many */
async function takeRefusalsBack(
  core: Core,
  { issueId, domain }: NonNullable<Held['of']>,
  until: Instant,
): Promise<number> {
  let count = 0;
  for (let slice: Refusal[] = [], after = 0; ; after = slice.at(-1)?.subscriberId ?? after) {
    slice = await suppressing(core.store.db, issueId, { domain, after, limit: SLICE });
    for (const { subscriberId } of slice)
      await undoRefusal(core, { table: 'deliveries', issueId, subscriberId }, subscriberId, until);
    count += slice.length;
    if (slice.length < SLICE) return count;
    await new Promise(setImmediate);
  }
}

/**
 * A person says that held refusals are right: those that say that an address is dead take their subscribers off the list.
 * @returns how many, and how many were left, since their replies say nothing of the address
 */
export async function confirmHeld(core: Core): Promise<{ suppressed: number; left: number }> {
  const done = { suppressed: 0, left: 0 };
  const since = core.clock() - MEMORY;
  for (let slice: Refusal[] = [], after = 0; ; after = slice.at(-1)?.subscriberId ?? after) {
    slice = await heldRefusals(core.store.db, { since, after, limit: SLICE });
    for (const refusal of slice) {
      const reason = reasonOf(refusal.reply);
      if (reason === undefined) done.left += 1;
      else if (await confirmOne(core, refusal, reason)) done.suppressed += 1;
    }
    if (slice.length < SLICE) return done;
    await new Promise(setImmediate);
  }
}

/** @returns whether it took the subscriber off the list */
async function confirmOne(
  core: Core,
  { subscriberId, reply }: Refusal,
  reason: SuppressionReason,
): Promise<boolean> {
  await core.store.db.transaction().execute((trx) => failHeld(trx, subscriberId, reason, core.clock()));
  return suppressSubscriber(core, subscriberId, { reason, reply });
}

/** What a refusal says of its address. */
function reasonOf(reply: string): SuppressionReason | undefined {
  const code = Number(/^\d{3}/.exec(reply)?.[0]);
  const outcome = outcomeOf({ code, reply, command: 'RCPT TO', reachedEnvelope: true, dataBegan: false });
  if (outcome.kind !== 'failed') return undefined;
  return outcome.class === 'hard' || outcome.class === 'refused' ? outcome.class : undefined;
}

/**
 * Brings subscribers back whom refusals took off the list since a moment, as after a provider's mistake; never who left or
 * complained. They get the newest issue at their next hour.
 * @param reply only where the server's words had this in them
 * @returns their addresses
 */
export async function restoreSuppressed(
  core: Core,
  { since, reply, dryRun }: { since: Instant; reply: string; dryRun: boolean },
): Promise<string[]> {
  const restored: string[] = [];
  for (let after = 0, slice: Subscriber[] = []; ; after = slice.at(-1)?.id ?? after) {
    slice = await subscribersAfter(core.store.db, { state: 'suppressed', after, limit: SLICE });
    const addresses = slice.map(({ email }) => email);
    const suppressions = await findSuppressions(core.store.db, addresses);
    for (const { id, email } of slice) {
      const known = suppressions.get(email);
      if (!known || known.since < since || isOwnChoice(known.reason)) continue;
      if (!known.reply.toLowerCase().includes(reply.toLowerCase())) continue;
      if (!dryRun) await reactivate(core, id);
      restored.push(email);
    }
    if (slice.length < SLICE) return restored;
    await new Promise(setImmediate);
  }
}
