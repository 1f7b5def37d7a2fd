import { sql } from 'kysely';
import { isPostgres } from '../db/dialect.ts';
import type { Db } from '../db/schema.ts';
import { addressKey } from '../domain/address.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { Instant } from '../domain/time.ts';
import { type NewSubscriber, toSubscriber } from './subscribers-table.ts';

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
  const rows = JSON.stringify(added.map((subscriber) => toJson(subscriber)));
  const source = isPostgres(db as never)
    ? sql`jsonb_array_elements(${rows}::jsonb) as given(value)`
    : sql`json_each(${rows}) as given`;
  const inserted = await sql<{ id: number; email_key: string }>`
    insert into subscribers (email, email_key, name, state, timezone, deliver_at, days, topics, consent,
      created_at, state_at)
    select value ->> 'email', value ->> 'key', value ->> 'name', value ->> 'state', value ->> 'timezone',
      value ->> 'deliverAt', cast(value ->> 'days' as integer), value ->> 'topics', value ->> 'consent',
      ${sql.lit(now)}, ${sql.lit(now)}
    from ${source} where true
    on conflict (email_key) do nothing
    returning id, email_key`.execute(db);
  const byKey = new Map<string, NewSubscriber>();
  for (const subscriber of added.toReversed()) byKey.set(addressKey(subscriber.email), subscriber);
  return inserted.rows.flatMap(({ id, email_key }) => {
    const subscriber = byKey.get(email_key);
    if (subscriber === undefined) return [];
    const fresh = { id, createdAt: now, picks: null, pausedUntil: 0, language: '', tokenVersion: 0 };
    return [{ ...subscriber, ...fresh }];
  });
}

/** Those of the addresses that are on the list, by their keys. */
export async function findByAddresses(db: Db, emails: readonly string[]): Promise<Map<string, Subscriber>> {
  const keys = JSON.stringify(emails.map(addressKey));
  const list = isPostgres(db as never)
    ? sql<string>`(select jsonb_array_elements_text(${keys}::jsonb))`
    : sql<string>`(select value from json_each(${keys}))`;
  const rows = await db.selectFrom('subscribers').selectAll().where('email_key', 'in', list).execute();
  return new Map(rows.map((row) => [row.email_key, toSubscriber(row)]));
}

function toJson(subscriber: NewSubscriber) {
  const { email, name, state, timezone, deliverAt, days, topics, consent } = subscriber;
  const key = addressKey(email);
  return { email, key, name, state, timezone, deliverAt, days, topics: JSON.stringify(topics), consent };
}
