import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/time.ts';
import { onceFault } from '../../src/runtime/run-once.ts';
import { unsubscribe } from '../../src/subscribers/lifecycle.ts';
import { findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { addresses, enrollSubscribers, ledger } from '../support/app.ts';
import { listedDay } from '../support/feeds.ts';
import { openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';

async function rows(app: App) {
  return app.store.db.selectFrom('deliveries').selectAll().orderBy('subscriber_id').execute();
}

describe('a deferred mail', () => {
  test('is tried again within the patience of the run', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(3));
    relay.follow(({ stage, to, nth }) =>
      stage === 'rcpt' && to === 'reader2@example.org' && nth <= 3 ? '450 4.2.0 greylisted' : undefined,
    );
    const startedAt = app.clock();
    const { issue, left } = await runOnce(app);
    expect([issue.state, left.deferred]).toEqual(['done', 0]);
    expect(relay.recipients()).toEqual(addresses(3).sort());
    // 10 s, 30 s and 90 s, each ± 10 %.
    expect(app.clock() - startedAt).toBeGreaterThan(115_000);
    expect(app.clock() - startedAt).toBeLessThan(145_000);
  });

  test('is left to the next run when patience ends, and the run says so without a fault', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(2));
    relay.follow(({ stage, to }) =>
      stage === 'rcpt' && to === 'reader1@example.org' ? '450 4.2.0 greylisted' : undefined,
    );
    const result = await runOnce(app, { wait: 0 });
    expect(result.left).toEqual({ planned: 0, sending: 0, deferred: 1 });
    expect(result.issue.state).toBe('frozen');
    expect(onceFault(result)).toBeUndefined();
    relay.follow(() => undefined);
    app.time.advance(MINUTE);
    expect((await runOnce(app)).issue.state).toBe('done');
    expect(relay.recipients()).toEqual(addresses(2).sort());
  });

  test('keeps the same Message-ID at every attempt', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(1));
    const seen: string[] = [];
    relay.follow(({ stage, nth }) => {
      if (stage === 'end' && nth === 1) return '451 4.3.0 try again';
      return undefined;
    });
    await runOnce(app);
    for (const { raw } of relay.mails) seen.push(/^message-id: (.*)$/im.exec(raw.toString())?.[1] ?? '');
    expect(seen).toEqual([expect.stringMatching(/^<.+@papers\.example\.org>/)]);
    expect((await rows(app))[0]).toMatchObject({ state: 'accepted', attempts: 2 });
  });
});

describe('an address that is dead', () => {
  test('is suppressed at once when the server says that there is no such mailbox', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(2));
    relay.follow(({ stage, to }) =>
      stage === 'rcpt' && to === 'reader1@example.org' ? '550 5.1.1 no such mailbox' : undefined,
    );
    const { issue } = await runOnce(app);
    expect(issue.state).toBe('done');
    expect((await rows(app))[0]).toMatchObject({ state: 'failed', reason: 'hard', attempts: 1 });
    expect((await findByAddress(app.store.db, 'reader1@example.org'))?.state).toBe('suppressed');
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('is suppressed after three issues that were refused without a reason, and not before', async () => {
    await using room = await openNewsroom();
    const { app, feeds, relay } = room;
    await enrollSubscribers(app, addresses(1));
    relay.follow(({ stage }) => (stage === 'rcpt' ? '550 no' : undefined));
    const states: (string | undefined)[] = [];
    for (const day of ['18', '19', '20', '21']) {
      feeds.state.days[`2026-08-${day}`] = listedDay(`2026-08-${day}`, 12);
      await runOnce(app, { at: app.clock() });
      states.push((await findByAddress(app.store.db, 'reader1@example.org'))?.state);
      app.time.advance(DAY);
    }
    expect(states).toEqual(['active', 'active', 'suppressed', 'suppressed']);
    expect(await ledger(app)).toHaveLength(3);
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('is not found in one that is only full or against our mail', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(2));
    relay.follow(({ stage, to }) => {
      if (stage !== 'rcpt') return undefined;
      return to === 'reader1@example.org' ? '552 5.2.2 full' : '550 5.7.1 policy';
    });
    await runOnce(app);
    expect((await rows(app)).map(({ state, reason }) => [state, reason])).toEqual([
      ['failed', 'soft'],
      ['failed', 'policy'],
    ]);
    expect((await findByAddress(app.store.db, 'reader1@example.org'))?.state).toBe('active');
    expect((await findByAddress(app.store.db, 'reader2@example.org'))?.state).toBe('active');
  });
});

