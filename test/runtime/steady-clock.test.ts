import { describe, expect, test, vi } from 'vitest';
import type { App } from '../../src/app.ts';
import { issueClockOf } from '../../src/config/load.ts';
import { deliver, expireLate } from '../../src/delivery/deliver.ts';
import { createRoutes } from '../../src/delivery/routes.ts';
import type { Transport } from '../../src/delivery/smtp/transport.ts';
import { addDays, dayAt } from '../../src/domain/day.ts';
import { dueAt } from '../../src/domain/due.ts';
import { currentEditions } from '../../src/domain/edition.ts';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../src/domain/time.ts';
import { dayBit, EVERY_DAY, WEEKDAYS } from '../../src/domain/weekdays.ts';
import { publish } from '../../src/issues/publish.ts';
import { startMailer } from '../../src/runtime/mailer.ts';
import { queueSignUp } from '../../src/subscribers/sign-up-table.ts';
import { addresses, enrollSubscribers, ledger } from '../support/app.ts';
import { listedDay } from '../support/feeds.ts';
import { NEVER, openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';

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
    await vi.waitFor(() => expect(relay.mails).toHaveLength(2), { interval: 2, timeout: 10_000 });
    app.time.set('2026-08-19T09:00:00Z');
    mailer.wake();
    await vi.waitFor(() => expect(relay.mails).toHaveLength(3), { interval: 2, timeout: 10_000 });
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
    const rest = 'the relay refuses us and is left alone for a while';
    await vi.waitFor(() => expect(app.logged).toContain(rest), { interval: 2, timeout: 10_000 });
    relay.follow(() => undefined);
    app.time.advance(6 * SECOND);
    mailer.wake();
    await vi.waitFor(() => expect(relay.mails).toHaveLength(3), { interval: 2, timeout: 10_000 });
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
    const mailed = (count: number) =>
      vi.waitFor(() => expect(relay.recipients()).toHaveLength(count), { interval: 2, timeout: 10_000 });
    await mailed(1);
    await app.store.db.transaction().execute((trx) => queueSignUp(trx, 'new@fast.example', [], app.clock()));
    room.feeds.state.days['2026-08-19'] = listedDay('2026-08-19', 12);
    app.time.set('2026-08-20T05:00:00Z');
    mailer.wake();
    await mailed(3);
    expect(relay.recipients().toSorted()).toEqual([
      'ada@fast.example',
      'ada@fast.example',
      'new@fast.example',
    ]);
    stalled.resolve(undefined);
    await mailer.stop();
  });
});

const ZONES = [
  'UTC',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'America/New_York',
  'Europe/London',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
];
const HOURS = ['00:00', '01:30', '05:00', '23:30'];
const STEP = 30 * MINUTE;

/** A relay in memory that writes down who was mailed when. */
function diary(clock: App['clock']) {
  const mails: { to: string; at: Instant }[] = [];
  const transport: Transport = {
    name: 'diary',
    connections: 5,
    send: async ({ envelope }) => {
      mails.push({ to: envelope.to, at: clock() });
      return { kind: 'accepted', reply: '250 2.0.0 noted' };
    },
    close: async () => {},
  };
  return { mails, transport };
}

// New York leaves summer time on 1 November 2026, London on 25 October.
test('over a fortnight with changes of the clock, nobody gets two on a local day, and all get the newest at their hour', async () => {
  const start = Date.parse('2026-10-22T05:00:00Z');
  const days = 14;
  await using room = await openNewsroom({}, { now: start });
  const { mails, transport } = diary(room.app.clock);
  const routes = createRoutes([transport], transport.connections, () => 1000);
  const app: App = { ...room.app, sending: { ...room.app.sending, routes } };
  for (let day = 0; day < days; day += 1) {
    const date = addDays('2026-10-21', day);
    room.feeds.state.days[date] = listedDay(date, 12);
  }
  const wishes = new Map<string, { timezone: string; deliverAt: string; days: number }>();
  for (const timezone of ZONES)
    for (const deliverAt of HOURS)
      for (const wanted of [EVERY_DAY, WEEKDAYS, dayBit('2026-10-27')]) {
        const email = `reader${wishes.size + 1}@example.org`;
        wishes.set(email, { timezone, deliverAt, days: wanted });
        await enrollSubscribers(app, [email], { timezone, deliverAt, days: wanted });
      }
  for (let at = start; at < start + days * DAY; at += STEP) {
    room.app.time.set(at);
    await publish(app, app.publishing, currentEditions(at, issueClockOf(app.config)), {
      signal: NEVER,
      retrySkipped: false,
    });
    await expireLate(app, at);
    await deliver(app, app.composing, app.sending, () => ({ dueBy: at }), NEVER);
  }
  for (const [email, wants] of wishes) {
    const got = mails.filter(({ to }) => to === email).map(({ at }) => at);
    const localDays = got.map((at) => dayAt(at, wants.timezone));
    expect(new Set(localDays).size, `${email} ${JSON.stringify(wants)}`).toBe(got.length);
    expect(got, `${email} ${JSON.stringify(wants)}`).toEqual(expectedMails(wants, start, days));
  }
  expect(await wrongBooks(app)).toEqual([]);
});

/** For each issue its due moment; of several on one local day the last. An issue is frozen at 05:00 UTC. */
function expectedMails(wants: Parameters<typeof dueAt>[1], start: Instant, days: number): Instant[] {
  const byDay = new Map<string, Instant>();
  let had = '';
  for (let day = 0; day < days; day += 1) {
    const frozenAt = start + day * DAY;
    for (const [local, at] of byDay) if (at < frozenAt && local > had) had = local;
    const due = dueAt(frozenAt, wants, had);
    byDay.set(due.day, due.at);
  }
  // The mailer looks every half hour; a zone may be a quarter off that.
  const seen = [...byDay.values()].map((at) => start + Math.ceil((at - start) / STEP) * STEP);
  return seen.filter((at) => at < start + days * DAY).sort((a, b) => a - b);
}
