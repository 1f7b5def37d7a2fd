import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import { DAY, HOUR, SECOND } from '../../src/domain/time.ts';
import { cli } from '../cli/fake-host.ts';
import { addresses, enrollSubscribers, ledger, openTestApp } from '../support/app.ts';
import { listedDay } from '../support/feeds.ts';
import { NEVER, openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';
import { startSmtpServer } from '../support/smtp-server.ts';

const OPERATOR_EMAIL = 'operator@example.org';

async function told(app: App): Promise<string[]> {
  const rows = await app.store.db
    .selectFrom('notices')
    .select('detail')
    .where('kind', '=', 'operator')
    .orderBy('id')
    .execute();
  return rows.map(({ detail }) => detail.split('\n')[0] ?? '');
}

describe('several relays', () => {
  test('the second takes over while the first refuses us, and the operator hears of it once', async () => {
    await using first = await startSmtpServer(({ stage }) =>
      stage === 'mail' ? '451 4.3.5 out of order' : undefined,
    );
    await using second = await startSmtpServer();
    await using room = await openNewsroom({ SMTP_URL: `${first.url}, ${second.url}`, OPERATOR_EMAIL });
    await enrollSubscribers(room.app, addresses(20));
    expect((await runOnce(room.app)).issue.state).toBe('done');
    expect(first.mails).toEqual([]);
    expect(second.recipients().filter((to) => to !== OPERATOR_EMAIL)).toEqual(addresses(20).sort());
    room.app.time.advance(HOUR);
    await runOnce(room.app);
    expect(await told(room.app)).toEqual([`${first.url} refuses mail`]);
    expect(await wrongBooks(room.app)).toEqual([]);
  });

  test('a log-in that the first refuses leaves the mails to the second', async () => {
    await using first = await startSmtpServer(({ stage }) => (stage === 'auth' ? '535 5.7.8 no' : undefined));
    await using second = await startSmtpServer();
    const SMTP_URL = `${first.url.replace('//', '//someone:wrong@')}, ${second.url}`;
    await using room = await openNewsroom({ SMTP_URL });
    await enrollSubscribers(room.app, addresses(3));
    await runOnce(room.app);
    expect(second.recipients()).toEqual(addresses(3));
  });
});

describe('a domain that refuses our mail by policy', () => {
  const mixed = [...Array.from({ length: 12 }, (_, n) => `reader${n}@strict.example`), ...addresses(12)];

  test('is left alone after five readers, by later processes too; the others get theirs, and retry sends again', async () => {
    await using room = await openNewsroom({ OPERATOR_EMAIL });
    const { app, relay } = room;
    await enrollSubscribers(app, mixed);
    relay.follow(({ stage, to }) =>
      stage === 'rcpt' && to.endsWith('strict.example') ? '550 5.7.1 no' : undefined,
    );
    const { left } = await runOnce(app, { wait: 0 });
    expect(left).toEqual({ planned: 7, sending: 0, deferred: 0 });
    expect(relay.recipients().filter((to) => to.startsWith('reader')).length).toBe(12);
    const shown = await cli(app, 'status');
    expect(shown.out).toContain('strict.example refuses our mail');
    const asked = () => [...relay.state.reached.keys()].filter((key) => /^rcpt .*strict/.test(key)).length;
    expect(asked()).toBe(5);
    await app.store.db.deleteFrom('told').execute();
    const rests = await app.store.db.selectFrom('rests').selectAll().execute();
    expect(rests).toMatchObject([{ domain: 'strict.example', reply: '550 5.7.1 no' }]);
    relay.follow(() => undefined);
    app.time.advance(2 * HOUR);
    await runOnce(app);
    const again = await cli(app, 'retry', '--failed');
    expect(again.out).toContain('5 mails of 2026-08-19 were planned again');
    expect((await ledger(app)).every(({ state }) => state === 'accepted')).toBe(true);
    expect(await told(app)).toEqual(['strict.example refuses our mail']);
    expect(await wrongBooks(app)).toEqual([]);
  });
});

describe('SEND_RATE', () => {
  test('is kept at MAIL FROM, and used up', async () => {
    await using room = await openNewsroom({ SEND_RATE: '10/s', SMTP_CONNECTIONS: '1' });
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(35));
    const begun: number[] = [];
    relay.follow(({ stage }) => {
      if (stage === 'mail') begun.push(app.clock());
      return undefined;
    });
    await runOnce(app);
    expect(relay.recipients()).toHaveLength(35);
    for (const from of begun)
      expect(begun.filter((at) => at >= from && at < from + SECOND).length).toBeLessThanOrEqual(10);
    expect((begun.at(-1) ?? 0) - (begun[0] ?? 0)).toBeGreaterThan(3 * SECOND);
  });
});

describe('the operator is told once', () => {
  test('of mails that expired', async () => {
    await using room = await openNewsroom({ OPERATOR_EMAIL });
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(3));
    await runOnce(app, { due: true });
    app.time.set('2026-08-19T21:00:00Z');
    await runOnce(app, { due: true });
    await runOnce(app, { due: true });
    expect(await told(app)).toEqual(['3 mails were not sent in time']);
    expect(relay.recipients()).toEqual([OPERATOR_EMAIL]);
  });
});

