import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { DAY } from '../../src/domain/time.ts';
import { readSources } from '../../src/issues/gather.ts';
import { withFeedback } from '../../src/ranking/feedback.ts';
import { applyImportedDetails, changePreferences } from '../../src/subscribers/lifecycle.ts';
import { findSubscriber } from '../../src/subscribers/subscribers-table.ts';
import { previewIssue, previewMail, previewSubscriber } from '../../src/web/preview/preview-data.ts';
import { enrollSubscribers } from '../support/app.ts';
import { listed } from '../support/feeds.ts';
import { NEVER, openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';

/** Thirty papers of the 18th: every third on tidal gardens, few of them with many votes. */
function gardens(day = '2026-08-18', start = 1) {
  return Array.from({ length: 30 }, (_, index) => {
    const number = start + index;
    const title = number % 3 === 0 ? `Tidal gardens, bed ${number}` : `Slow clocks, hand ${number}`;
    return listed(`2608.${10_000 + number}`, { title, upvotes: 120 - 4 * index, day });
  });
}

async function gardenRoom() {
  const room = await openNewsroom();
  room.feeds.state.days = { '2026-08-18': gardens() };
  return room;
}

function mailTo(relay: { mails: readonly { to: string; raw: Buffer }[] }, address: string): string {
  const mails = relay.mails.filter(({ to }) => to === address);
  return mails.at(-1)?.raw.toString('latin1').replaceAll('=\r\n', '').replaceAll('=20', ' ') ?? '';
}

function titlesIn(mail: string): Set<string> {
  return new Set(mail.match(/(?:Tidal gardens, bed|Slow clocks, hand) \d+/g));
}

async function deliveries(app: App) {
  return app.store.db.selectFrom('deliveries').selectAll().orderBy('subscriber_id').execute();
}

describe('a reader with interests', () => {
  test('gets what everybody should see, then what is theirs, and is told why', async () => {
    await using room = await gardenRoom();
    await enrollSubscribers(room.app, ['plain@example.org']);
    await enrollSubscribers(room.app, ['gardener@example.org'], { topics: ['tidal garden'] });
    const { issue } = await runOnce(room.app);
    const common = issue.issue?.picks.map(({ paper }) => paper.title) ?? [];
    const own = titlesIn(mailTo(room.relay, 'gardener@example.org'));
    for (const title of common.slice(0, 3)) expect(own).toContain(title);
    expect([...own].filter((title) => title.startsWith('Tidal')).length).toBeGreaterThanOrEqual(7);
    expect(own.size).toBe(10);
    expect(mailTo(room.relay, 'gardener@example.org')).toContain('tidal garden');
    expect(titlesIn(mailTo(room.relay, 'plain@example.org'))).toEqual(new Set(common));
    expect(await wrongBooks(room.app)).toEqual([]);
  });

  test('never sees what they muted, not even among the first of the day', async () => {
    await using room = await gardenRoom();
    await enrollSubscribers(room.app, ['quiet@example.org'], { topics: ['-slow clocks'] });
    await runOnce(room.app);
    const titles = titlesIn(mailTo(room.relay, 'quiet@example.org'));
    expect(titles.size).toBe(10);
    for (const title of titles) expect(title).toContain('Tidal');
  });

  test('who muted everything is sent nothing, and the books say why', async () => {
    await using room = await gardenRoom();
    await enrollSubscribers(room.app, ['nobody@example.org'], { topics: ['-slow clocks', '-tidal gardens'] });
    await runOnce(room.app);
    expect(room.relay.mails).toEqual([]);
    expect(await deliveries(room.app)).toMatchObject([
      { state: 'suppressed', reason: 'nothing new is theirs' },
    ]);
    expect(await wrongBooks(room.app)).toEqual([]);
  });

  test('gets no paper twice, though the next day it is still a candidate', async () => {
    await using room = await gardenRoom();
    await enrollSubscribers(room.app, ['gardener@example.org'], { topics: ['tidal garden'] });
    await runOnce(room.app);
    const first = titlesIn(mailTo(room.relay, 'gardener@example.org'));
    room.feeds.state.days['2026-08-19'] = gardens('2026-08-19', 31);
    room.app.time.advance(DAY);
    await runOnce(room.app);
    const second = titlesIn(mailTo(room.relay, 'gardener@example.org'));
    expect(second.size).toBe(10);
    for (const title of second) expect(first).not.toContain(title);
  });

  test('has what the common issue had yesterday, when they had something else', async () => {
    await using room = await gardenRoom();
    await enrollSubscribers(room.app, ['clock@example.org'], { topics: ['slow clocks'] });
    await enrollSubscribers(room.app, ['gardener@example.org'], { topics: ['-slow clocks'] });
    const { issue } = await runOnce(room.app);
    const common = new Set(issue.issue?.picks.map(({ paper }) => paper.title));
    const gardener = titlesIn(mailTo(room.relay, 'gardener@example.org'));
    expect([...gardener].some((title) => common.has(title))).toBe(true);
    expect([...gardener].some((title) => !common.has(title))).toBe(true);
  });

  test('shares what is picked, and the row that says so, with readers of equal wishes', async () => {
    await using room = await gardenRoom();
    await enrollSubscribers(room.app, ['one@example.org'], { topics: ['tidal garden', 'cs.CL'] });
    await enrollSubscribers(room.app, ['two@example.org'], { topics: ['cs.CL', 'tidal garden'] });
    await runOnce(room.app);
    const [one, two] = await deliveries(room.app);
    expect(one?.profile_id).toBe(two?.profile_id);
    expect(one?.profile_id).toBeGreaterThan(0);
    expect(one?.picks).toBe(two?.picks);
    expect(one?.picks.length).toBeLessThan(100);
  });

  test('whose wishes change before the mail gets the new ones', async () => {
    await using room = await gardenRoom();
    const [id = 0] = await enrollSubscribers(room.app, ['late@example.org'], { deliverAt: '09:00' });
    await runOnce(room.app, { due: true });
    const subscriber = await findSubscriber(room.app.store.db, id);
    if (subscriber === undefined) throw new Error('nobody');
    await applyImportedDetails(room.app, id, { ...subscriber, topics: ['tidal garden'] });
    const { timezone, days } = subscriber;
    await changePreferences(room.app, id, { timezone, days, deliverAt: '08:00' });
    room.app.time.set('2026-08-19T08:00:00Z');
    await runOnce(room.app, { due: true });
    expect(mailTo(room.relay, 'late@example.org')).toContain('matches');
  });

  test('who likes a paper gets what is like it', async () => {
    await using room = await gardenRoom();
    await enrollSubscribers(room.app, ['fan@example.org'], { topics: ['like:2608.10003'] });
    await runOnce(room.app);
    expect(mailTo(room.relay, 'fan@example.org')).toContain('Tidal gardens, bed 3');
    const titles = [...titlesIn(mailTo(room.relay, 'fan@example.org'))];
    expect(titles.filter((title) => title.startsWith('Tidal')).length).toBeGreaterThanOrEqual(6);
  });

  test('who wants less of three papers gets none like them', async () => {
    await using room = await gardenRoom();
    const topics = ['2608.10001', '2608.10002', '2608.10004'].reduce<readonly string[]>(
      (before, id) => withFeedback(before, id, 'less') ?? before,
      [],
    );
    await enrollSubscribers(room.app, ['quiet@example.org'], { topics: [...topics] });
    await runOnce(room.app);
    const titles = [...titlesIn(mailTo(room.relay, 'quiet@example.org'))];
    expect(titles).toHaveLength(10);
    for (const title of titles) expect(title).toContain('Tidal');
    expect(await wrongBooks(room.app)).toEqual([]);
  });

  test('is previewed what they were sent, and before the issue what they will be', async () => {
    await using room = await openNewsroom({}, { realMails: true });
    const { app, relay } = room;
    room.feeds.state.days = { '2026-08-18': gardens() };
    await enrollSubscribers(app, ['gardener@example.org'], { topics: ['tidal garden'] });
    await readSources(app, app.publishing, { date: '2026-08-19', seenAt: app.clock(), signal: NEVER });
    const coming = await previewIssue(app, app.languages(), '2026-08-19');
    const before = await previewMail(app, app, coming, {
      subscriber: await previewSubscriber(app, coming, 'gardener@example.org'),
    });
    await runOnce(app);
    const frozen = await previewIssue(app, app.languages(), '2026-08-19');
    const after = await previewMail(app, app, frozen, {
      subscriber: await previewSubscriber(app, frozen, 'gardener@example.org'),
    });
    const sent = await simpleParser(relay.mails[0]?.raw ?? '');
    expect(titlesIn(after.text)).toEqual(titlesIn(sent.text ?? ''));
    expect(titlesIn(before.text)).toEqual(titlesIn(sent.text ?? ''));
    expect(after.subject).toBe(sent.subject);
    expect(sent.text).toContain('matches “tidal garden”');
    expect(sent.text).toMatch(/10 papers for you, picked from 30/);
  });
});