describe('a relay that refuses us', () => {
  test.each([
    ['mail', '550 5.7.1 not from you'],
    ['connect', '554 5.7.1 blocked'],
    ['ehlo', '421 4.3.2 closing'],
    ['rcpt', '553 5.1.8 your domain does not exist'],
  ])('at %s leaves every row planned and spends no attempt', async (stage, reply) => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(8));
    relay.follow((moment) => (moment.stage === stage ? reply : undefined));
    const result = await runOnce(app);
    expect(onceFault(result)).toMatchObject({ code: 'NO_ROUTE', exitCode: 1 });
    expect(result.left).toEqual({ planned: 8, sending: 0, deferred: 0 });
    for (const row of await rows(app)) expect(row).toMatchObject({ state: 'planned', attempts: 0 });
    relay.follow(() => undefined);
    expect((await runOnce(app)).issue.state).toBe('done');
    expect(relay.recipients()).toEqual(addresses(8).sort());
  });

  test('with a log-in that is wrong too', async () => {
    await using room = await openNewsroom();
    room.relay.follow(({ stage }) => (stage === 'auth' ? '535 5.7.8 bad credentials' : undefined));
    const SMTP_URL = room.relay.url.replace('//', '//someone:wrong@');
    await using other = await openNewsroom({ SMTP_URL });
    await enrollSubscribers(other.app, addresses(2));
    const result = await runOnce(other.app);
    expect(onceFault(result)?.message).toContain('535 5.7.8 bad credentials');
    expect(result.left.planned).toBe(2);
  });

  test('for a while is waited for, and then takes everything', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(5));
    relay.follow(({ stage, nth }) => (stage === 'mail' && nth <= 10 ? '421 4.7.0 busy' : undefined));
    const result = await runOnce(app);
    expect(onceFault(result)).toBeUndefined();
    expect(relay.recipients()).toEqual(addresses(5).sort());
  });
});

test('one address that makes the relay hang up does not keep the others from their mail', async () => {
  await using room = await openNewsroom({ SMTP_CONNECTIONS: '1' });
  const { app, relay } = room;
  await enrollSubscribers(app, addresses(4));
  relay.follow(({ stage, to }) => (stage === 'rcpt' && to === 'reader1@example.org' ? 'drop' : undefined));
  const { left } = await runOnce(app, { wait: 0 });
  expect(left).toEqual({ planned: 0, sending: 0, deferred: 1 });
  expect(relay.recipients()).toEqual(addresses(4).slice(1));
});

test('a reader who leaves while their mail is on the wire gets no second attempt', async () => {
  await using room = await openNewsroom();
  const { app, relay } = room;
  await enrollSubscribers(app, addresses(2));
  relay.follow(async ({ stage, to, nth }) => {
    if (stage !== 'end' || to !== 'reader1@example.org') return undefined;
    if (nth === 1) await unsubscribe(app, 1);
    return '451 4.3.0 try again';
  });
  await runOnce(app, { wait: HOUR });
  expect(relay.state.reached.get('end reader1@example.org')).toBe(1);
  expect((await rows(app)).map(({ state }) => state)).toEqual(['suppressed', 'accepted']);
  expect(await wrongBooks(app)).toEqual([]);
});
