import { sql } from 'kysely';
import { anyTextOf, jsonRows } from '../db/dialect.ts';
import type { Db, Row } from '../db/schema.ts';
import { addressKey } from '../domain/address.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { Instant } from '../domain/time.ts';
import { hasLeft, type NewSubscriber, toSubscriber } from './subscribers-table.ts';

/**
 * Adds many subscribers with one statement, whose only parameter is their rows as JSON: a list of a million comes in
 * within seconds.
 * @returns those who were not there before; of two with one address the first
 */
export async function addSubscribers(
  db: Db,
  added: readonly NewSubscriber[],
  now: Instant,
): Promise<Subscriber[]> {
  const rows = jsonRows(
    db,
    added.map((subscriber) => toJson(subscriber, now)),
  );
  const inserted = await sql<Row<'subscribers'>>`
    insert into subscribers (email, email_key, name, state, timezone, deliver_at, days, topics, consent, language,
      picks, paused_until, left_at, created_at, state_at)
    select value ->> 'email', value ->> 'key', value ->> 'name', value ->> 'state', value ->> 'timezone',
      value ->> 'deliverAt', cast(value ->> 'days' as integer), value ->> 'topics', value ->> 'consent',
      value ->> 'language', cast(value ->> 'picks' as integer), cast(value ->> 'pausedUntil' as bigint),
      cast(value ->> 'leftAt' as bigint), ${sql.lit(now)}, ${sql.lit(now)}
    from ${rows} where true
    on conflict (email_key) do nothing
    returning *`.execute(db);
  return inserted.rows.map(toSubscriber);
}

/** Those of the addresses that are on the list, by their keys. */
export async function findByAddresses(db: Db, emails: readonly string[]): Promise<Map<string, Subscriber>> {
  const keys = anyTextOf(db, emails.map(addressKey));
  const rows = await db.selectFrom('subscribers').selectAll().where('email_key', 'in', keys).execute();
  return new Map(rows.map((row) => [row.email_key, toSubscriber(row)]));
}

function toJson(subscriber: NewSubscriber, now: Instant) {
  const { topics, picks = null, pausedUntil = 0, language = '', ...given } = subscriber;
  return {
    ...given,
    language,
    picks,
    pausedUntil,
    key: addressKey(subscriber.email),
    topics: JSON.stringify(topics),
    leftAt: hasLeft(subscriber.state) ? now : 0,
  };
}