describe('status of one issue', () => {
  test('lists everybody whom it did not reach, with the last reply', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(3));
    relay.follow(({ stage, to }) =>
      stage === 'rcpt' && to === 'reader2@example.org' ? '552 5.2.2 full' : undefined,
    );
    await runOnce(app);
    const { out, code } = await cli(app, 'status', '2026-08-19');
    expect(code).toBe(0);
    expect(out).toMatch(/reader2@example\.org +failed +soft +552 5\.2\.2 full/);
    expect(out).not.toContain('reader1@example.org');
    const { notReached } = JSON.parse((await cli(app, 'status', '2026-08-19', '--json')).out);
    expect(notReached).toMatchObject([{ address: 'reader2@example.org', state: 'failed' }]);
    expect((await cli(app, 'status', '2026-08-18')).err).toContain('ISSUE_UNKNOWN');
  });
});

describe('retry', () => {
  test('wants to know what is to be sent again', async () => {
    await using app = await openTestApp();
    expect(await cli(app, 'retry')).toMatchObject({ code: 2, err: expect.stringContaining('--failed') });
  });

  test('leaves alone who is no reader any more', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(2));
    relay.follow(({ stage, to }) =>
      stage === 'rcpt' && to === 'reader1@example.org' ? '550 5.1.1 gone' : undefined,
    );
    await runOnce(app);
    relay.follow(() => undefined);
    expect((await cli(app, 'retry', '--failed')).out).toContain('0 mails of 2026-08-19 were planned again');
    expect(relay.recipients()).toEqual(['reader2@example.org']);
  });

  test('sends what is uncertain when a person says so', async () => {
    await using room = await openNewsroom({ UNCERTAIN: 'hold' });
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(2));
    relay.follow(({ stage, to, nth }) =>
      stage === 'end' && to === 'reader1@example.org' && nth === 1 ? 'drop' : undefined,
    );
    await runOnce(app);
    expect((await ledger(app)).map(({ state }) => state)).toEqual(['uncertain', 'accepted']);
    expect((await cli(app, 'retry', '--uncertain')).out).toContain(
      '1 mails of 2026-08-19 were planned again',
    );
    expect((await ledger(app)).map(({ state }) => state)).toEqual(['accepted', 'accepted']);
  });
});

describe('LEDGER_DAYS', () => {
  test('makes totals of an old issue, and its books still balance', async () => {
    await using room = await openNewsroom({ LEDGER_DAYS: '30' });
    const { app, relay, feeds } = room;
    await enrollSubscribers(app, addresses(5));
    relay.follow(({ stage, to }) =>
      stage === 'rcpt' && to === 'reader2@example.org' ? '552 5.2.2 full' : undefined,
    );
    await runOnce(app);
    const before = (await cli(app, 'status', '2026-08-19')).out.split('\n\n')[0];
    app.time.advance(31 * DAY);
    feeds.state.days = { '2026-09-18': listedDay('2026-09-18', 12) };
    await runOnce(app);
    expect((await ledger(app)).filter(({ issue }) => issue === 1)).toEqual([]);
    expect((await cli(app, 'status', '2026-08-19')).out).toBe(before);
    expect(await wrongBooks(app)).toEqual([]);
  });
});

test('a process that was held up until another took its mails over sends none of them', async () => {
  await using room = await openNewsroom({ SMTP_CONNECTIONS: '1' });
  const { app, relay } = room;
  await enrollSubscribers(app, addresses(2));
  relay.follow(async ({ stage, to, nth }) => {
    // As if it had slept between its claim and DATA.
    if (stage === 'rcpt' && to === 'reader1@example.org' && nth === 1) {
      app.time.advance(HOUR);
      await app.store.db
        .updateTable('deliveries')
        .set({ state: 'accepted', owner: '', reply: '250 by another', settled_at: 1 })
        .where('state', '=', 'sending')
        .execute();
    }
    return undefined;
  });
  await runOnce(app);
  expect(relay.recipients()).toEqual(['reader2@example.org']);
  expect(app.logged).toContain('this process was held up for so long that another took its mail over');
  expect(await wrongBooks(app)).toEqual([]);
});

test('an acceptance that comes after its row was given up as uncertain counts, and nobody sends it again', async () => {
  await using room = await openNewsroom({ SMTP_CONNECTIONS: '1' });
  const { app, relay } = room;
  await enrollSubscribers(app, addresses(1));
  relay.follow(async ({ stage }) => {
    if (stage === 'end')
      await app.store.db
        .updateTable('deliveries')
        .set({ state: 'uncertain', owner: '' })
        .where('state', '=', 'sending')
        .execute();
    return undefined;
  });
  await runOnce(app);
  await deliver(app, app.composing, app.sending, () => ({ dueBy: app.clock() }), NEVER);
  expect(relay.recipients()).toEqual(addresses(1));
  expect((await ledger(app)).map(({ state }) => state)).toEqual(['accepted']);
});
