import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { confirmHeld, restoreSuppressed } from '../../src/delivery/refusals.ts';
import { retryNow } from '../../src/delivery/send-again.ts';
import { DAY, HOUR, SECOND } from '../../src/domain/time.ts';
import { onceFault } from '../../src/runtime/run-once.ts';
import { removeSubscriber } from '../../src/subscribers/admin.ts';
import { countByState, findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { findSuppression } from '../../src/subscribers/suppressions-table.ts';
import { cli } from '../cli/fake-host.ts';
import { addresses, enrollSubscribers, openTestApp, tempFolder } from '../support/app.ts';
import { listedDay } from '../support/feeds.ts';
import { NEVER, openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';
import { receiver } from '../support/receiver.ts';
import type { Stage } from '../support/smtp-server.ts';

const OPERATOR_EMAIL = 'operator@ours.example';

/** So many subscribers at each of so many domains. */
function subscribersAt(domains: number, each: number): string[] {
  return Array.from({ length: domains }, (_, d) =>
    Array.from({ length: each }, (_, n) => `reader${n}@d${d}.example`),
  ).flat();
}

function at(domain: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `reader${n}@${domain}`);
}

async function states(app: App): Promise<Record<string, number>> {
  const counts = await countByState(app.store.db);
  return Object.fromEntries(counts.map(({ state, count }) => [state, count]));
}

async function rows(app: App) {
  return app.store.db
    .selectFrom('deliveries')
    .select(['address', 'state', 'reason', 'attempts', 'reply'])
    .orderBy('subscriber_id')
    .execute();
}

async function operatorNotices(app: App): Promise<string[]> {
  const notices = app.store.db.selectFrom('notices').select('detail').where('kind', '=', 'operator');
  return (await notices.execute()).map(({ detail }) => detail.split('\n')[0] ?? '');
}

describe('a relay that refuses everybody', () => {
  const MISTAKES: [string, Stage, (to: string) => string][] = [
    ['the sending identity was lost', 'end', () => '554 Message rejected: Email address is not verified.'],
    ['our address left its networks', 'rcpt', (to) => `554 5.7.1 <${to}>: Relay access denied`],
    ['our account is on hold', 'rcpt', () => '550 5.7.0 Account suspended, see https://relay.example/a1b2'],
    ['our quota is used up for good', 'end', () => '550 5.4.5 Daily sending quota exceeded (req 8f31c2)'],
    ['it takes us for a forger', 'end', () => '550 Unauthenticated senders not allowed'],
    ['it finds the mail too large', 'end', () => '552 5.3.4 Message size exceeds fixed limit'],
    ['it takes every address for a dead one', 'rcpt', (to) => `550 5.1.1 <${to}>: user unknown`],
  ];

  test.each(MISTAKES)('since %s takes nobody off the list, and says so once', async (_, stage, reply) => {
    const hook = await receiver();
    await using room = await openNewsroom({ OPERATOR_EMAIL, OPERATOR_URL: hook.url });
    const { app, relay } = room;
    const everybody = subscribersAt(20, 3);
    await enrollSubscribers(app, everybody);
    relay.follow((moment) => (moment.stage === stage ? reply(moment.to) : undefined));
    const result = await runOnce(app, { wait: 0 });
    expect(onceFault(result)).toMatchObject({ code: 'NO_ROUTE', exitCode: 1 });
    expect(await states(app)).toEqual({ active: 60 });
    for (const row of await rows(app)) expect(row.attempts, row.reply).toBe(0);
    expect((await rows(app)).map(({ state }) => state)).not.toContain('failed');
    expect(await operatorNotices(app)).toHaveLength(1);
    expect(hook.got).toHaveLength(1);
    expect(hook.got[0]?.body).toContain('refuses mail');
    expect(await wrongBooks(app)).toEqual([]);

    relay.follow(() => undefined);
    app.time.advance(60 * SECOND);
    expect(onceFault(await runOnce(app))).toBeUndefined();
    expect(relay.recipients().filter((to) => to !== OPERATOR_EMAIL)).toEqual(everybody.toSorted());
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('day after day never does, with however few readers', async () => {
    await using room = await openNewsroom();
    const { app, relay, feeds } = room;
    await enrollSubscribers(app, subscribersAt(4, 2));
    relay.follow(({ stage }) => (stage === 'end' ? '554 Message rejected: not verified' : undefined));
    for (const day of ['18', '19', '20', '21', '22']) {
      feeds.state.days[`2026-08-${day}`] = listedDay(`2026-08-${day}`, 12);
      expect(onceFault(await runOnce(app, { wait: 0 }))?.exitCode).toBe(1);
      app.time.advance(DAY);
    }
    expect(await states(app)).toEqual({ active: 8 });
  });

  test('is stood in for by the next one', async () => {
    await using room = await openNewsroom();
    await using second = await openNewsroom();
    const SMTP_URL = `${room.relay.url}, ${second.relay.url}`;
    await using app = await openTestApp({ ...room.settings, SMTP_URL });
    const everybody = subscribersAt(10, 2);
    await enrollSubscribers(app, everybody);
    room.relay.follow(({ stage }) => (stage === 'end' ? '554 Message rejected: not verified' : undefined));
    expect(onceFault(await runOnce(app))).toBeUndefined();
    expect(second.relay.recipients()).toEqual(everybody.toSorted());
  });

  test('that offers no log-in where we have one is refused by us: nothing goes out without it', async () => {
    await using room = await openNewsroom();
    const SMTP_URL = room.relay.url.replace('//', '//papers:secret@');
    await using app = await openTestApp({ ...room.settings, SMTP_URL });
    await enrollSubscribers(app, subscribersAt(3, 2));
    room.relay.follow(({ stage }) => (stage === 'ehlo' ? '250 relay.example' : undefined));
    const result = await runOnce(app, { wait: 0 });
    expect(onceFault(result)).toMatchObject({ code: 'NO_ROUTE' });
    expect(onceFault(result)?.message).toContain('offers no log-in');
    expect(room.relay.mails).toEqual([]);
    expect(room.relay.state.reached.get('mail ')).toBeUndefined();
  });
});

describe('a provider that takes its readers for dead', () => {
  /** Gmail did so for some hours of December 2020. */
  const DEAD =
    '550-5.1.1 The account that you tried to reach does not exist. Please try again.\r\n550 5.1.1 https://mail.example/?p=NoSuchUser a1b2 - gsmtp';

  async function outage(settings: Record<string, string> = {}) {
    const room = await openNewsroom({ OPERATOR_EMAIL, ...settings });
    const big = at('big.example', 80);
    const others = subscribersAt(20, 2);
    await enrollSubscribers(room.app, [...big, ...others], { deliverAt: '05:00' });
    const fail = ({ stage, to }: { stage: string; to: string }) =>
      stage === 'rcpt' && to.endsWith('@big.example') ? DEAD : undefined;
    room.relay.follow(fail);
    return { room, big, others, fail };
  }

  test('loses none of them: they wait, the others get their mail, and the run ends with 1', async () => {
    const { room, big, others } = await outage();
    await using _ = room;
    const { app, relay } = room;
    const result = await runOnce(app, { wait: 0 });
    expect(onceFault(result)).toMatchObject({ code: 'REFUSALS_HELD', exitCode: 1 });
    expect(await states(app)).toEqual({ active: 120 });
    expect(relay.recipients()).toEqual(expect.arrayContaining(others));
    const tried = (await rows(app)).filter(({ address }) => address.endsWith('@big.example'));
    expect(new Set(tried.map(({ state }) => state))).toEqual(new Set(['deferred', 'planned']));
    expect(tried.every(({ attempts }) => attempts === 0)).toBe(true);
    // What was on the wire when it was found; the domain rests since.
    expect(tried.filter(({ reason }) => reason === 'held').length).toBeLessThan(40);
    expect(await operatorNotices(app)).toEqual([expect.stringContaining('big.example refused so many')]);
    expect(await wrongBooks(app)).toEqual([]);

    relay.follow(() => undefined);
    app.time.advance(HOUR);
    expect(onceFault(await runOnce(app))).toBeUndefined();
    expect(relay.recipients().filter((to) => to !== OPERATOR_EMAIL)).toEqual([...big, ...others].toSorted());
    expect(await states(app)).toEqual({ active: 120 });
  });

  test('that goes on for hours is asked a few times an hour, and loses none of them either', async () => {
    const { room, fail } = await outage();
    await using _ = room;
    const { app, relay } = room;
    await runOnce(app, { wait: 0 });
    let asked = 0;
    relay.follow((moment) => {
      if (moment.stage === 'rcpt' && moment.to.endsWith('@big.example')) asked += 1;
      return fail(moment);
    });
    for (let hour = 0; hour < 4; hour += 1) {
      app.time.advance(HOUR);
      await runOnce(app, { wait: 0 });
    }
    expect(asked).toBeLessThanOrEqual(4 * 6);
    expect(await states(app)).toEqual({ active: 120 });
  });

  test('is believed when the operator says so, and then its readers are off the list with its words', async () => {
    const { room, big } = await outage();
    await using _ = room;
    const { app } = room;
    await runOnce(app, { wait: 0 });
    const held = (await rows(app)).filter(({ reason }) => reason === 'held').map(({ address }) => address);
    const { code, out } = await cli(app, 'subscribers', 'suppress', '--held');
    expect([code, out]).toEqual([0, `${held.length} readers are suppressed.`]);
    expect(await states(app)).toEqual({ active: 120 - held.length, suppressed: held.length });
    const listed = await cli(app, 'subscribers', 'list', '--state', 'suppressed');
    expect(listed.out).toContain('hard');
    expect(listed.out).toContain('does not exist. Please try again.');
    expect(listed.out).toContain('2026-08-19T05:0');
    expect(big).toEqual(expect.arrayContaining(held));
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('is asked again at once when the operator ends all rests', async () => {
    const { room, big } = await outage();
    await using _ = room;
    const { app, relay } = room;
    await runOnce(app, { wait: 0 });
    relay.follow(() => undefined);
    const { code, out } = await cli(app, 'retry', '--now');
    expect(code).toBe(0);
    expect(out).toContain('All cooldowns have ended.');
    expect(relay.recipients()).toEqual(expect.arrayContaining(big));
  });

  test('that rests is named by a retry that could send nothing', async () => {
    const { room } = await outage();
    await using _ = room;
    await runOnce(room.app, { wait: 0 });
    const { out } = await cli(room.app, 'retry', '--failed');
    expect(out).toContain('Mails to big.example are on hold');
    expect(out).toContain('offprint retry --now');
    const status = await cli(room.app, 'status');
    expect(status.out).toContain('refusals of 2026-08-19 are held');
  });
});

describe('addresses that are truly dead', () => {
  const SAID = [
    '550 5.1.1 <x@y.example>: Recipient address rejected: User unknown in local recipient table',
    '550-5.1.1 The account that you tried to reach does not exist.\r\n550 5.1.1 https://mail.example/?p=NoSuchUser a1 - gsmtp',
    '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
    '554 5.1.1 delivery error: dd This user doesn’t have an account (x@y.example) [0]',
    '550 5.1.2 bad destination system: no such domain',
    '550 5.1.6 mailbox has moved, no forwarding address',
  ];

  test('go at once, in small numbers, whatever their providers say, and the run ends well', async () => {
    await using room = await openNewsroom({ OPERATOR_EMAIL });
    const { app, relay } = room;
    const everybody = subscribersAt(60, 5);
    await enrollSubscribers(app, everybody);
    const dead = new Set(everybody.filter((_, n) => n % 17 === 0));
    relay.follow(({ stage, to }) =>
      stage === 'rcpt' && dead.has(to) ? SAID[to.length % SAID.length] : undefined,
    );
    expect(onceFault(await runOnce(app))).toBeUndefined();
    expect(await states(app)).toEqual({ active: 300 - dead.size, suppressed: dead.size });
    expect(await operatorNotices(app)).toEqual([]);
    const [one = ''] = dead;
    const kept = await findSuppression(app.store.db, one);
    expect(kept).toMatchObject({
      reason: 'hard',
      source: 'smtp',
      reply: expect.stringMatching(/^55[04] 5\.1/),
    });
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('that alone come first are held for a moment, and go once somebody was reached', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    const dead = subscribersAt(4, 1);
    const living = addresses(6);
    await enrollSubscribers(app, dead, { deliverAt: '05:00' });
    await enrollSubscribers(app, living, { deliverAt: '05:00' });
    relay.follow(({ stage, to }) =>
      stage === 'rcpt' && dead.includes(to) ? '550 5.1.1 user unknown' : undefined,
    );
    expect(onceFault(await runOnce(app))).toBeUndefined();
    expect(relay.recipients()).toEqual(living.toSorted());
    expect(await states(app)).toEqual({ active: 6, suppressed: 4 });
  });

  test('of a stale list are held beyond one in twenty, and the others get their mail', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    const everybody = subscribersAt(100, 3);
    await enrollSubscribers(app, everybody);
    const dead = new Set(everybody.filter((_, n) => (Math.floor(n / 3) + n) % 3 === 1));
    relay.follow(({ stage, to }) =>
      stage === 'rcpt' && dead.has(to)
        ? `550 5.1.1 ${to.length % 2 ? 'unknown' : 'no such user'}`
        : undefined,
    );
    const result = await runOnce(app, { wait: 0 });
    expect(onceFault(result)?.code).toBe('REFUSALS_HELD');
    expect(await states(app)).toEqual({ active: 300 });
    expect(relay.recipients()).toEqual(everybody.filter((to) => !dead.has(to)).toSorted());
    expect(await confirmHeld(app)).toEqual({ suppressed: 100, left: 0 });
    expect(await states(app)).toEqual({ active: 200, suppressed: 100 });
    expect(await wrongBooks(app)).toEqual([]);
  });
});

describe('readers who were suppressed by mistake', () => {
  async function oneDead() {
    const room = await openNewsroom();
    await enrollSubscribers(room.app, addresses(4));
    room.relay.follow(({ stage, to }) => {
      if (stage !== 'rcpt') return undefined;
      if (to === 'reader1@example.org') return '550 5.1.1 account is not verified';
      return to === 'reader2@example.org' ? '550 5.1.1 no such user' : undefined;
    });
    await runOnce(room.app);
    room.relay.follow(() => undefined);
    return room;
  }

  test('come back by when it was and what the server said; those who left do not', async () => {
    await using room = await oneDead();
    const { app } = room;
    await removeSubscriber(app, 'reader3@example.org');
    expect(await states(app)).toEqual({ active: 1, suppressed: 2, unsubscribed: 1 });
    const since = '2026-08-19T05:00:00Z';
    const dry = await cli(app, 'subscribers', 'restore', '--suppressed-since', since, '--dry-run');
    expect(dry.out).toContain('2 readers would be active again.');
    const reply = ['--reply', 'NOT VERIFIED'];
    const done = await cli(app, 'subscribers', 'restore', '--suppressed-since', since, ...reply);
    expect(done.out.split('\n')[0]).toBe('reader1@example.org');
    expect(await states(app)).toEqual({ active: 2, suppressed: 1, unsubscribed: 1 });
    expect(await findSuppression(app.store.db, 'reader1@example.org')).toBeUndefined();
    app.time.advance(HOUR);
    const after = app.clock();
    expect(await restoreSuppressed(app, { since: after, reply: '', dryRun: false })).toEqual([]);
  });

  test('get what was refused when it is tried again', async () => {
    await using room = await oneDead();
    const { app, relay } = room;
    await restoreSuppressed(app, { since: 0, reply: '', dryRun: false });
    await cli(app, 'retry', '--failed');
    expect(relay.recipients()).toEqual(addresses(4));
    expect((await findByAddress(app.store.db, 'reader1@example.org'))?.state).toBe('active');
    expect(await wrongBooks(app)).toEqual([]);
  });
});

test('mails that wait for a domain go at the next pass of any process, when another one has ended the rests', async () => {
  using folder = tempFolder();
  const DATABASE_URL = join(folder.path, 'offprint.db');
  await using room = await openNewsroom({ DATABASE_URL }, { owner: 'one' });
  const { app, relay } = room;
  await enrollSubscribers(app, at('strict.example', 8));
  relay.follow(({ stage }) => (stage === 'rcpt' ? '550 5.7.1 policy' : undefined));
  await runOnce(app, { wait: 0 });
  relay.follow(() => undefined);
  await runOnce(app, { wait: 0 });
  expect(relay.mails).toEqual([]);
  await using other = await openTestApp(room.settings, { time: app.time, owner: 'other' });
  app.time.advance(SECOND);
  await retryNow(other, other.composing, other.sending, NEVER);
  await runOnce(app, { wait: 0 });
  // Five were refused for good.
  expect(relay.mails).toHaveLength(3);
});
