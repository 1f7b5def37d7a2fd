import { describe, expect, test } from 'vitest';
import { openTestApp } from '../support/app.ts';
import { arxivRss, listedDay, startFeeds } from '../support/feeds.ts';
import { openNewsroom, runOnce } from '../support/newsroom.ts';

const OPERATOR_EMAIL = 'operator@example.org';

describe('a day without a source', () => {
  test('is told to the operator once, however often it is tried', async () => {
    await using room = await openNewsroom({ OPERATOR_EMAIL }, { realMails: true });
    room.feeds.state.down = true;
    await runOnce(room.app);
    await runOnce(room.app);
    expect(room.relay.recipients()).toEqual([OPERATOR_EMAIL]);
    const mail = room.relay.mails[0]?.raw.toString() ?? '';
    expect(mail).toContain('Subject: Offprint: the issue of 2026-08-19 is held');
    expect(mail).toContain('answered 503');
  });

  test('is told to nobody when nobody is named', async () => {
    await using room = await openNewsroom();
    room.feeds.state.down = true;
    await runOnce(room.app);
    expect(room.relay.mails).toEqual([]);
  });
});

describe('a weekend with nothing new', () => {
  test('is skipped with its reason', async () => {
    await using room = await openNewsroom();
    await runOnce(room.app);
    room.app.time.set(Date.parse('2026-08-20T05:00:00Z'));
    const { issue } = await runOnce(room.app);
    expect(issue).toMatchObject({
      state: 'skipped',
      reason: '0 new papers, fewer than the 3 that an issue needs',
    });
  });

  test.each([
    ['2026-08-05', ['2608.05001', '2608.05002'], 'every paper that was found is older than seven days'],
    ['2026-08-18', [], 'no paper was found'],
  ])('says what was wrong with what was found: of %s %j', async (day, ids, reason) => {
    await using room = await openNewsroom();
    await using feeds = await startFeeds();
    feeds.state.arxiv = arxivRss(day, ids);
    await using app = await openTestApp({ SOURCES: feeds.arxiv, SMTP_URL: room.relay.url });
    expect((await runOnce(app)).issue).toMatchObject({ state: 'skipped', reason });
  });

  test('says that earlier issues had everything, when they had', async () => {
    await using room = await openNewsroom({ PICKS: '12' });
    await runOnce(room.app);
    room.app.time.set(Date.parse('2026-08-20T05:00:00Z'));
    expect((await runOnce(room.app)).issue.reason).toBe(
      'every paper that was found has been in an earlier issue',
    );
  });

  test('gets the best of the week that no issue has had, when that is wanted', async () => {
    await using room = await openNewsroom({ QUIET_DAYS: 'best-of-week', PICKS: '5' });
    room.feeds.state.days['2026-08-18'] = listedDay('2026-08-18', 12);
    const first = await runOnce(room.app);
    room.app.time.set(Date.parse('2026-08-20T05:00:00Z'));
    const second = await runOnce(room.app);
    expect(second.issue.state).toBe('done');
    const ids = (picks: typeof first) => picks.issue.issue?.picks.map(({ paper }) => paper.id) ?? [];
    expect(ids(second)).toHaveLength(5);
    expect(ids(second).filter((id) => ids(first).includes(id))).toEqual([]);
  });
});
