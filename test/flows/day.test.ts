import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import { findIssue } from '../../src/ledger/issues.ts';
import { onceFault } from '../../src/runtime/run-once.ts';
import { addresses, enrollSubscribers, ledger, openTestApp, tempFolder } from '../support/app.ts';
import { movingClock } from '../support/clock.ts';
import { arxivRss, listedDay } from '../support/feeds.ts';
import { openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';

describe("the day's story", () => {
  test('goes from the feeds to a mail for each reader', async () => {
    await using room = await openNewsroom({}, { realMails: true });
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(7));
    const result = await runOnce(app);
    expect(result).toMatchObject({ noSource: false, stopped: false, left: { planned: 0, sending: 0 } });
    expect(result.issue).toMatchObject({ date: '2026-08-19', state: 'done', audience: 7 });
    expect(result.issue.issue?.picks).toHaveLength(10);
    expect(onceFault(result)).toBeUndefined();
    expect(relay.recipients()).toEqual(addresses(7).sort());
    expect(relay.state.mostAtOnce).toBeLessThanOrEqual(app.config.SMTP_CONNECTIONS);
    expect(await wrongBooks(app)).toEqual([]);
    const mail = await simpleParser(relay.mails[0]?.raw ?? '');
    expect(mail.subject).toBe(result.issue.issue?.subject);
    expect(mail.text).toContain('Made-up findings, part 2608.18001');
    expect(mail.headers.has('list-unsubscribe-post') || mail.headers.has('list')).toBe(true);
  });

  test('happens once, however often it is told', async () => {
    await using room = await openNewsroom();
    await enrollSubscribers(room.app, addresses(5));
    for (let run = 0; run < 3; run += 1) await runOnce(room.app);
    expect(room.relay.recipients()).toEqual(addresses(5).sort());
    expect(await ledger(room.app)).toHaveLength(5);
  });

  test('happens once when two processes tell it at the same moment', async () => {
    using folder = tempFolder();
    const DATABASE_URL = join(folder.path, 'shared.db');
    const time = movingClock('2026-08-19T05:00:00Z');
    // Whoever waits for the other process moves no time.
    const wait = () => new Promise<void>((resolve) => setImmediate(resolve));
    await using room = await openNewsroom({ DATABASE_URL }, { owner: 'here/1/1', time, wait });
    await using second = await openTestApp(room.settings, { owner: 'there/2/2', time, wait });
    await enrollSubscribers(room.app, addresses(40));
    const results = await Promise.all([runOnce(room.app), runOnce(second)]);
    expect(results.map((result) => result.issue.state)).toEqual(['done', 'done']);
    expect(room.relay.recipients()).toEqual(addresses(40).sort());
    expect(await wrongBooks(room.app)).toEqual([]);
  });

  test('leaves out readers who are pending, gone, suppressed, weekly, or whose day it is not', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await enrollSubscribers(app, ['ada@example.org']);
    await enrollSubscribers(app, ['pending@example.org'], { state: 'pending' });
    await enrollSubscribers(app, ['gone@example.org'], { state: 'unsubscribed' });
    await enrollSubscribers(app, ['dead@example.org'], { state: 'suppressed' });
    await enrollSubscribers(app, ['weekly@example.org'], { days: 128 });
    await enrollSubscribers(app, ['sunday@example.org'], { days: 64 });
    const { issue } = await runOnce(app);
    expect(relay.recipients()).toEqual(['ada@example.org']);
    expect(issue).toMatchObject({ audience: 2, state: 'frozen' });
    expect(await ledger(app)).toContainEqual({
      address: 'sunday@example.org',
      state: 'planned',
      issue: issue.id,
    });
  });

  test('may be told of a day that is long over', async () => {
    await using room = await openNewsroom({}, { now: '2026-11-02T10:00:00Z' });
    await enrollSubscribers(room.app, addresses(3));
    const { issue } = await runOnce(room.app, { date: '2026-08-19' });
    expect(issue).toMatchObject({ date: '2026-08-19', state: 'done' });
    expect(room.relay.recipients()).toEqual(addresses(3).sort());
  });

  test('ends in one whole .eml file for each reader where there is no relay', async () => {
    using folder = tempFolder();
    await using room = await openNewsroom({ SMTP_URL: '', DATABASE_URL: join(folder.path, 'offprint.db') });
    await enrollSubscribers(room.app, addresses(4));
    await runOnce(room.app);
    await runOnce(room.app);
    const files = readdirSync(join(folder.path, 'outbox'));
    expect(files.filter((file) => file.endsWith('.eml'))).toHaveLength(4);
    expect(files).toHaveLength(4);
  });
});

describe('the issue of a day', () => {
  test('never has a paper that an earlier issue had', async () => {
    await using room = await openNewsroom();
    const { app, feeds } = room;
    feeds.state.days['2026-08-19'] = listedDay('2026-08-19', 6);
    const first = await runOnce(app);
    app.time.set('2026-08-20T05:00:00Z');
    const second = await runOnce(app);
    const ids = [first, second].map(({ issue }) => issue.issue?.picks.map((pick) => pick.paper.id) ?? []);
    expect(ids.map((list) => list.length)).toEqual([10, 8]);
    expect(new Set(ids.flat()).size).toBe(18);
    expect([first.issue.issue?.number, second.issue.issue?.number]).toEqual([1, 2]);
  });

  test('is skipped, with the reason, when too little is new', async () => {
    await using room = await openNewsroom({ MIN_NEW: '3' });
    const { app, feeds, relay } = room;
    await enrollSubscribers(app, addresses(2));
    await runOnce(app);
    feeds.state.days['2026-08-19'] = listedDay('2026-08-19', 2);
    app.time.set('2026-08-20T05:00:00Z');
    const { issue, left } = await runOnce(app);
    expect(issue).toMatchObject({
      state: 'skipped',
      reason: '2 new papers, fewer than the 3 that an issue needs',
    });
    expect(left).toEqual({ planned: 0, sending: 0, deferred: 0 });
    expect(relay.mails).toHaveLength(2);
  });

  test('is built after all when a later run of the day finds enough', async () => {
    await using room = await openNewsroom();
    const { app, feeds, relay } = room;
    feeds.state.days = {};
    await enrollSubscribers(app, addresses(2));
    expect((await runOnce(app)).issue.state).toBe('skipped');
    feeds.state.days = { '2026-08-18': listedDay('2026-08-18', 5) };
    expect((await runOnce(app)).issue.state).toBe('done');
    expect(relay.mails).toHaveLength(2);
  });

  test('is built from what answers when one of the sources does not', async () => {
    await using room = await openNewsroom();
    const { feeds } = room;
    feeds.state.arxiv = arxivRss('2026-08-18', ['2608.50001', '2608.50002', '2608.50003']);
    const SOURCES = `huggingface@http://127.0.0.1:1, ${feeds.arxiv}`;
    await using app = await openTestApp({ ...room.settings, SOURCES });
    const { issue, noSource } = await runOnce(app);
    expect(noSource).toBe(false);
    expect(issue.issue?.picks.map((pick) => pick.paper.id).sort()).toEqual([
      'arxiv:2608.50001',
      'arxiv:2608.50002',
      'arxiv:2608.50003',
    ]);
    expect((await findIssue(app.store.db, 'daily', '2026-08-19'))?.state).toBe('done');
  });
});
