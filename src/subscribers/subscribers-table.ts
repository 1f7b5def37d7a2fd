import { sql } from 'kysely';
import { withoutIndex } from '../db/dialect.ts';
import type { Db, Row, Trx } from '../db/schema.ts';
import { storedStrings } from '../db/stored.ts';
import { addressKey } from '../domain/address.ts';
import { Fault } from '../domain/fault.ts';
import type { IssueKind } from '../domain/issue.ts';
import type { Preferences, Subscriber, SubscriberState, Wishes } from '../domain/subscriber.ts';
import type { Instant } from '../domain/time.ts';
import { EVERY_DAY, isDays, WEEKLY } from '../domain/weekdays.ts';
import { eraseTraces, mailedBefore } from './erasing.ts';

export type NewSubscriber = Preferences &
  Pick<Subscriber, 'email' | 'name' | 'state' | 'topics' | 'consent'> &
  Partial<Wishes>;

/** What a list says of a subscriber, but for their state. */
export type Details = Wishes & Pick<Subscriber, 'email' | 'name'>;

export async function findSubscriber(db: Db, id: number): Promise<Subscriber | undefined> {
  const row = await db.selectFrom('subscribers').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toSubscriber(row);
}

export async function findByAddress(db: Db, address: string): Promise<Subscriber | undefined> {
  const query = db.selectFrom('subscribers').selectAll().where('email_key', '=', addressKey(address));
  const row = await query.executeTakeFirst();
  return row && toSubscriber(row);
}

/** @throws Fault SUBSCRIBER_UNKNOWN */
export async function requireByAddress(db: Db, address: string): Promise<Subscriber> {
  const subscriber = await findByAddress(db, address);
  if (subscriber) return subscriber;
  throw new Fault(
    'SUBSCRIBER_UNKNOWN',
    `${address} is not on the list.`,
    '"offprint subscribers list" shows who is.',
  );
}

/** @returns the new subscriber, or `undefined` when the address is already there */
export async function addSubscriber(
  db: Db,
  added: NewSubscriber,
  now: Instant,
): Promise<Subscriber | undefined> {
  const row = await db
    .insertInto('subscribers')
    .values({
      email: added.email,
      email_key: addressKey(added.email),
      name: added.name,
      state: added.state,
      timezone: added.timezone,
      deliver_at: added.deliverAt,
      days: added.days,
      topics: JSON.stringify(added.topics),
      consent: added.consent,
      created_at: now,
      state_at: now,
      left_at: hasLeft(added.state) ? now : 0,
      picks: added.picks ?? null,
      paused_until: added.pausedUntil ?? 0,
      language: added.language ?? '',
    })
    .onConflict((conflict) => conflict.column('email_key').doNothing())
    .returningAll()
    .executeTakeFirst();
  return row && toSubscriber(row);
}

/**
 * Also records when a subscriber unsubscribes or is suppressed, so that no stranger or import can undo it. These moments are
 * unique per subscriber because links name them, even within a millisecond or after the clock was set back.
 */
export async function setState(db: Db, id: number, state: SubscriberState, now: Instant): Promise<void> {
  const leftAt = sql<Instant>`case when left_at < ${now} then ${now} else left_at + 1 end`;
  const values = { state, state_at: now, ...(hasLeft(state) && { left_at: leftAt }) };
  await db.updateTable('subscribers').set(values).where('id', '=', id).execute();
}

/** Whether a state keeps mail away until the subscriber wants it again. */
export function hasLeft(state: SubscriberState): boolean {
  return state === 'unsubscribed' || state === 'suppressed';
}

/** When a subscriber last unsubscribed or was suppressed; 0 for never. */
export async function leftAtOf(db: Db, id: number): Promise<Instant> {
  const query = db.selectFrom('subscribers').select('left_at').where('id', '=', id);
  return (await query.executeTakeFirst())?.left_at ?? 0;
}

export async function setConsent(db: Db, id: number, consent: string): Promise<void> {
  await db.updateTable('subscribers').set({ consent }).where('id', '=', id).execute();
}

export async function setPreferences(db: Db, id: number, wanted: Preferences): Promise<void> {
  const { timezone, deliverAt, days } = wanted;
  await db
    .updateTable('subscribers')
    .set({ timezone, deliver_at: deliverAt, days })
    .where('id', '=', id)
    .execute();
}

/** Everything that a subscriber chose on their page. */
export async function setWishes(db: Db, id: number, wanted: Wishes): Promise<void> {
  const { topics, picks, pausedUntil, language } = wanted;
  const values = { topics: JSON.stringify(topics), picks, paused_until: pausedUntil, language };
  await db.updateTable('subscribers').set(values).where('id', '=', id).execute();
  await setPreferences(db, id, wanted);
}

