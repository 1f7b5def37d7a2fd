import type { Core } from '../core.ts';
import { withoutAddresses } from '../domain/reply.ts';
import { giveWay } from '../domain/slices.ts';
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

/** How long after its issue was frozen a held refusal is kept. */
const MEMORY = 14 * DAY;

/** Retries a mail whose recorded refusal is in doubt, and restores its subscriber if the refusal took them off the list. */
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
 * A refusal that looks like a provider's mistake takes nobody off the list: subscribers are restored, the domain gets a
 * cooldown, and the operator is told.
 */
export async function holdRefusals(core: Core, routes: Routes, held: Held, reply: string): Promise<void> {
  const { of, domains, until } = held;
  const back = of ? await takeRefusalsBack(core, of, until) : 0;
  for (const domain of domains) await restDomain(core, routes, domain, until, reply);
  const whose = domains.length > 0 ? domains.join(', ') : 'many domains';
  const what = `${whose} refused so many readers that their addresses can hardly all be dead`;
  // The first refusal beyond the cap restores the others; those in flight with it need no second report.
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

/** Undoes all refusals of an issue, or of one domain in it, that took subscribers off the list. @returns how many */
async function takeRefusalsBack(
  core: Core,
  { issueId, domain }: NonNullable<Held['of']>,
  until: Instant,
): Promise<number> {
  let count = 0;
  for (let slice: Refusal[] = [], after = 0; ; after = slice.at(-1)?.subscriberId ?? after) {
    slice = await suppressing(core.store.db, issueId, { domain, after, limit: SLICE });
    for (const { subscriberId } of slice) {
      await undoRefusal(core, { table: 'deliveries', issueId, subscriberId }, subscriberId, until);
      await giveWay();
    }
    count += slice.length;
    if (slice.length < SLICE) return count;
  }
}

/**
 * An operator confirms held refusals: those that say that an address is dead take their subscribers off the list.
 * @returns how many, and how many were left because their replies do not concern the address
 */
export async function confirmHeld(core: Core): Promise<{ suppressed: number; left: number }> {
  const done = { suppressed: 0, left: 0 };
  const since = core.clock() - MEMORY;
  for (let slice: Refusal[] = [], after = 0; ; after = slice.at(-1)?.subscriberId ?? after) {
    slice = await heldRefusals(core.store.db, { since, after, limit: SLICE });
    for (const refusal of slice) {
      const reason = reasonOf(refusal);
      if (reason === undefined) done.left += 1;
      else if (await confirmOne(core, refusal, reason)) done.suppressed += 1;
      await giveWay();
    }
    if (slice.length < SLICE) return done;
  }
}

/** @returns whether it took the subscriber off the list */
async function confirmOne(
  core: Core,
  { subscriberId, reply, bounceClass }: Refusal,
  reason: SuppressionReason,
): Promise<boolean> {
  await core.store.db.transaction().execute((trx) => failHeld(trx, subscriberId, reason, core.clock()));
  return suppressSubscriber(core, subscriberId, {
    reason,
    reply,
    ...(bounceClass !== '' && { cameBack: true }),
  });
}

/** What a refusal says about its address. */
function reasonOf({ reply, bounceClass }: Refusal): SuppressionReason | undefined {
  if (bounceClass === 'hard' || bounceClass === 'refused' || bounceClass === 'soft') return bounceClass;
  const code = Number(/^\d{3}/.exec(reply)?.[0]);
  const outcome = outcomeOf({ code, reply, command: 'RCPT TO', reachedEnvelope: true, dataBegan: false });
  if (outcome.kind !== 'failed') return undefined;
  return outcome.class === 'hard' || outcome.class === 'refused' ? outcome.class : undefined;
}

/**
 * Restores subscribers whom refusals took off the list since a moment, after a provider's mistake; never those who left or
 * complained. They get the newest issue at their next hour.
 * @param reply only refusals whose reply contained this text
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
    await giveWay();
  }
}
