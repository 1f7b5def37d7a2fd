import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { MIGRATIONS, migrate } from '../../src/db/migrate.ts';
import { openSqlite } from '../../src/db/open-sqlite.ts';
import { findSuppressions, suppressionKey } from '../../src/subscribers/suppressions-table.ts';
import { FROZEN } from '../support/makers.ts';

const BEFORE = MIGRATIONS.slice(
  0,
  MIGRATIONS.findIndex(({ name }) => name === 'safety'),
);

test('an older database learns who left, and the zones that only half of the program knew are mended', async () => {
  const { db, readOnly } = openSqlite(':memory:');
  await migrate(db, FROZEN, BEFORE);
  const subscribers = [
    { email: 'left@example.org', state: 'unsubscribed', timezone: 'UTC' },
    { email: 'dead@example.org', state: 'suppressed', timezone: 'Europe/Berlin' },
    { email: 'west@example.org', state: 'active', timezone: 'PST' },
    { email: 'mars@example.org', state: 'active', timezone: 'Mars/Olympus' },
  ] as const;
  for (const { email, state, timezone } of subscribers)
    await sql`insert into subscribers (email, email_key, name, state, timezone, deliver_at, days, topics, consent, created_at, state_at)
      values (${email}, ${email}, '', ${state}, ${timezone}, '07:00', 127, '[]', 'import', ${FROZEN}, ${FROZEN})`.execute(
      db,
    );
  await migrate(db, FROZEN);
  const { rows } = await sql<{ timezone: string }>`select timezone from subscribers order by id`.execute(db);
  // What cannot be told is planned by the default, and stands in the status.
  expect(rows.map(({ timezone }) => timezone)).toEqual([
    'UTC',
    'Europe/Berlin',
    'America/Los_Angeles',
    'Mars/Olympus',
  ]);
  const found = await findSuppressions(
    db,
    subscribers.map(({ email }) => email),
  );
  expect(found.get('left@example.org')).toMatchObject({ reason: 'unsubscribed', since: FROZEN });
  expect(found.get('dead@example.org')).toMatchObject({ reason: 'hard', since: FROZEN });
  expect(found.size).toBe(2);
  expect(await suppressionKey(db)).toHaveLength(43);
  await db.destroy();
  if (readOnly !== db) await readOnly.destroy();
});
