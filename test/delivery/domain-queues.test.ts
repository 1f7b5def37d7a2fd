import { describe, expect, test } from 'vitest';
import { createDomainQueues } from '../../src/delivery/domain-queues.ts';

const all = () => true;
const work = (id: number, domain: string) => ({ id: `${id}`, domain });

describe('lanes', () => {
  test('take turns between domains, however many wait in each', () => {
    const queues = createDomainQueues<ReturnType<typeof work>>(10);
    for (let id = 0; id < 6; id += 1) queues.add(work(id, 'big.example'));
    queues.add(work(10, 'small.example'));
    queues.add(work(11, 'tiny.example'));
    const order = Array.from({ length: 4 }, () => queues.take(all)?.domain);
    expect(order).toEqual(['big.example', 'small.example', 'tiny.example', 'big.example']);
  });

  test('hold each row once, also while it is on the wire', () => {
    const queues = createDomainQueues<ReturnType<typeof work>>(2);
    const one = work(1, 'a.example');
    queues.add(one);
    queues.add(one);
    expect([queues.size, queues.wants(one, all)]).toEqual([1, false]);
    const taken = queues.take(all);
    expect(queues.wants(one, all)).toBe(false);
    if (taken) queues.done(taken, 1);
    expect(queues.wants(one, all)).toBe(false);
    if (taken) queues.forget(taken);
    expect(queues.wants(one, all)).toBe(true);
  });

  test('give a domain that is known to be slow one connection while others wait, and all but one when none do', () => {
    const queues = createDomainQueues<ReturnType<typeof work>>(5);
    let id = 0;
    const fill = (domain: string, count: number) => {
      for (let n = 0; n < count; n += 1) queues.add(work(id++, domain));
    };
    fill('slow.example', 30);
    fill('fast.example', 30);
    for (let n = 0; n < 10; n += 1) {
      const taken = queues.take(all);
      if (taken) queues.done(taken, taken.domain === 'slow.example' ? 5000 : 2);
    }
    const wire = Array.from({ length: 5 }, () => queues.take(all)?.domain);
    expect(wire.filter((domain) => domain === 'slow.example')).toHaveLength(1);
  });

  test('give each domain of which nothing is known one connection, so that several slow ones leave some', () => {
    const queues = createDomainQueues<ReturnType<typeof work>>(5);
    let id = 0;
    for (const domain of ['a.example', 'b.example', 'c.example'])
      for (let n = 0; n < 10; n += 1) queues.add(work(id++, domain));
    const taken = Array.from({ length: 5 }, () => queues.take(all)?.domain);
    expect(taken).toEqual(['a.example', 'b.example', 'c.example', undefined, undefined]);
  });

  test('take in only some of a domain that is slow or rests, so that the others are read', () => {
    const queues = createDomainQueues<ReturnType<typeof work>>(5);
    for (const [id, domain] of ['slow.example', 'fast.example'].entries()) {
      queues.add(work(id, domain));
      const taken = queues.take(all);
      if (taken) queues.done(taken, domain === 'slow.example' ? 5000 : 2);
    }
    const isFree = (domain: string) => !domain.startsWith('rests');
    let id = 10;
    const room = (domain: string) => {
      let count = 0;
      for (; queues.wants(work(id, domain), isFree); count += 1) queues.add(work(id++, domain));
      return count;
    };
    const held = ['slow.example', ...Array.from({ length: 20 }, (_, n) => `rests${n}.example`)].map(room);
    expect(Math.max(...held)).toBe(500);
    expect(held.reduce((sum, count) => sum + count)).toBe(5000);
    expect(room('fast.example')).toBe(1000);
    expect(queues.free(isFree)).toBe(1000);
  });

  test('tell of a domain for which there was no place when it could take more', () => {
    const queues = createDomainQueues<ReturnType<typeof work>>(1000);
    for (let id = 0; queues.wants(work(id, 'a.example'), all); id += 1) queues.add(work(id, 'a.example'));
    const isShort = () => queues.hasRoomForMore(all);
    for (let left = queues.size; left > 100; left -= 1) queues.take(all);
    expect(isShort()).toBe(false);
    queues.take(all);
    expect([isShort(), queues.hasRoomForMore(() => false)]).toEqual([true, false]);
    queues.resetSweep();
    expect(isShort()).toBe(false);
  });

  test('let notices go before all that waits for their domain, in their order', () => {
    const queues = createDomainQueues<ReturnType<typeof work>>(2);
    for (let id = 0; id < 1000; id += 1) queues.add(work(id, 'a.example'));
    for (const id of [1000, 1001]) queues.add(work(id, 'a.example'), true);
    expect([queues.take(all)?.id, queues.take(all)?.id]).toEqual(['1000', '1001']);
  });

  test('pass over domains that are not free', () => {
    const queues = createDomainQueues<ReturnType<typeof work>>(2);
    queues.add(work(1, 'rests.example'));
    queues.add(work(2, 'free.example'));
    const isFree = (domain: string) => domain === 'free.example';
    expect(queues.free(isFree)).toBe(1);
    expect(queues.take(isFree)?.domain).toBe('free.example');
    expect(queues.take(isFree)).toBeUndefined();
    expect(queues.size).toBe(1);
  });
});
