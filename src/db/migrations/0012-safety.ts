import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { isTimeZone, zoneMeant } from '../../domain/day.ts';
import { suppressionId } from '../../domain/suppression.ts';

/** Addresses that are never mailed, what could not be worked on, and time zones that only half of the program knew. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('keys')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('suppressions')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('since', 'bigint', (c) => c.notNull())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('reply', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('set_aside')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('ref', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('seen_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('set_aside_key', ['kind', 'ref'])
    .execute();
  // Few rows are held, among a million that are planned.
  await sql`create index deliveries_held on deliveries (issue_id) where reason = 'held'`.execute(db);
  await rememberWhoLeft(db);
  await mendTimeZones(db);
}

type Subscriber = { id: number; email: string; state: string; state_at: number };

const SLICE = 1000;

async function rememberWhoLeft(db: Kysely<unknown>): Promise<void> {
  let key: string | undefined;
  for (let after = 0; ; ) {
    const { rows } = await sql<Subscriber>`select id, email, state, state_at from subscribers
      where state in ('unsubscribed', 'suppressed') and id > ${after} order by id limit ${sql.lit(SLICE)}`.execute(
      db,
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    key ??= await makeKey(db);
    for (const { email, state, state_at } of rows) {
      const reason = state === 'suppressed' ? 'hard' : 'unsubscribed';
      await sql`insert into suppressions (id, reason, since, source, reply)
        values (${suppressionId(key, email)}, ${reason}, ${state_at}, '', '') on conflict (id) do nothing`.execute(
        db,
      );
    }
    after = last.id;
  }
}

async function makeKey(db: Kysely<unknown>): Promise<string> {
  const key = randomBytes(32).toString('base64url');
  await sql`insert into keys (name, value) values ('suppressions', ${key})`.execute(db);
  return key;
}

/** Names that `Intl` alone knows become the zone that it takes them for. */
async function mendTimeZones(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ timezone: string }>`select distinct timezone from subscribers`.execute(db);
  for (const { timezone } of rows) {
    const meant = isTimeZone(timezone) ? timezone : zoneMeant(timezone);
    if (meant !== undefined && meant !== timezone)
      await sql`update subscribers set timezone = ${meant} where timezone = ${timezone}`.execute(db);
  }
}
