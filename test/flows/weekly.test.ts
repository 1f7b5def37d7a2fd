import { describe, expect, test } from 'vitest';
import { DAY } from '../../src/domain/time.ts';
import { WEEKLY } from '../../src/domain/weekdays.ts';
import { findIssue } from '../../src/ledger/issues.ts';
import { changePreferences } from '../../src/subscribers/lifecycle.ts';
import { findSubscriber } from '../../src/subscribers/subscribers-table.ts';
import { enrollSubscribers } from '../support/app.ts';
import { listedDay } from '../support/feeds.ts';
import { openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';

/** Sunday 23 August 2026, 05:00, with six days of papers before it. */
async function sunday(settings: Record<string, string> = {}) {
  const room = await openNewsroom(settings, { now: '2026-08-23T05:00:00Z' });
  for (const day of ['2026-08-17', '2026-08-18', '2026-08-19', '2026-08-20', '2026-08-21'])
    room.feeds.state.days[day] = listedDay(day, 6);
  return room;
}

describe('the weekly issue', () => {
  test('is frozen on its day beside the daily one, and goes to weekly readers alone', async () => {
    await using room = await sunday();
    await enrollSubscribers(room.app, ['daily@example.org']);
    await enrollSubscribers(room.app, ['weekly@example.org'], { days: WEEKLY });
    const { issue, weekly } = await runOnce(room.app);
    expect(issue).toMatchObject({ kind: 'daily', audience: 1, state: 'done' });
    expect(weekly).toMatchObject({ kind: 'weekly', date: '2026-08-23', audience: 1, state: 'done' });
    expect(room.relay.recipients()).toEqual(['daily@example.org', 'weekly@example.org']);
    const raw = room.relay.mails.find(({ to }) => to === 'weekly@example.org')?.raw.toString('latin1');
    expect(raw).toContain('Feedback-ID: 2026-08-23:weekly:');
    expect(await wrongBooks(room.app)).toEqual([]);
  });

  test('may have what daily issues had, and never what a weekly one had', async () => {
    await using room = await sunday();
    const { issue, weekly } = await runOnce(room.app);
    const ids = (row: typeof issue | undefined) => row?.issue?.picks.map(({ paper }) => paper.id) ?? [];
    expect(ids(weekly)).toEqual(ids(issue));
    room.app.time.advance(7 * DAY);
    room.feeds.state.days['2026-08-23'] = listedDay('2026-08-23', 12);
    const next = await runOnce(room.app);
    expect(ids(next.weekly)).not.toHaveLength(0);
    for (const id of ids(next.weekly)) expect(ids(weekly)).not.toContain(id);
  });

  test('is on no other day, and may be of another', async () => {
    await using room = await sunday({ WEEKLY_ON: 'mon' });
    expect((await runOnce(room.app)).weekly).toBeUndefined();
    room.app.time.advance(DAY);
    expect((await runOnce(room.app, { due: true })).weekly).toMatchObject({ date: '2026-08-24' });
  });

  test('comes to a reader at their hour, once, and not on the days after', async () => {
    await using room = await sunday();
    await enrollSubscribers(room.app, ['weekly@example.org'], { days: WEEKLY, deliverAt: '18:00' });
    await runOnce(room.app, { due: true });
    expect(room.relay.mails).toEqual([]);
    for (let hour = 1; hour < 48; hour += 1) {
      room.app.time.advance(DAY / 24);
      await runOnce(room.app, { due: true });
      expect(room.relay.mails).toHaveLength(hour < 13 ? 0 : 1);
    }
  });

  test('is not sent again to who chooses it in the middle of the week', async () => {
    await using room = await sunday();
    const [id = 0] = await enrollSubscribers(room.app, ['ada@example.org'], { deliverAt: '09:00' });
    await runOnce(room.app, { due: true });
    const subscriber = await findSubscriber(room.app.store.db, id);
    await changePreferences(room.app, id, {
      timezone: 'UTC',
      deliverAt: subscriber?.deliverAt ?? '',
      days: WEEKLY,
    });
    room.app.time.advance(DAY / 2);
    await runOnce(room.app, { due: true });
    expect(room.relay.mails).toEqual([]);
    room.app.time.set('2026-08-30T09:00:00Z');
    for (const day of ['2026-08-25', '2026-08-26']) room.feeds.state.days[day] = listedDay(day, 6);
    await runOnce(room.app, { due: true });
    expect(
      room.relay.mails.map(({ raw }) => /Feedback-ID: (\S+?):newsletter/.exec(raw.toString())?.[1]),
    ).toEqual(['2026-08-30:weekly']);
    expect(await wrongBooks(room.app)).toEqual([]);
  });

  test('is skipped, for all to see, when the week has too little', async () => {
    await using room = await openNewsroom({}, { now: '2026-08-30T05:00:00Z' });
    room.feeds.state.days = { '2026-08-25': listedDay('2026-08-25', 1) };
    await runOnce(room.app);
    expect(await findIssue(room.app.store.db, 'weekly', '2026-08-30')).toMatchObject({
      state: 'skipped',
      reason: expect.stringContaining('fewer than the 3 that an issue needs'),
    });
  });
});