/** Moves a subscriber to another address, and makes the links that were mailed to the old one worthless. */
export async function setAddress(db: Db, id: number, email: string): Promise<void> {
  await db
    .updateTable('subscribers')
    .set((e) => ({ email, email_key: addressKey(email), token_version: e('token_version', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

/** What an import changes in a subscriber it already knows: all but the state and the consent. */
export async function setDetails(db: Db, id: number, wanted: Details): Promise<void> {
  const { email, name } = wanted;
  await db.updateTable('subscribers').set({ email, name }).where('id', '=', id).execute();
  await setWishes(db, id, wanted);
}

export type Audience = Pick<
  Row<'subscribers'>,
  'id' | 'email' | 'timezone' | 'deliver_at' | 'days' | 'topics' | 'picks' | 'paused_until'
>;

/** Subscribers of a kind of issue, in slices by id: the first `limit` after `afterId`. */
export async function audienceAfter(
  db: Db,
  kind: IssueKind,
  afterId: number,
  limit: number,
): Promise<Audience[]> {
  return db
    .selectFrom('subscribers')
    .where(withoutIndex('subscribers.state'), '=', 'active')
    .where('days', ...ofKind(kind))
    .select(['id', 'email', 'timezone', 'deliver_at', 'days', 'topics', 'picks', 'paused_until'])
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .execute();
}

export async function countSubscribers(db: Db, kind: IssueKind): Promise<number> {
  const row = await db
    .selectFrom('subscribers')
    .where('state', '=', 'active')
    .where('days', ...ofKind(kind))
    .select((e) => e.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

function ofKind(kind: IssueKind): ['=' | '<>', number] {
  return [kind === 'weekly' ? '=' : '<>', WEEKLY];
}

/** In the order of joining, in slices by id. */
export async function listSubscribers(db: Db, afterId: number, limit: number): Promise<Subscriber[]> {
  const query = db.selectFrom('subscribers').selectAll().where('id', '>', afterId).orderBy('id').limit(limit);
  return (await query.execute()).map(toSubscriber);
}

/** The first `limit` after an id, all or those in a state. */
export async function subscribersAfter(
  db: Db,
  page: { readonly state?: SubscriberState | undefined; readonly after: number; readonly limit: number },
): Promise<Subscriber[]> {
  let rows = db.selectFrom('subscribers').selectAll().where('id', '>', page.after);
  if (page.state !== undefined) rows = rows.where('state', '=', page.state);
  return (await rows.orderBy('id').limit(page.limit).execute()).map(toSubscriber);
}

export async function countByState(db: Db): Promise<{ state: SubscriberState; count: number }[]> {
  const rows = await db
    .selectFrom('subscribers')
    .select((e) => ['state', e.fn.countAll<number>().as('count')])
    .groupBy('state')
    .orderBy('state')
    .execute();
  return rows.map((row) => ({ state: row.state, count: Number(row.count) }));
}

/** Forgets who it was: the row goes, deliveries keep its number and lose the address, also out of the reply. */
export async function eraseSubscriber(trx: Trx, id: number): Promise<void> {
  await eraseTraces(trx, id);
  await trx.deleteFrom('subscribers').where('id', '=', id).execute();
}

/**
 * Deletes up to `limit` unconfirmed sign-ups, oldest first. Anybody who has unsubscribed before or has had an issue is kept
 * as unsubscribed: without their row an import would mail them again.
 * @returns how many there were
 */
export async function purgePending(trx: Trx, before: Instant, now: Instant, limit: number): Promise<number> {
  const rows = await trx
    .selectFrom('subscribers')
    .select(['id', 'left_at'])
    .where('state', '=', 'pending')
    .where('state_at', '<', before)
    .orderBy('state_at')
    .limit(limit)
    .execute();
  const subscribers = await mailedBefore(
    trx,
    rows.map(({ id }) => id),
  );
  for (const { id, left_at } of rows) {
    if (left_at > 0 || subscribers.has(id)) await setState(trx, id, 'unsubscribed', now);
    else await eraseSubscriber(trx, id);
  }
  return rows.length;
}

export function toSubscriber(row: Row<'subscribers'>): Subscriber {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    state: row.state,
    timezone: row.timezone,
    deliverAt: row.deliver_at,
    days: isDays(row.days) ? row.days : EVERY_DAY,
    topics: storedStrings(row.topics) ?? [],
    consent: row.consent,
    createdAt: row.created_at,
    picks: row.picks,
    pausedUntil: row.paused_until,
    language: row.language,
    tokenVersion: row.token_version,
  };
}
