import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../src/domain/time.ts';
import { startMailer } from '../../src/runtime/mailer.ts';
import { queueSignUp } from '../../src/subscribers/sign-up-table.ts';
import { addresses, enrollSubscribers, ledger } from '../support/app.ts';
import { listedDay } from '../support/feeds.ts';
import { openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';

describe('once --due', () => {
  test('freezes only after its moment and mails only who is due by then', async () => {
    await using room = await openNewsroom({}, { now: '2026-08-19T04:59:00Z' });
    const { app, relay } = room;
    await enrollSubscribers(app, ['early@example.org'], { deliverAt: '05:30' });
    await enrollSubscribers(app, ['late@example.org'], { deliverAt: '20:00' });
    await enrollSubscribers(app, ['tokyo@example.org'], { timezone: 'Asia/Tokyo', deliverAt: '15:00' });
    expect((await runOnce(app, { due: true })).issue.date).toBe('2026-08-18');
    const sentAt: Record<string, string[]> = {};
    for (const time of ['05:00', '05:30', '06:00', '19:59', '20:00']) {
      const before = relay.mails.length;
      app.time.set(`2026-08-19T${time}:00Z`);
      await runOnce(app, { due: true });
      sentAt[time] = relay.mails.slice(before).map(({ to }) => to);
    }
    expect(sentAt).toEqual({
      '05:00': [],
      '05:30': ['early@example.org'],
      '06:00': ['tokyo@example.org'],
      '19:59': [],
      '20:00': ['late@example.org'],
    });
  });

  test('takes --at for now', async () => {
    await using room = await openNewsroom({}, { now: '2026-08-19T05:00:00Z' });
    await enrollSubscribers(room.app, addresses(2));
    await runOnce(room.app, { due: true });
    expect(room.relay.mails).toEqual([]);
    await runOnce(room.app, { due: true, at: Date.parse('2026-08-19T07:00:00Z') });
    expect(room.relay.mails).toHaveLength(2);
  });
});

describe('a late run', () => {
  async function lateRoom(lateBy: number) {
    const room = await openNewsroom({ LATE_LIMIT: '12h' });
    await enrollSubscribers(room.app, addresses(2));
    await runOnce(room.app, { due: true });
    room.app.time.set(Date.parse('2026-08-19T07:00:00Z') + lateBy);
    await runOnce(room.app, { due: true });
    return room;
  }

  test('within LATE_LIMIT still delivers', async () => {
    await using room = await lateRoom(12 * HOUR - MINUTE);
    expect(room.relay.mails).toHaveLength(2);
  });

  test('past LATE_LIMIT expires what is unsent, and the books say so', async () => {
    await using room = await lateRoom(12 * HOUR + MINUTE);
    expect(room.relay.mails).toEqual([]);
    expect((await ledger(room.app)).map(({ state }) => state)).toEqual(['expired', 'expired']);
    expect(await wrongBooks(room.app)).toEqual([]);
  });
});

describe('the mailer', () => {
  test('freezes at the moment of ISSUE_CRON, sends what is due, and stops when that is done', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(2), { deliverAt: '05:00' });
    await enrollSubscribers(app, ['late@example.org'], { deliverAt: '09:00' });
    const mailer = startMailer(app);
    mailer.wake();
    await relay.received(2);
    app.time.set('2026-08-19T09:00:00Z');
    mailer.wake();
    await relay.received(3);
    await mailer.stop();
    expect((await ledger(app)).map(({ state }) => state)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('leaves a relay that refuses us alone for a while, and then goes on', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(3), { deliverAt: '05:00' });
    relay.follow(({ stage }) => (stage === 'mail' ? '421 4.7.0 busy' : undefined));
    const mailer = startMailer(app);
    mailer.wake();
    const rest = 'the relay refuses us; pausing before the next attempt';
    await app.untilLogged(rest);
    relay.follow(() => undefined);
    app.time.advance(6 * SECOND);
    mailer.wake();
    await relay.received(3);
    await mailer.stop();
    expect(relay.recipients()).toEqual(addresses(3));
  });

  test('freezes the next issue and answers sign-ups while a pass lasts, and mails what is due then', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await enrollSubscribers(app, ['waits@slow.example'], { deliverAt: '05:00' });
    await enrollSubscribers(app, ['ada@fast.example'], { deliverAt: '05:00' });
    const stalled = Promise.withResolvers<undefined>();
    relay.follow(({ stage, to }) =>
      stage === 'end' && to.endsWith('slow.example') ? stalled.promise : undefined,
    );
    const mailer = startMailer(app);
    mailer.wake();
    await relay.received(1);
    await app.store.db.transaction().execute((trx) => queueSignUp(trx, 'new@fast.example', [], app.clock()));
    room.feeds.state.days['2026-08-19'] = listedDay('2026-08-19', 12);
    app.time.set('2026-08-20T05:00:00Z');
    mailer.wake();
    await relay.received(3);
    expect(relay.recipients().toSorted()).toEqual([
      'ada@fast.example',
      'ada@fast.example',
      'new@fast.example',
    ]);
    stalled.resolve(undefined);
    await mailer.stop();
  });
});
