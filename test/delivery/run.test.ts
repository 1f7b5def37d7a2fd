import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Due, Queue } from '../../src/delivery/queue-types.ts';
import { createRoutes } from '../../src/delivery/routes.ts';
import { run } from '../../src/delivery/run.ts';
import type { Transport } from '../../src/delivery/smtp/transport.ts';
import type { Outcome } from '../../src/domain/delivery.ts';
import type { Message } from '../../src/domain/message.ts';
import { movingClock } from '../support/clock.ts';
import { mailTo } from './mail.ts';
import { memoryQueue, memoryTransport, outcome, policy, tools } from './memory.ts';

const NEVER = new AbortController().signal;

/** What another process has is gone when it is looked for again. */
function once(sweep: Queue<Due>['sweep']): Queue<Due>['sweep'] {
  let swept = false;
  return () => {
    if (swept) return async () => ({ works: [], isLast: true });
    swept = true;
    return sweep();
  };
}

describe('a run', () => {
  test('sends all that is due once, with at most as many at once as there are connections', async () => {
    const { queue, count } = memoryQueue(1200);
    const { routes, sent, seen } = memoryTransport(4);
    const { counts } = await run(queue, routes, tools(), NEVER);
    expect(counts).toEqual({
      accepted: 1200,
      deferred: 0,
      held: 0,
      failed: 0,
      lost: 0,
      route: 0,
      returned: 0,
    });
    expect(new Set(sent).size).toBe(1200);
    expect(sent).toHaveLength(1200);
    expect(seen.most).toBe(4);
    expect(count('accepted')).toBe(1200);
  });

  test('leaves to another process what that has claimed', async () => {
    const { queue, rows } = memoryQueue(5);
    const { routes, sent } = memoryTransport(2);
    const claim: typeof queue.claim = async (work) => {
      rows.set('reader3@example.org', 'sending');
      return queue.claim(work);
    };
    await run({ ...queue, claim }, routes, tools(), NEVER);
    expect(sent.toSorted()).toEqual([1, 2, 4, 5].map((n) => `reader${n}@example.org`));
  });

  test('begins the next mail at the moment that was reserved for one that is another process’s', async () => {
    const { queue, count } = memoryQueue(20);
    const { routes } = memoryTransport(1);
    const claim: typeof queue.claim = async (work) => work.subscriberId % 2 === 0 && queue.claim(work);
    let given = 0;
    const slot = async () => {
      given += 1;
      return 0;
    };
    const rows = { ...queue, claim, sweep: once(queue.sweep) };
    await run(rows, routes, { ...tools(), pacer: { slot, isFresh: () => true } }, NEVER);
    expect([count('accepted'), given]).toEqual([10, 10]);
  });

  test('told to stop, finishes what is on the wire and begins nothing', async () => {
    const { queue, count } = memoryQueue(50);
    const stop = new AbortController();
    const { routes, sent } = memoryTransport(3, () => {
      stop.abort();
      return 'accepted';
    });
    const { counts } = await run(queue, routes, tools(), stop.signal);
    expect(counts.accepted).toBe(3);
    expect(sent).toHaveLength(3);
    expect([count('accepted'), count('planned'), count('sending')]).toEqual([3, 47, 0]);
  });

  test('puts off the one reader whose mail cannot be composed, without blame for the route', async () => {
    const { queue, rows, count } = memoryQueue(9);
    const { routes, sent } = memoryTransport(2);
    const compose: typeof queue.compose = async (work) => {
      if (work.subscriberId === 5) throw new Error('a bad template');
      return mailTo(work.id);
    };
    await run({ ...queue, compose }, routes, tools(), NEVER);
    expect(sent).not.toContain('reader5@example.org');
    expect(rows.get('reader5@example.org')).toBe('deferred');
    expect(count('accepted')).toBe(8);
  });

  test('never sends one reader the mail of another, however late it is made, claimed or answered', async () => {
    const turns = fc.integer({ min: 0, max: 4 });
    const subscriber = fc.record({
      claimed: fc.boolean(),
      made: turns,
      onWire: turns,
      kind: fc.constantFrom('accepted', 'deferred', 'lost'),
    });
    const pass = async (turns: number) => {
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(subscriber, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 4 }),
        async (subscribers, connections) => {
          const { queue, rows } = memoryQueue(subscribers.length);
          const of = (to: string) => subscribers[Number(/\d+/.exec(to)) - 1] as (typeof subscribers)[number];
          const claim: typeof queue.claim = async (work) => {
            if (of(work.id).claimed) return queue.claim(work);
            rows.set(work.id, 'of another');
            return false;
          };
          const compose: typeof queue.compose = async ({ id }, space) => {
            await pass(of(id).made);
            return { ...mailTo(id), raw: space.join([Buffer.from(id)]) };
          };
          const wrong: string[] = [];
          const send = async ({ envelope: { to }, raw }: Message) => {
            const { onWire, kind } = of(to);
            await pass(onWire);
            if (raw.toString() !== to) wrong.push(`${to} had ${raw}`);
            return outcome(kind as 'accepted');
          };
          const transport = { name: 'memory', connections, send, close: async () => {} };
          const routes = createRoutes([transport], connections, () => 5000);
          await run({ ...queue, claim, compose }, routes, tools(), NEVER);
          expect(wrong).toEqual([]);
        },
      ),
    );
  });

  test('begins what comes while another mail is still on the wire', async () => {
    const { queue, rows } = memoryQueue(2);
    const stalled = Promise.withResolvers<'accepted'>();
    const { routes, sent } = memoryTransport(2, (to) => {
      if (to === 'reader1@example.org') return stalled.promise;
      if (to === 'reader2@example.org') rows.set('reader3@example.org', 'planned');
      if (to === 'reader3@example.org') stalled.resolve('accepted');
      return 'accepted';
    });
    await run(queue, routes, tools(), NEVER);
    // Otherwise it would not have ended.
    expect(sent.toSorted()).toEqual([1, 2, 3].map((n) => `reader${n}@example.org`));
  });

  test('told to look again, sends what has come while another mail stays on the wire, though no time passes', async () => {
    const { queue, rows } = memoryQueue(1);
    const begun = Promise.withResolvers<void>();
    const stalled = Promise.withResolvers<Outcome['kind']>();
    const { routes, sent } = memoryTransport(2, (to) => {
      if (to.startsWith('reader1@')) begun.resolve();
      else stalled.resolve('accepted');
      return to.startsWith('reader1@') ? stalled.promise : 'accepted';
    });
    let lookAgain = () => {};
    const onStart = (look: () => void) => {
      lookAgain = look;
    };
    const running = run(queue, routes, { ...tools(), onStart }, NEVER);
    await begun.promise;
    rows.set('late@other.example', 'planned');
    lookAgain();
    await running;
    // The first ends only after the late one has begun.
    expect(sent.toSorted()).toEqual(['late@other.example', 'reader1@example.org']);
  });
});

