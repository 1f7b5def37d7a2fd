import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { DAY, formatInstant } from '../../src/domain/time.ts';
import { EVERY_DAY, WEEKLY } from '../../src/domain/weekdays.ts';
import { editionOn } from '../../src/issues/find-edition.ts';
import { readSources } from '../../src/issues/gather.ts';
import { draft } from '../../src/issues/publish.ts';
import { rankEdition } from '../../src/issues/rank-edition.ts';
import { freezeIssue } from '../../src/ledger/issues.ts';
import { enrollSubscriber, eraseByAddress, removeSubscriber } from '../../src/subscribers/admin.ts';
import {
  activate,
  applyImportedDetails,
  changePreferences,
  unsubscribe,
} from '../../src/subscribers/lifecycle.ts';
import { planAudiences } from '../../src/subscribers/plan.ts';
import { countSubscribers } from '../../src/subscribers/subscribers-table.ts';
import { suppressSubscriber } from '../../src/subscribers/suppress.ts';
import { addresses, enrollSubscribers, ledger } from '../support/app.ts';
import { listedDay } from '../support/feeds.ts';
import { makeDetails } from '../support/makers.ts';
import { NEVER, openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';

const noon = { timezone: 'UTC', deliverAt: '12:00', days: EVERY_DAY };

/** The day's issue as it stands between its freeze and the planning of its audience. */
async function freezeOnly(app: App): Promise<void> {
  const edition = editionOn(app);
  await readSources(app, app.publishing, { date: edition.date, seenAt: edition.freezeAt, signal: NEVER });
  const { ranked } = await rankEdition(app, edition);
  await app.store.db.transaction().execute(async (trx) => {
    await freezeIssue(
      trx,
      draft(app.config, app.languages(), edition, ranked, 1),
      await countSubscribers(trx, 'daily'),
    );
  });
}

async function dueTimes(app: App): Promise<string[]> {
  const rows = await app.store.db.selectFrom('deliveries').selectAll().orderBy('subscriber_id').execute();
  return rows.map((row) => `${row.state} ${formatInstant(row.due_at)}`);
}

describe('while the audience is being planned', () => {
  const changes: [string, (app: App, id: number) => Promise<unknown>][] = [
    ['leaves', (app, id) => unsubscribe(app, id)],
    ['is found dead', (app, id) => suppressSubscriber(app, id, { reason: 'hard', reply: '550 5.1.1 no' })],
    ['turns weekly', (app, id) => changePreferences(app, id, { ...noon, days: WEEKLY })],
    [
      'is imported as weekly',
      (app, id) => applyImportedDetails(app, id, makeDetails({ email: addresses(1)[0] ?? '', days: WEEKLY })),
    ],
    ['changes the hour', (app, id) => changePreferences(app, id, noon)],
    ['is removed by the operator', (app) => removeSubscriber(app, 'reader1@example.org')],
    ['is erased', (app) => eraseByAddress(app, 'reader1@example.org')],
    [
      'leaves and comes back',
      async (app, id) => {
        await unsubscribe(app, id);
        await enrollSubscriber(app, 'reader1@example.org');
      },
    ],
  ];
  test.each(changes)('a reader who %s keeps the books balanced', async (_, change) => {
    await using room = await openNewsroom();
    const { app } = room;
    const [id = 0] = await enrollSubscribers(app, addresses(3));
    await freezeOnly(app);
    await change(app, id);
    await planAudiences(app);
    expect(await wrongBooks(app)).toEqual([]);
    await runOnce(app);
    expect(await wrongBooks(app)).toEqual([]);
    expect(await ledger(app)).toHaveLength(3);
  });

  test.each<[string, (app: App) => Promise<unknown>]>([
    ['is added by the operator', (app) => enrollSubscriber(app, 'new@example.org')],
    [
      'confirms',
      async (app) => {
        const [id = 0] = await enrollSubscribers(app, ['new@example.org'], { state: 'pending' });
        await activate(app, id);
      },
    ],
    [
      'turns from weekly to daily',
      async (app) => {
        const [id = 0] = await enrollSubscribers(app, ['new@example.org'], { days: WEEKLY });
        await changePreferences(app, id, noon);
      },
    ],
  ])('somebody who %s is counted and gets the issue', async (_, change) => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(2));
    await freezeOnly(app);
    await change(app);
    await planAudiences(app);
    await runOnce(app);
    expect(relay.recipients()).toEqual(['new@example.org', ...addresses(2)]);
    expect(await wrongBooks(app)).toEqual([]);
  });
});

