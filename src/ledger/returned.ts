import { sql } from 'kysely';
import { anyOf } from '../db/dialect.ts';
import type { Db, Trx } from '../db/schema.ts';
import type { FailureClass } from '../domain/delivery.ts';
import type { Instant } from '../domain/time.ts';
import { LONGEST_HISTORY, type PastIssue } from '../domain/verdict.ts';
import type { ReturnedMail } from '../domain/verp.ts';
import { HELD } from './claims.ts';

/** Whom a mail of ours went to. */
export type SentMail = { readonly subscriberId: number; readonly address: string };

/** A name of a mail, for a map of them. */
export function nameOfMail(mail: ReturnedMail): string {
  return mail.table === 'notices' ? `n ${mail.id}` : `d ${mail.issueId} ${mail.subscriberId}`;
}

/**
 * Whom some mails went to, by `nameOfMail`. A mail is missing when it is forgotten, as after LEDGER_DAYS, or was never there.
 */
export async function findSentMails(db: Db, mails: readonly ReturnedMail[]): Promise<Map<string, SentMail>> {
  const sent = new Map<string, SentMail>();
  const notices = mails.filter((mail) => mail.table === 'notices');
  if (notices.length > 0) {
    const rows = await db
      .selectFrom('notices')
      .select(['id', 'subscriber_id as subscriberId', 'address'])
      .where(
        'id',
        'in',
        anyOf(
          db,
          notices.map(({ id }) => id),
        ),
      )
      .execute();
    for (const { id, ...of } of rows) sent.set(nameOfMail({ table: 'notices', id }), of);
  }
  const deliveries = mails.filter((mail) => mail.table === 'deliveries');
  for (const [issueId, own] of Map.groupBy(deliveries, (mail) => mail.issueId)) {
    const rows = await db
      .selectFrom('deliveries')
      .select(['subscriber_id as subscriberId', 'address'])
      .where('issue_id', '=', issueId)
      .where(
        'subscriber_id',
        'in',
        anyOf(
          db,
          own.map(({ subscriberId }) => subscriberId),
        ),
      )
      .execute();
    for (const of of rows)
      sent.set(nameOfMail({ table: 'deliveries', issueId, subscriberId: of.subscriberId }), of);
  }
  return sent;
}

/** From the mildest to the worst: of two returns of one mail the worse counts, in whichever order they come. */
const SEVERITY: readonly (FailureClass | 'delivered' | '')[] = [
  '',
  'delivered',
  'policy',
  'soft',
  'refused',
  'hard',
];

/**
 * A mail that was accepted came back: it has failed after all. One that was in doubt was sent, so it is never sent again.
 * What is in any other state stays as it is.
 * @returns whether that changed anything
 */
export async function markReturned(
  trx: Trx,
  mail: ReturnedMail,
  { class: type, reply, now }: { class: FailureClass; reply: string; now: Instant },
): Promise<boolean> {
  if (mail.table === 'notices') {
    const notice = trx
      .updateTable('notices')
      .set({ state: 'failed', reason: type, reply })
      .where('id', '=', mail.id);
    return (
      (await notice.where('state', 'in', ['accepted', 'uncertain']).executeTakeFirst()).numUpdatedRows === 1n
    );
  }
  const milder = SEVERITY.slice(0, SEVERITY.indexOf(type));
  const result = await trx
    .updateTable('deliveries')
    .set({
      state: 'failed',
      reason: type,
      reply,
      bounced_at: now,
      bounce_class: type,
      settled_at: sql<Instant>`case when settled_at = 0 then ${now} else settled_at end`,
    })
    .where('issue_id', '=', mail.issueId)
    .where('subscriber_id', '=', mail.subscriberId)
    .where((e) =>
      e.or([
        e('state', 'in', ['accepted', 'uncertain']),
        e.and([e('state', '=', 'failed'), e('bounced_at', '>', 0), e('bounce_class', 'in', milder)]),
      ]),
    )
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** The subscriber's own server is known to have it. */
export async function markDelivered(trx: Trx, mail: ReturnedMail): Promise<void> {
  if (mail.table === 'notices') return;
  await trx
    .updateTable('deliveries')
    .set({ bounce_class: 'delivered' })
    .where('issue_id', '=', mail.issueId)
    .where('subscriber_id', '=', mail.subscriberId)
    .where('state', '=', 'accepted')
    .execute();
}

/** Its subscriber stays on the list for now, because too many would go at once. */
export async function markHeld(trx: Trx, issueId: number, subscriberId: number): Promise<void> {
  await trx
    .updateTable('deliveries')
    .set({ reason: HELD })
    .where('issue_id', '=', issueId)
    .where('subscriber_id', '=', subscriberId)
    .where('state', '=', 'failed')
    .where('bounced_at', '>', 0)
    .execute();
}

/** How a subscriber's latest issues ended, the newest first; those that never went out do not count. */
export async function historyOf(db: Db, subscriberId: number): Promise<PastIssue[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select(['state', 'reason', 'settled_at', 'bounced_at', 'bounce_class'])
    .where('subscriber_id', '=', subscriberId)
    .where('state', 'in', ['accepted', 'failed'])
    .orderBy('issue_id', 'desc')
    .limit(LONGEST_HISTORY)
    .execute();
  return rows.map(({ state, reason, settled_at, bounced_at, bounce_class }) => {
    if (state === 'accepted') return { at: settled_at, delivered: bounce_class === 'delivered' };
    const type = bounced_at > 0 ? bounce_class : reason;
    return { at: bounced_at || settled_at, class: isFailureClass(type) ? type : 'policy' };
  });
}

function isFailureClass(text: string): text is FailureClass {
  return text === 'hard' || text === 'soft' || text === 'refused' || text === 'policy';
}