describe('a route', () => {
  test('that refuses us ends the run, and the row is given back', async () => {
    const { queue, count } = memoryQueue(50);
    const { routes } = memoryTransport(1, () => 'route');
    const result = await run(queue, routes, tools(), NEVER);
    expect(result).toMatchObject({ routeDown: 'a reply that means route', retryAt: 5000 });
    expect([count('planned'), count('sending')]).toEqual([50, 0]);
  });

  test('that refuses us is stood in for by the next', async () => {
    const { queue, count } = memoryQueue(50);
    const first = memoryTransport(3, () => 'route', 'first');
    const second = memoryTransport(3, () => 'accepted', 'second');
    const events: unknown[] = [];
    const routes = createRoutes([first.transport, second.transport], 3, () => 5000);
    const onEvent = (event: unknown) => events.push(event);
    const result = await run(queue, routes, { ...tools(), onEvent }, NEVER);
    expect(result.routeDown).toBeUndefined();
    expect(first.sent.length).toBeLessThanOrEqual(3);
    expect(count('accepted')).toBe(50);
    expect(events).toEqual([{ kind: 'opened', route: 'first', reply: 'a reply that means route' }]);
  });

  test('takes over again after its rest, tried with one message', async () => {
    const time = movingClock(0);
    let down = true;
    const first = memoryTransport(3, () => (down ? 'route' : 'accepted'), 'first');
    const second = memoryTransport(3, () => 'accepted', 'second');
    const routes = createRoutes([first.transport, second.transport], 3, () => 5000);
    await run(memoryQueue(20).queue, routes, tools(time), NEVER);
    const tried = first.sent.length;
    time.advance(6000);
    await run(memoryQueue(20).queue, routes, tools(time), NEVER);
    expect(first.sent).toHaveLength(tried + 1);
    down = false;
    time.advance(6000);
    await run(memoryQueue(20).queue, routes, tools(time), NEVER);
    expect(first.sent.length).toBeGreaterThan(tried + 10);
  });
});