describe('changing preferences', () => {
  test('moves what is not sent yet', async () => {
    await using room = await openNewsroom();
    const { app } = room;
    const [id = 0] = await enrollSubscribers(app, addresses(2));
    await runOnce(app, { due: true });
    await changePreferences(app, id, noon);
    expect(await dueTimes(app)).toEqual(['planned 2026-08-19T12:00:00Z', 'planned 2026-08-19T07:00:00Z']);
    await changePreferences(app, id, { ...noon, timezone: 'Asia/Tokyo' });
    expect((await dueTimes(app))[0]).toBe('planned 2026-08-20T03:00:00Z');
  });

  test('saved as they were moves nothing', async () => {
    await using room = await openNewsroom();
    const { app } = room;
    const [id = 0] = await enrollSubscribers(app, addresses(1));
    await runOnce(app, { due: true });
    app.time.set('2026-08-19T07:30:00Z');
    await changePreferences(app, id, { timezone: 'UTC', deliverAt: '07:00', days: EVERY_DAY });
    expect(await dueTimes(app)).toEqual(['planned 2026-08-19T07:00:00Z']);
  });

  test('to weekly withdraws the daily mail, and back brings it again', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    const [id = 0] = await enrollSubscribers(app, addresses(1));
    await runOnce(app, { due: true });
    await changePreferences(app, id, { ...noon, days: WEEKLY });
    expect((await ledger(app)).map(({ state }) => state)).toEqual(['suppressed']);
    await changePreferences(app, id, noon);
    app.time.set('2026-08-19T12:00:00Z');
    await runOnce(app, { due: true });
    expect(relay.recipients()).toEqual(addresses(1));
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('after the mail of the day brings no second issue on that day', async () => {
    await using room = await openNewsroom({ ISSUE_CRON: '0 5,15 * * *' });
    const { app, relay, feeds } = room;
    const [id = 0] = await enrollSubscribers(app, addresses(1));
    app.time.set('2026-08-19T07:00:00Z');
    await runOnce(app, { due: true });
    expect(relay.mails).toHaveLength(1);
    await changePreferences(app, id, { ...noon, timezone: 'Pacific/Honolulu', deliverAt: '20:00' });
    feeds.state.days['2026-08-19'] = listedDay('2026-08-19', 12);
    // 20:00 of the 19th in Honolulu is 06:00 UTC of the 20th: the next issue is there, the day is not over.
    app.time.set('2026-08-20T06:00:00Z');
    await runOnce(app, { due: true });
    expect(relay.mails).toHaveLength(1);
    app.time.advance(DAY);
    await runOnce(app, { due: true });
    expect(relay.mails).toHaveLength(2);
  });
});

describe('erasing', () => {
  test('a reader empties the address in the ledger and keeps the books', async () => {
    await using room = await openNewsroom();
    const { app } = room;
    await enrollSubscribers(app, addresses(2));
    await runOnce(app);
    await eraseByAddress(app, 'reader1@example.org');
    expect((await ledger(app)).map(({ address }) => address)).toEqual(['', 'reader2@example.org']);
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('in the middle of an attempt that is deferred leaves nothing to be sent to nobody', async () => {
    await using room = await openNewsroom({ SMTP_CONNECTIONS: '1' });
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(2));
    relay.follow(async ({ stage, to }) => {
      if (stage !== 'end' || to !== 'reader1@example.org') return undefined;
      await eraseByAddress(app, to);
      return '451 4.3.0 later';
    });
    const { left, issue } = await runOnce(app);
    expect(left).toEqual({ planned: 0, sending: 0, deferred: 0 });
    expect(issue.state).toBe('done');
    expect(relay.recipients()).toEqual(['reader2@example.org']);
    expect(await wrongBooks(app)).toEqual([]);
  });
});
