import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { EVERY_DAY } from '../../src/domain/weekdays.ts';
import { publishSample } from '../../src/issues/sample-issue.ts';
import { onceFault } from '../../src/runtime/run-once.ts';
import { changePreferences } from '../../src/subscribers/lifecycle.ts';
import { addresses, enrollSubscribers, ledger, openTestApp, tempFolder } from '../support/app.ts';
import { listedDay } from '../support/feeds.ts';
import { openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';
import { openWeb } from '../support/pages.ts';

async function home(app: App): Promise<string> {
  const answer = await openWeb(app).request('/');
  return answer.text();
}

describe('when no source answers', () => {
  test('the issue is held, nobody is mailed, and a later run builds and sends it', async () => {
    await using room = await openNewsroom();
    const { app, feeds, relay } = room;
    await enrollSubscribers(app, addresses(3));
    feeds.state.down = true;
    const held = await runOnce(app);
    expect(held.issue).toMatchObject({ state: 'held', reason: 'no source could be reached' });
    expect(onceFault(held)).toMatchObject({ code: 'NO_SOURCE_ANSWERED', exitCode: 1 });
    expect(relay.mails).toEqual([]);
    feeds.state.down = false;
    const built = await runOnce(app);
    expect(built.issue).toMatchObject({ date: '2026-08-19', state: 'done' });
    expect(onceFault(built)).toBeUndefined();
    expect(relay.recipients()).toEqual(addresses(3).sort());
  });

  test('an empty database gets a sample that says what it is, and only the outbox gets its mails', async () => {
    await using room = await openNewsroom({ SMTP_URL: '' });
    const { app, feeds } = room;
    await enrollSubscribers(app, addresses(2));
    feeds.state.down = true;
    const { issue } = await runOnce(app);
    expect(issue).toMatchObject({ sample: true, state: 'done', audience: 2 });
    expect((await ledger(app)).map(({ state }) => state)).toEqual(['accepted', 'accepted']);
    expect(await home(app)).toContain('Sample issue: no source could be reached');
    expect(app.logged).toContain('Sample issue: no source could be reached');
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('a sample is never mailed through a relay, whoever comes or changes meanwhile', async () => {
    await using room = await openNewsroom();
    const { app, feeds, relay } = room;
    const [id = 0] = await enrollSubscribers(app, addresses(2));
    await publishSample(app, app.languages, { kind: 'daily', date: '2026-08-19', freezeAt: app.clock() });
    await changePreferences(app, id, { timezone: 'UTC', deliverAt: '05:00', days: EVERY_DAY });
    feeds.state.down = true;
    await runOnce(app);
    expect(relay.mails).toEqual([]);
    expect(await ledger(app)).toEqual([]);
    expect(await home(app)).toContain('Sample issue: no source could be reached');
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('a sample that was planned for the outbox is withdrawn when a relay is set up', async () => {
    using folder = tempFolder();
    const DATABASE_URL = join(folder.path, 'offprint.db');
    await using room = await openNewsroom({ DATABASE_URL, SMTP_URL: '' });
    await enrollSubscribers(room.app, addresses(2));
    room.feeds.state.down = true;
    await runOnce(room.app, { due: true });
    expect((await ledger(room.app)).map(({ state }) => state)).toEqual(['planned', 'planned']);
    await using mailing = await openTestApp({ ...room.settings, SMTP_URL: room.relay.url });
    mailing.time.set('2026-08-19T08:00:00Z');
    await runOnce(mailing, { due: true });
    expect(room.relay.mails).toEqual([]);
    expect((await ledger(mailing)).map(({ state }) => state)).toEqual(['suppressed', 'suppressed']);
    expect(await wrongBooks(mailing)).toEqual([]);
  });

  test('a real issue takes the place of the sample, on the page and in the mail', async () => {
    await using room = await openNewsroom({ SMTP_URL: '' });
    const { app, feeds } = room;
    await enrollSubscribers(app, addresses(1));
    feeds.state.down = true;
    await runOnce(app, { due: true });
    feeds.state.down = false;
    app.time.set('2026-08-19T07:00:00Z');
    const { issue } = await runOnce(app, { due: true });
    expect(issue).toMatchObject({ sample: false, state: 'done' });
    expect((await ledger(app)).map(({ state }) => state).sort()).toEqual(['accepted', 'suppressed']);
    expect(await home(app)).not.toContain('Sample issue');
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('a database that has had an issue gets no sample', async () => {
    await using room = await openNewsroom();
    const { app, feeds } = room;
    await runOnce(app);
    feeds.state.days = { '2026-08-19': listedDay('2026-08-19', 5) };
    feeds.state.down = true;
    app.time.set('2026-08-20T05:00:00Z');
    expect((await runOnce(app)).issue.state).toBe('held');
    expect(await home(app)).not.toContain('Sample issue');
  });
});
