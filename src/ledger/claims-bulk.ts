import { type RawBuilder, sql } from 'kysely';
import { isPostgres, jsonRows, sharedTransaction } from '../db/dialect.ts';
import type { Db } from '../db/schema.ts';
import { Together } from '../db/sqlite.ts';
import type { Instant } from '../domain/time.ts';
import { BEING_DELIVERED } from './claims.ts';
import type { DueDelivery } from './deliveries.ts';

type Key = { readonly issueId: number; readonly subscriberId: number };

/**
 * A delivery to claim, as it was read: if it was planned again since, the claim fails.
 * `keep`: the picks that its subscriber gets.
 */
export type Claim = Omit<DueDelivery, 'attempts' | 'tokenVersion' | 'language' | 'welcome'> & {
  readonly keep: string;
};

/** Claims, each as `claim` makes it, and acceptances, each as `settle` writes it, of one owner. */
export type Group = {
  readonly claims: readonly Claim[];
  readonly accepted: readonly (Key & { readonly reply: string })[];
  readonly owner: string;
  readonly now: Instant;
  readonly leaseUntil: Instant;
};

/** In the order given: for claims, whether the delivery is now the owner's; for acceptances, whether it still was. */
export type Written = { readonly claims: boolean[]; readonly accepted: boolean[] };

/** Writes a group as one transaction. */
export async function writeGroup(db: Db, group: Group): Promise<Written> {
  return isPostgres(db) ? writeAsRows(db, group) : writeOneByOne(db, group);
}

const CLAIM = `update deliveries set state = 'sending', owner = ?, lease_until = ?, picks = ?
  where issue_id = ? and subscriber_id = ? and state || '' = 'planned' and address = ? and due_at = ?
  and profile_id = ? and picks = ? and ${BEING_DELIVERED}`;
const ACCEPT = `update deliveries set state = 'accepted', reason = '', attempts = attempts + 1, reply = ?, owner = '', settled_at = ?
  where issue_id = ? and subscriber_id = ? and state || '' = 'sending' and owner = ?`;

/** On SQLite a statement costs microseconds; what pays is that many share a transaction. */
async function writeOneByOne(db: Db, { claims, accepted, owner, now, leaseUntil }: Group): Promise<Written> {
  const statements = [
    { sql: ACCEPT, rows: accepted.map((row) => [cut(row.reply), now, row.issueId, row.subscriberId, owner]) },
    { sql: CLAIM, rows: claims.map(({ keep, ...row }) => [owner, leaseUntil, keep, ...asRead(row)]) },
  ];
  const { rows } = await db.executeQuery<number[]>(new Together(statements));
  const [settled = [], claimed = []] = rows.map((changes) => changes.map((changed) => changed === 1));
  return { claims: claimed, accepted: settled };
}

function asRead(row: Omit<Claim, 'keep'>): (string | number)[] {
  const { issueId, subscriberId, address, dueAt, profileId, picks } = row;
  return [issueId, subscriberId, address, dueAt, profileId, picks];
}

type Row = { readonly issue_id: number; readonly subscriber_id: number };

/** On Postgres each statement is a round trip: here one statement gets all rows. */
async function writeAsRows(db: Db, group: Group): Promise<Written> {
  return sharedTransaction(db, async (trx) => {
    const accepted = await acceptance(trx, group).execute(trx);
    const claimed = await claiming(trx, group).execute(trx);
    return { claims: whichOf(group.claims, claimed.rows), accepted: whichOf(group.accepted, accepted.rows) };
  });
}

/** Sorted, as far as the server keeps the order: otherwise two that want the same rows could deadlock. */
function claiming(db: Db, { claims, owner, leaseUntil }: Group): RawBuilder<Row> {
  const inOrder = claims.toSorted((a, b) => a.issueId - b.issueId || a.subscriberId - b.subscriberId);
  const rows = inOrder.map(({ keep, ...row }) => [...asRead(row), keep]);
  return sql`with v (issue, reader, address, due, profile, picks, keep) as (select cast(value ->> 0 as integer),
      cast(value ->> 1 as integer), value ->> 2, cast(value ->> 3 as bigint), cast(value ->> 4 as integer), value ->> 5, value ->> 6
      from ${jsonRows(db, rows)})
    update deliveries set state = 'sending', owner = ${owner}, lease_until = ${leaseUntil}, picks = v.keep from v
    where deliveries.issue_id = v.issue and deliveries.subscriber_id = v.reader and deliveries.state = 'planned'
    and deliveries.address = v.address and deliveries.due_at = v.due and deliveries.profile_id = v.profile
    and deliveries.picks = v.picks and ${sql.raw(BEING_DELIVERED)}
    returning deliveries.issue_id, deliveries.subscriber_id`;
}

function acceptance(db: Db, { accepted, owner, now }: Group): RawBuilder<Row> {
  const rows = accepted.map((row) => [row.issueId, row.subscriberId, cut(row.reply)]);
  return sql`with v (issue, reader, reply) as (select cast(value ->> 0 as integer), cast(value ->> 1 as integer),
      value ->> 2 from ${jsonRows(db, rows)})
    update deliveries set state = 'accepted', reason = '', attempts = deliveries.attempts + 1, reply = v.reply,
    owner = '', settled_at = ${now} from v
    where deliveries.issue_id = v.issue and deliveries.subscriber_id = v.reader and deliveries.state = 'sending'
    and deliveries.owner = ${owner}
    returning deliveries.issue_id, deliveries.subscriber_id`;
}

/** Of two claims of one delivery, the first wins. */
function whichOf(given: readonly Key[], rows: readonly Row[]): boolean[] {
  const nameOf = (issueId: number, subscriberId: number) => `${issueId}/${subscriberId}`;
  const found = new Set(rows.map((row) => nameOf(row.issue_id, row.subscriber_id)));
  return given.map(({ issueId, subscriberId }) => found.delete(nameOf(issueId, subscriberId)));
}

/** How much of a relay's reply is stored. */
function cut(reply: string): string {
  return reply.replaceAll('\0', '').slice(0, 500).toWellFormed();
}

/**
 * An acceptance that arrives after its row was marked uncertain: the server has the mail, so nobody sends it
 * again, unless somebody has already started.
 */
export async function acceptLate(db: Db, key: Key, reply: string, now: Instant): Promise<boolean> {
  const result = await db
    .updateTable('deliveries')
    .set({ state: 'accepted', reason: '', reply: cut(reply), owner: '', settled_at: now })
    .where('issue_id', '=', key.issueId)
    .where('subscriber_id', '=', key.subscriberId)
    .where('state', 'in', ['uncertain', 'planned'])
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
