import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { isPostgres } from '../../src/db/dialect.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/time.ts';
import { attempt, freezeIfDue, newLoopState, startMailer } from '../../src/runtime/mailer.ts';
import { addresses, enrollSubscribers } from '../support/app.ts';
import { ENGINE } from '../support/engine.ts';
import { listedDay } from '../support/feeds.ts';
import { NEVER, openNewsroom, runOnce } from '../support/newsroom.ts';

/** These tests change the schema, which tests on Postgres otherwise share one after the other. */
const ownSchema = () => (ENGINE === 'postgres' ? { DATABASE_URL: crypto.randomUUID() } : {});

/** From now on no daily issue can be frozen. */
async function breakFreezing(app: App): Promise<void> {
  const { db } = app.store;
  const refusal = isPostgres(db)
    ? sql`alter table issues add constraint broken check (kind <> 'daily') not valid`
    : sql`create trigger broken before insert on issues when new.kind = 'daily'
        begin select raise(abort, 'this issue cannot be frozen'); end`;
  await refusal.execute(db);
}

/** The looks of some time, one each `every` milliseconds. @returns how often the list of papers was asked for */
async function look(room: Awaited<ReturnType<typeof openNewsroom>>, forMs: number, every: number) {
  const { app, feeds } = room;
  const state = newLoopState(app);
  const before = feeds.state.asked;
  for (let passed = 0; passed < forMs; passed += every) {
    await attempt(app, () => freezeIfDue(app, state, NEVER), NEVER);
    app.time.advance(every);
  }
  return feeds.state.asked - before;
}

describe('an issue that cannot be frozen', () => {
  test('has its sources asked every ten minutes, not at each look, and is in the log each time', async () => {
    await using room = await openNewsroom(ownSchema());
    await breakFreezing(room.app);
    const once = await look(room, SECOND, SECOND);
    room.app.time.advance(HOUR);
    const asked = await look(room, HOUR, 10 * SECOND);
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(7 * once);
    expect(room.app.logged).toContain('a pass failed; the next one will retry');
  });

  test('is tried at once by a program that was started again', async () => {
    await using room = await openNewsroom(ownSchema());
    await breakFreezing(room.app);
    await look(room, MINUTE, 10 * SECOND);
    expect(await look(room, SECOND, SECOND)).toBeGreaterThan(0);
  });

  test('keeps neither yesterday’s mails nor the other edition of the day from their readers', async () => {
    await using room = await openNewsroom({ WEEKLY_ON: 'thu', LATE_LIMIT: '48h', ...ownSchema() });
    const { app, relay, feeds } = room;
    await enrollSubscribers(app, addresses(2));
    await enrollSubscribers(app, ['week@example.org'], { days: 128 });
    await runOnce(app, { due: true });
    await breakFreezing(app);
    feeds.state.days['2026-08-19'] = listedDay('2026-08-19', 12);
    app.time.advance(DAY);
    const mailer = startMailer(app);
    mailer.wake();
    app.time.advance(3 * HOUR);
    mailer.wake();
    await relay.received(3);
    await mailer.stop();
    expect(relay.recipients()).toEqual([...addresses(2), 'week@example.org']);
  });
});
