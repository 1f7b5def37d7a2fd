import { expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { issueClockOf } from '../../src/config/load.ts';
import { deliver, expireLate } from '../../src/delivery/deliver.ts';
import { createRoutes } from '../../src/delivery/routes.ts';
import type { Transport } from '../../src/delivery/smtp/transport.ts';
import { addDays, dayAt } from '../../src/domain/day.ts';
import { dueAt } from '../../src/domain/due.ts';
import { currentEditions } from '../../src/domain/edition.ts';
import { DAY, type Instant, MINUTE } from '../../src/domain/time.ts';
import { dayBit, EVERY_DAY, WEEKDAYS } from '../../src/domain/weekdays.ts';
import { publish } from '../../src/issues/publish.ts';
import { enrollSubscribers } from '../support/app.ts';
import { listedDay } from '../support/feeds.ts';
import { NEVER, openNewsroom, wrongBooks } from '../support/newsroom.ts';

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
