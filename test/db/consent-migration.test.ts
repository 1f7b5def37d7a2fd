import { expect, onTestFinished, test } from 'vitest';
import { MIGRATIONS, migrate } from '../../src/db/migrate.ts';
import { openSqlite } from '../../src/db/open-sqlite.ts';
import { DAY } from '../../src/domain/time.ts';
import { FROZEN } from '../support/makers.ts';

/** A database of the version before `consent`. */
async function openBefore() {
  const { db } = openSqlite(':memory:');
  onTestFinished(() => db.destroy());
  const before = MIGRATIONS.slice(
    0,
    MIGRATIONS.findIndex(({ name }) => name === 'consent'),
  );
  await migrate(db, FROZEN, before);
  return db;
}

test('whom a stranger had made pending after they left is one who left, and stays so', async () => {
  const db = await openBefore();
  const person = { name: '', timezone: 'UTC', deliver_at: '07:00', days: 127, topics: '[]' };
  const add = (email: string, change: object = {}) =>
    db
      .insertInto('subscribers')
      .values({
        ...{ email, email_key: email, ...person, consent: 'form', created_at: FROZEN, state_at: FROZEN },
        ...{ state: 'pending', ...change },
      })
      .execute();
  await add('new@example.org');
  await add('imported@example.org', { consent: 'import' });
  await add('older@example.org', { state_at: FROZEN + 8 * DAY });
  await add('left@example.org', { state: 'unsubscribed', state_at: FROZEN + 5 });
  await add('active@example.org', { state: 'active' });
  await migrate(db, FROZEN);
  const rows = await db
    .selectFrom('subscribers')
    .select(['email', 'state', 'left_at'])
    .orderBy('email')
    .execute();
  expect(rows.map(({ email, state, left_at }) => [email.split('@')[0], state, left_at])).toEqual([
    ['active', 'active', 0],
    ['imported', 'unsubscribed', FROZEN],
    ['left', 'unsubscribed', FROZEN + 5],
    ['new', 'pending', 0],
    ['older', 'unsubscribed', FROZEN + 8 * DAY],
  ]);
});

test('profiles that no delivery has go, and notices keep the version of their reader', async () => {
  const db = await openBefore();
  await db
    .insertInto('profiles')
    .values([
      { key: 'a', body: '{}' },
      { key: 'b', body: '{}' },
    ])
    .execute();
  const state = { owner: '', lease_until: 0, attempts: 0, lost: 0, reply: '', settled_at: 0, next_at: 0 };
  const issue = { kind: 'daily' as const, date: '2026-08-19', sample: 0, state: 'done' as const, reason: '' };
  await db
    .insertInto('issues')
    .values({ ...issue, number: 1, frozen_at: 0, body: null, audience: 1, joined: 0, planned_at: 0 })
    .execute();
  const delivery = {
    address: 'a@example.org',
    state: 'accepted' as const,
    reason: '',
    due_at: 0,
    due_day: '' as const,
  };
  await db
    .insertInto('deliveries')
    .values({ ...delivery, ...state, issue_id: 1, subscriber_id: 1, profile_id: 2 })
    .execute();
  await db
    .insertInto('subscribers')
    .values({
      ...{ email: 'a@example.org', email_key: 'a@example.org', name: '', state: 'active', timezone: 'UTC' },
      ...{ deliver_at: '07:00', days: 127, topics: '[]', consent: 'form', created_at: 0, state_at: 0 },
      token_version: 3,
    })
    .execute();
  const notice = { subscriber_id: 1, state: 'accepted' as const, reason: '', created_at: 0, detail: '' };
  await db
    .insertInto('notices')
    .values([
      { ...notice, ...state, kind: 'manage', address: 'a@example.org' },
      { ...notice, ...state, kind: 'address', address: 'never-proved@example.net' },
    ])
    .execute();
  await migrate(db, FROZEN);
  expect(await db.selectFrom('profiles').select('id').execute()).toEqual([{ id: 2 }]);
  expect(await db.selectFrom('notices').select(['kind', 'token_version']).execute()).toEqual([
    { kind: 'manage', token_version: 3 },
  ]);
});
