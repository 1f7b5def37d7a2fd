import { expect } from 'vitest';
import type { Due, Queue } from '../../src/delivery/queue-types.ts';
import { createRoutes } from '../../src/delivery/routes.ts';
import type { RunTools } from '../../src/delivery/run.ts';
import type { Transport } from '../../src/delivery/smtp/transport.ts';
import type { Outcome } from '../../src/domain/delivery.ts';
import { type MovingClock, movingClock } from '../support/clock.ts';
import { mailTo } from './mail.ts';

export function due(id: string): Due {
  return { id, domain: id.slice(id.indexOf('@') + 1), subscriberId: Number(/\d+/.exec(id)) };
}

/** A ledger in memory: each row is planned, sending, or holds the outcome that it was given. */
export function memoryQueue(count: number, domainOf: (n: number) => string = () => 'example.org') {
  const rows = new Map<string, string>();
  for (let n = 1; n <= count; n += 1) rows.set(`reader${n}@${domainOf(n)}`, 'planned');
  const planned = () => [...rows].filter(([, state]) => state === 'planned').map(([to]) => to);
  const queue: Queue<Due> = {
    urgent: async () => [],
    sweep: () => {
      let after = 0;
      return async (limit) => {
        const all = [...rows.keys()].slice(after);
        const page = all.filter((to) => rows.get(to) === 'planned').slice(0, limit);
        after += page.length < limit ? all.length : all.indexOf(page.at(-1) ?? '') + 1;
        return { works: page.map(due), isLast: page.length < limit };
      };
    },
    claim: async ({ id }) => {
      if (rows.get(id) !== 'planned') return false;
      rows.set(id, 'sending');
      return true;
    },
    holds: () => true,
    compose: async ({ id }) => mailTo(id),
    settle: async ({ id }, { kind }) => {
      expect(rows.get(id)).toBe('sending');
      rows.set(id, kind === 'route' || kind === 'returned' ? 'planned' : kind);
    },
    takeBack: async (works) => {
      for (const { id } of works) if (rows.get(id) === 'failed') rows.set(id, 'held');
    },
  };
  const count_ = (state: string) => [...rows.values()].filter((value) => value === state).length;
  return { queue, rows, planned, count: count_ };
}

export type Answer = (to: string) => Outcome['kind'] | Outcome | Promise<Outcome['kind'] | Outcome>;

/** A transport that answers by the address and tells what it was given. */
export function memoryTransport(connections: number, answer: Answer = () => 'accepted', name = 'memory') {
  const sent: string[] = [];
  const seen = { open: 0, most: 0 };
  const transport: Transport = {
    name,
    connections,
    send: async ({ envelope }) => {
      seen.open += 1;
      seen.most = Math.max(seen.most, seen.open);
      await new Promise(setImmediate);
      const answered = await answer(envelope.to);
      seen.open -= 1;
      sent.push(envelope.to);
      return typeof answered === 'string' ? outcome(answered) : answered;
    },
    close: async () => {},
  };
  return { transport, sent, seen, routes: createRoutes([transport], connections, () => 5000) };
}

export function outcome(kind: Outcome['kind']): Outcome {
  const reply = `a reply that means ${kind}`;
  if (kind === 'failed') return { kind, class: 'soft', reply, suppress: false };
  return kind === 'held' ? { kind, reply, until: 0 } : { kind, reply };
}

export function policy(reply = '550 5.7.1 no'): Outcome {
  return { kind: 'failed', class: 'policy', reply, suppress: false };
}

export function tools(time = movingClock(0)): RunTools & { troubles: unknown[] } {
  const troubles: unknown[] = [];
  const wait = async (ms: number) => {
    time.advance(ms);
    await new Promise(setImmediate);
  };
  const patience = { limit: 60_000, wait, onTrouble: (error: unknown) => troubles.push(error) };
  return { clock: time.now, ticks: time.now, pause: time.pause, patience, troubles };
}

/**
 * A transport that takes as long to answer as it is told, by a clock that moves when nothing else happens.
 * @param answer in how many ms, and what; `accepted` when it says nothing
 */
export function timedTransport(
  connections: number,
  time: MovingClock,
  answer: (to: string) => { readonly ms: number; readonly outcome?: Outcome },
) {
  const sent: { readonly to: string; readonly at: number }[] = [];
  const onTheWire: { readonly at: number; readonly done: () => void }[] = [];
  const untilQuiet = async () => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  };
  let moving = false;
  const move = async () => {
    moving = true;
    for (await untilQuiet(); onTheWire.length > 0; await untilQuiet()) {
      onTheWire.sort((one, other) => one.at - other.at);
      const first = onTheWire.shift();
      time.set(Math.max(time.now(), first?.at ?? 0));
      first?.done();
    }
    moving = false;
  };
  const transport: Transport = {
    name: 'timed',
    connections,
    send: async ({ envelope: { to } }) => {
      const { ms, outcome: given = outcome('accepted') } = answer(to);
      const { promise, resolve } = Promise.withResolvers<void>();
      onTheWire.push({ at: time.now() + ms, done: resolve });
      if (!moving) void move();
      await promise;
      sent.push({ to, at: time.now() });
      return given;
    },
    close: async () => {},
  };
  return { sent, routes: createRoutes([transport], connections, () => 5000) };
}
