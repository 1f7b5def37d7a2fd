import { inTransaction } from '../db/dialect.ts';
import type { Db, Trx } from '../db/schema.ts';
import { withoutAddresses } from '../domain/reply.ts';
import type { Return, ReturnEffect, ReturnKind } from '../domain/return.ts';
import { returnDetail } from '../domain/return.ts';
import type { Instant } from '../domain/time.ts';
import type { ReturnedMail } from '../domain/verp.ts';
import type { SentMail } from '../ledger/returned.ts';

/** A return as it was taken. */
export type TakenReturn = {
  readonly id: number;
  readonly source: string;
  readonly kind: ReturnKind;
  readonly class: string;
  readonly status: string;
  /** 0 for none. */
  readonly code: number;
  /** 0 where it is about no issue. */
  readonly issueId: number;
  readonly refId: number;
  readonly effect: ReturnEffect;
  readonly detail: string;
  readonly takenAt: Instant;
};

/** Those of some events that were taken before, as `SOURCE KEY`. */
export async function knownReturns(db: Db, events: readonly Return[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (const [source, own] of Map.groupBy(events, (event) => event.source)) {
    const keys = own.map(({ key }) => key);
    const rows = await db
      .selectFrom('returns')
      .select('key')
      .where('source', '=', source)
      .where('key', 'in', keys)
      .execute();
    for (const { key } of rows) known.add(`${source} ${key}`);
  }
  return known;
}

/** An event, and what it led to. */
export type EventTaken = {
  readonly event: Return;
  readonly effect: ReturnEffect;
  readonly mail?: ReturnedMail;
  /** For a return that names no mail. */
  readonly subscriberId?: number;
};

/** Writes events down, each once for ever. */
export async function addReturns(trx: Trx, taken: readonly EventTaken[], now: Instant): Promise<void> {
  if (taken.length === 0) return;
  const rows = taken.map(({ event, effect, mail, subscriberId }) => ({
    source: event.source,
    key: event.key,
    kind: event.kind,
    class: event.class ?? ('' as const),
    status: event.status,
    code: event.code ?? 0,
    ...columnsOf(mail, subscriberId),
    effect,
    detail: returnDetail(withoutAddresses(event.detail)),
    happened_at: event.happenedAt ?? now,
    taken_at: now,
  }));
  await trx
    .insertInto('returns')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['source', 'key']).doNothing())
    .execute();
}

function columnsOf(mail: ReturnedMail | undefined, subscriberId = 0) {
  if (mail?.table === 'notices') return { tag_table: mail.table, issue_id: 0, ref_id: mail.id };
  if (mail) return { tag_table: mail.table, issue_id: mail.issueId, ref_id: mail.subscriberId };
  return {
    tag_table: subscriberId > 0 ? ('deliveries' as const) : ('' as const),
    issue_id: 0,
    ref_id: subscriberId,
  };
}

/** The newest first. */
export async function listReturns(
  db: Db,
  {
    issueId,
    effect,
    limit,
  }: { issueId?: number | undefined; effect?: ReturnEffect | undefined; limit: number },
): Promise<TakenReturn[]> {
  let rows = db
    .selectFrom('returns')
    .select(['id', 'source', 'kind', 'class', 'status', 'code', 'issue_id as issueId', 'ref_id as refId'])
    .select(['effect', 'detail', 'taken_at as takenAt']);
  if (issueId !== undefined) rows = rows.where('issue_id', '=', issueId);
  if (effect !== undefined) rows = rows.where('effect', '=', effect);
  return rows.orderBy('id', 'desc').limit(limit).execute();
}

/** How many mails of an issue came back, and how many of its subscribers complained, since a moment. */
export async function countReturned(
  db: Db,
  issueId: number,
  since: Instant = 0,
): Promise<{ readonly bounced: number; readonly hard: number; readonly complained: number }> {
  const rows = await db
    .selectFrom('returns')
    .select((e) => ['kind', 'class', e.fn.count<number>('ref_id').distinct().as('count')])
    .where('issue_id', '=', issueId)
    .where('kind', 'in', ['bounce', 'complaint'])
    .where('effect', '<>', 'unmatched')
    .where('taken_at', '>', since)
    .groupBy(['kind', 'class'])
    .execute();
  const sum = (wanted: (row: (typeof rows)[number]) => boolean) =>
    rows.filter(wanted).reduce((total, { count }) => total + Number(count), 0);
  return {
    bounced: sum(({ kind }) => kind === 'bounce'),
    hard: sum((row) => row.kind === 'bounce' && row.class === 'hard'),
    complained: sum(({ kind }) => kind === 'complaint'),
  };
}

/** Whether at least `wanted` mails of an issue were accepted since a moment, whether they came back or not. */
export async function hasAccepted(db: Db, issueId: number, wanted: number, since: Instant): Promise<boolean> {
  const accepted = db
    .selectFrom('deliveries')
    .select('issue_id')
    .where('issue_id', '=', issueId)
    .where('state', 'in', ['accepted', 'failed'])
    .where((e) => e.or([e('state', '=', 'accepted'), e('bounced_at', '>', 0)]))
    .where('settled_at', '>', since)
    .limit(wanted);
  const row = await db
    .selectFrom(accepted.as('accepted'))
    .select((e) => e.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count) >= wanted;
}

/** How many returns came by mail since a moment. */
export async function countMailedSince(db: Db, since: Instant): Promise<number> {
  const row = await db
    .selectFrom('returns')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('taken_at', '>', since)
    .where('source', '=', 'mail')
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Whom returns of an issue took off the list, in slices by the subscribers' ids. */
export async function suppressedBy(
  db: Db,
  issueId: number,
  after: number,
  limit: number,
): Promise<SentMail[]> {
  return db
    .selectFrom('returns')
    .innerJoin('deliveries', (join) =>
      join
        .onRef('deliveries.issue_id', '=', 'returns.issue_id')
        .onRef('deliveries.subscriber_id', '=', 'returns.ref_id'),
    )
    .select(['deliveries.subscriber_id as subscriberId', 'address'])
    .where('effect', '=', 'suppressed')
    .where('returns.issue_id', '=', issueId)
    .where('returns.ref_id', '>', after)
    .orderBy('returns.ref_id')
    .limit(limit)
    .execute();
}

/** What was taken back afterwards is shown as what it is now. */
export async function setEffect(
  trx: Trx,
  issueId: number,
  subscriberId: number,
  effects: { readonly from: ReturnEffect; readonly to: ReturnEffect },
): Promise<void> {
  await trx
    .updateTable('returns')
    .set({ effect: effects.to })
    .where('issue_id', '=', issueId)
    .where('ref_id', '=', subscriberId)
    .where('tag_table', '=', 'deliveries')
    .where('effect', '=', effects.from)
    .execute();
}

/** Forgets up to `limit` returns of before a moment. @returns how many */
export async function forgetReturns(db: Db, before: Instant, limit: number): Promise<number> {
  const old = db.selectFrom('returns').select('id').where('taken_at', '<', before).limit(limit);
  return inTransaction(db, async (trx) =>
    Number((await trx.deleteFrom('returns').where('id', 'in', old).executeTakeFirst()).numDeletedRows),
  );
}
