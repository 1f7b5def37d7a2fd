import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Queue, run } from '../../src/deliver/run.ts';
import type { Transport } from '../../src/deliver/transport.ts';
import type { Outcome } from '../../src/domain/delivery.ts';
import { mailTo } from './mail.ts';

const NEVER = new AbortController().signal;

/** A ledger in memory: each row is planned, sending, or holds the outcome that it was given. */
function memoryQueue(count: number) {
  const rows = new Map<string, string>();
  for (let n = 1; n <= count; n += 1) rows.set(`reader${n}@example.org`, 'planned');
  const planned = () => [...rows].filter(([, state]) => state === 'planned').map(([to]) => to);
  const queue: Queue<string> = {
    due: async (limit) => planned().slice(0, Math.min(limit, 7)),
    claim: async (to) => {
      if (rows.get(to) !== 'planned') return false;
      rows.set(to, 'sending');
      return true;
    },
    compose: async (to) => mailTo(to),
    settle: async (to, { kind }) => {
      expect(rows.get(to)).toBe('sending');
      rows.set(to, kind === 'route' ? 'planned' : kind);
    },
  };
  const count_ = (state: string) => [...rows.values()].filter((value) => value === state).length;
  return { queue, rows, planned, count: count_ };
}

/** A transport that answers by the address and tells what it was given. */
function memoryTransport(connections: number, answer: (to: string) => Outcome['kind'] = () => 'accepted') {
  const sent: string[] = [];
  const seen = { open: 0, most: 0 };
  const transport: Transport = {
    name: 'memory',
    connections,
    send: async ({ envelope }) => {
      seen.open += 1;
      seen.most = Math.max(seen.most, seen.open);
      await new Promise(setImmediate);
      seen.open -= 1;
      sent.push(envelope.to);
      return outcome(answer(envelope.to));
    },
    close: async () => {},
  };
  return { transport, sent, seen };
}

function outcome(kind: Outcome['kind']): Outcome {
  const reply = `a reply that means ${kind}`;
  return kind === 'failed' ? { kind, class: 'soft', reply, suppress: false } : { kind, reply };
}

describe('a run', () => {
  test('sends all that is due once, with at most as many at once as there are connections', async () => {
    const { queue, count } = memoryQueue(50);
    const { transport, sent, seen } = memoryTransport(4);
    const result = await run(queue, transport, NEVER);
    expect(result).toEqual({ counts: { accepted: 50, deferred: 0, failed: 0, lost: 0, route: 0 } });
    expect(new Set(sent).size).toBe(50);
    expect(sent).toHaveLength(50);
    expect(seen.most).toBe(4);
    expect(count('accepted')).toBe(50);
  });

  test('leaves to another process what that has claimed', async () => {
    const { queue, rows } = memoryQueue(5);
    const { transport, sent } = memoryTransport(2);
    const due = await queue.due(10);
    rows.set('reader3@example.org', 'sending');
    let pages = 0;
    await run({ ...queue, due: async () => (pages++ === 0 ? due : []) }, transport, NEVER);
    expect(sent.sort()).toEqual(due.filter((to) => to !== 'reader3@example.org'));
  });

  test('told to stop, finishes what is on the wire and begins nothing', async () => {
    const { queue, count } = memoryQueue(50);
    const stop = new AbortController();
    const { transport, sent } = memoryTransport(3, () => {
      stop.abort();
      return 'accepted';
    });
    const { counts } = await run(queue, transport, stop.signal);
    expect(counts.accepted).toBe(3);
    expect(sent).toHaveLength(3);
    expect([count('accepted'), count('planned'), count('sending')]).toEqual([3, 47, 0]);
  });

  test('ends when the route refuses us, and gives the row back', async () => {
    const { queue, count } = memoryQueue(50);
    const { transport } = memoryTransport(1, (to) => (to === 'reader3@example.org' ? 'route' : 'accepted'));
    const result = await run(queue, transport, NEVER);
    expect(result.routeDown).toBe('a reply that means route');
    expect([count('accepted'), count('planned'), count('sending')]).toEqual([2, 48, 0]);
  });

  test('puts off the one reader whose mail cannot be composed', async () => {
    const { queue, rows, count } = memoryQueue(9);
    const { transport, sent } = memoryTransport(2);
    const broken = async (to: string) => {
      if (to === 'reader5@example.org') throw new Error('a bad template');
      return mailTo(to);
    };
    await run({ ...queue, compose: broken }, transport, NEVER);
    expect(sent).not.toContain('reader5@example.org');
    expect(rows.get('reader5@example.org')).toBe('deferred');
    expect(count('accepted')).toBe(8);
  });

  test('fails only after what is on the wire has its outcome, when the ledger fails', async () => {
    const { queue, rows, count } = memoryQueue(20);
    const { transport, seen } = memoryTransport(4);
    const settle: typeof queue.settle = async (to, result) => {
      if (to === 'reader1@example.org') throw new Error('the disk is full');
      for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
      await queue.settle(to, result);
    };
    await expect(run({ ...queue, settle }, transport, NEVER)).rejects.toThrow('the disk is full');
    expect(seen.open).toBe(0);
    expect([...rows].filter(([, state]) => state === 'sending').map(([to]) => to)).toEqual([
      'reader1@example.org',
    ]);
    expect(count('accepted')).toBe(3);
  });
});

test('whatever the outcomes, every row ends in one place and is sent at most once', async () => {
  const kinds = fc.constantFrom<Outcome['kind']>('accepted', 'deferred', 'failed', 'lost', 'route');
  await fc.assert(
    fc.asyncProperty(
      fc.array(kinds, { maxLength: 30 }),
      fc.integer({ min: 1, max: 6 }),
      async (script, wide) => {
        const { queue, rows, count } = memoryQueue(script.length);
        const answer = (to: string) => script[Number(/\d+/.exec(to)) - 1] ?? 'accepted';
        const { transport, sent, seen } = memoryTransport(wide, answer);
        const { counts, routeDown } = await run(queue, transport, NEVER);
        expect(new Set(sent).size).toBe(sent.length);
        expect(seen.most).toBeLessThanOrEqual(wide);
        expect(count('sending')).toBe(0);
        expect(routeDown !== undefined).toBe(counts.route > 0);
        for (const kind of ['accepted', 'deferred', 'failed', 'lost'] as const) {
          expect(count(kind)).toBe(counts[kind]);
        }
        expect(sent).toHaveLength(Object.values(counts).reduce((sum, number) => sum + number, 0));
        if (!script.includes('route')) expect(count('planned')).toBe(0);
        expect(rows.size).toBe(script.length);
      },
    ),
  );
});
