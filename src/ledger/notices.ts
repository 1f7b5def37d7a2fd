import { sql } from 'kysely';
import { inTransaction } from '../db/dialect.ts';
import type { Db, Trx } from '../db/schema.ts';
import type { Instant } from '../domain/time.ts';

/**
 * A mail that belongs to no issue. `confirm`: please confirm. `known`: somebody typed your address. `manage`,
 * `erase`: the link you asked for. `address`: please confirm your new address. `leave`: the link by which
 * you leave. `operator`: something needs the
 * operator's attention.
 */
export type NoticeKind = 'confirm' | 'known' | 'manage' | 'erase' | 'address' | 'leave' | 'operator';

export type DueNotice = {
  readonly id: number;
  readonly kind: NoticeKind;
  readonly subscriberId: number;
  readonly address: string;
  readonly attempts: number;
  readonly createdAt: Instant;
  /** The subscriber's when the notice was made; see `TokenPayload`. */
  readonly tokenVersion: number;
  /** When the subscriber had last unsubscribed at that time; 0 for never. */
  readonly leftAt: Instant;
  /** The subscriber's choice; empty for the newsletter's own. */
  readonly language: string;
  /** What the operator is told; otherwise empty. */
  readonly detail: string;
};

/** Stores the subscriber's token version and last unsubscription, so that a delayed mail never carries newer links. */
export async function addNotice(
  db: Db,
  kind: NoticeKind,
  subscriber: { id: number; email: string },
  now: Instant,
  detail = '',
): Promise<void> {
  await db
    .insertInto('notices')
    .values({
      kind,
      subscriber_id: subscriber.id,
      address: subscriber.email,
      state: 'planned',
      reason: '',
      next_at: 0,
      owner: '',
      lease_until: 0,
      attempts: 0,
      lost: 0,
      reply: '',
      created_at: now,
      settled_at: 0,
      detail,
      token_version: ofSubscriber(subscriber.id, 'token_version'),
      left_at: ofSubscriber(subscriber.id, 'left_at'),
    })
    .execute();
}

/** A column of the subscriber; 0 for operator notices, which have none. */
function ofSubscriber(id: number, column: 'token_version' | 'left_at') {
  return sql<number>`coalesce((select ${sql.ref(column)} from subscribers where id = ${id}), 0)`;
}

export async function dueNotices(db: Db, limit: number): Promise<DueNotice[]> {
  const rows = await db
    .selectFrom('notices')
    .select((e) => [
      'id',
      'kind',
      'subscriber_id as subscriberId',
      'address',
      'attempts',
      'created_at as createdAt',
      'detail',
      'token_version as tokenVersion',
      'left_at as leftAt',
      e
        .selectFrom('subscribers')
        .select('language')
        .whereRef('subscribers.id', '=', 'notices.subscriber_id')
        .as('language'),
    ])
    .where('state', '=', 'planned')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    ...row,
    kind: row.kind as NoticeKind,
    language: row.language ?? '',
  }));
}

/** Gives up on notices that could not be sent for so long that their links are useless. */
export async function expireNotices(db: Db, createdBefore: Instant, now: Instant): Promise<void> {
  await inTransaction(db, (trx) =>
    trx
      .updateTable('notices')
      .set({ state: 'expired', settled_at: now })
      .where('state', 'in', ['planned', 'deferred'])
      .where('created_at', '<', createdBefore)
      .execute(),
  );
}

/** Withdraws unsent notices to a subscriber, because their links would be invalid. */
export async function withdrawNotices(trx: Trx, subscriberId: number, now: Instant): Promise<void> {
  await trx
    .updateTable('notices')
    .set({ state: 'suppressed', settled_at: now })
    .where('subscriber_id', '=', subscriberId)
    .where('state', 'in', ['planned', 'deferred', 'uncertain'])
    .execute();
}