describe('one domain', () => {
  const domainOf = (n: number) => (n <= 40 ? 'bad.example' : 'good.example');

  test('whose policy refuses five readers in a row is left alone, and the others get their mail', async () => {
    const { queue, count } = memoryQueue(100, domainOf);
    const { routes } = memoryTransport(10, (to) => (to.endsWith('bad.example') ? policy() : 'accepted'));
    const events: unknown[] = [];
    const result = await run(queue, routes, { ...tools(), onEvent: (event) => events.push(event) }, NEVER);
    expect([count('failed'), count('accepted'), count('planned')]).toEqual([5, 60, 35]);
    expect(events).toMatchObject([{ kind: 'domain-rests', domain: 'bad.example', reply: '550 5.7.1 no' }]);
    expect(result.retryAt).toBe(3_600_000);
    expect(result.routeDown).toBeUndefined();
  });

  test('that puts everybody off is asked ever more rarely, and the others get their mail', async () => {
    const { queue, count } = memoryQueue(100, domainOf);
    const { routes } = memoryTransport(5, (to) => (to.endsWith('bad.example') ? 'deferred' : 'accepted'));
    await run(queue, routes, tools(), NEVER);
    expect(count('accepted')).toBe(60);
    expect(count('deferred')).toBeLessThanOrEqual(7);
  });

  test('that does not answer keeps no more than its share of the connections', async () => {
    const { queue, count } = memoryQueue(100, domainOf);
    const stalled = Promise.withResolvers<'accepted'>();
    const { routes, sent } = memoryTransport(5, (to) => {
      if (to.endsWith('bad.example') && sent.length < 60) return stalled.promise;
      if (sent.length >= 59) stalled.resolve('accepted');
      return 'accepted';
    });
    await run(queue, routes, tools(), NEVER);
    expect(sent.slice(0, 59).filter((to) => to.endsWith('bad.example'))).toEqual([]);
    expect(count('accepted')).toBe(100);
  });
});

describe('a ledger that cannot be written', () => {
  test('holds up the connection whose outcome it is, until it can, and nothing is sent twice', async () => {
    const { queue, count } = memoryQueue(20);
    const { routes, sent } = memoryTransport(4);
    let full = 6;
    const settle: typeof queue.settle = async (work, result) => {
      if (work.subscriberId === 1 && full-- > 0) throw new Error('the disk is full');
      await queue.settle(work, result);
    };
    const used = tools();
    await run({ ...queue, settle }, routes, used, NEVER);
    expect(used.troubles).toHaveLength(6);
    expect(sent).toHaveLength(20);
    expect(count('accepted')).toBe(20);
  });

  test('and cannot be read either ends the run when patience does', async () => {
    const { queue } = memoryQueue(20);
    const { routes, sent } = memoryTransport(4);
    const claim = async () => {
      throw new Error('the database went away');
    };
    await expect(run({ ...queue, claim }, routes, tools(), NEVER)).rejects.toThrow('the database went away');
    expect(sent).toEqual([]);
  });

  test('nor asked when a mail may go, gives back what was about to and ends the run for all connections', async () => {
    const { queue, count } = memoryQueue(20);
    const { transport } = memoryTransport(4);
    const asking: Transport = {
      ...transport,
      send: async (message, gate) => {
        await gate?.mail();
        return transport.send(message, gate);
      },
    };
    let asked = 0;
    const slot = async () => {
      asked += 1;
      if (asked > 6) throw new Error('the database went away');
      return 0;
    };
    const pacer = { slot, isFresh: () => asked <= 4 };
    const routes = createRoutes([asking], 4, () => 5000);
    await expect(run(queue, routes, { ...tools(), pacer }, NEVER)).rejects.toThrow('the database went away');
    expect(count('sending')).toBe(0);
    expect(count('planned') + count('accepted')).toBe(20);
  });

  test('at the end of the program keeps it no longer than a few seconds', async () => {
    const { queue, count } = memoryQueue(1);
    const { routes } = memoryTransport(1);
    const stop = new AbortController();
    const settle = async () => {
      stop.abort();
      throw new Error('the disk is full');
    };
    const time = movingClock(0);
    await expect(run({ ...queue, settle }, routes, tools(time), stop.signal)).rejects.toThrow(
      'the disk is full',
    );
    expect(time.now()).toBeLessThan(6000);
    expect(count('sending')).toBe(1);
  });
});

test('whatever the outcomes, every row ends in one place and is sent at most once', async () => {
  const kinds = fc.constantFrom<Outcome['kind']>('accepted', 'deferred', 'failed', 'lost', 'route');
  await fc.assert(
    fc.asyncProperty(
      fc.array(kinds, { maxLength: 30 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 5 }),
      async (script, wide, domains) => {
        const { queue, rows, count } = memoryQueue(script.length, (n) => `d${n % domains}.example`);
        const answer = (to: string) => script[Number(/\d+/.exec(to)) - 1] ?? 'accepted';
        const { routes, sent, seen } = memoryTransport(wide, answer);
        const { counts } = await run(queue, routes, tools(), NEVER);
        const begun = sent.filter((to) => answer(to) !== 'route');
        expect(new Set(begun).size).toBe(begun.length);
        expect(seen.most).toBeLessThanOrEqual(wide);
        expect(count('sending')).toBe(0);
        for (const kind of ['accepted', 'deferred', 'lost'] as const) expect(count(kind)).toBe(counts[kind]);
        // A refusal may be taken back.
        expect(count('failed') + count('held')).toBe(counts.failed + counts.held);
        expect(rows.size).toBe(script.length);
      },
    ),
  );
});
