import { describe, expect, test } from 'vitest';
import { createDomainQueues } from '../../src/delivery/domain-queues.ts';

const all = () => true;
const work = (id: number, domain: string) => ({ id: `${id}`, domain });

describe('lanes', () => {
  test('take turns between domains, however many wait in each', () => {
    const lanes = createDomainQueues<ReturnType<typeof work>>(10);
    for (let id = 0; id < 6; id += 1) lanes.add(work(id, 'big.example'));
    lanes.add(work(10, 'small.example'));
    lanes.add(work(11, 'tiny.example'));
    const order = Array.from({ length: 4 }, () => lanes.take(all)?.domain);
    expect(order).toEqual(['big.example', 'small.example', 'tiny.example', 'big.example']);
  });

  test('hold each row once, also while it is on the wire', () => {
    const lanes = createDomainQueues<ReturnType<typeof work>>(2);
    const one = work(1, 'a.example');
    lanes.add(one);
    lanes.add(one);
    expect([lanes.size, lanes.wants(one, all)]).toEqual([1, false]);
    const taken = lanes.take(all);
    expect(lanes.wants(one, all)).toBe(false);
    if (taken) lanes.done(taken, 1);
    expect(lanes.wants(one, all)).toBe(false);
    if (taken) lanes.forget(taken);
    expect(lanes.wants(one, all)).toBe(true);
  });

  test('give a domain that is known to be slow one connection while others wait, and all but one when none do', () => {
    const lanes = createDomainQueues<ReturnType<typeof work>>(5);
    let id = 0;
    const fill = (domain: string, count: number) => {
      for (let n = 0; n < count; n += 1) lanes.add(work(id++, domain));
    };
    fill('slow.example', 30);
    fill('fast.example', 30);
    for (let n = 0; n < 10; n += 1) {
      const taken = lanes.take(all);
      if (taken) lanes.done(taken, taken.domain === 'slow.example' ? 5000 : 2);
    }
    const wire = Array.from({ length: 5 }, () => lanes.take(all)?.domain);
    expect(wire.filter((domain) => domain === 'slow.example')).toHaveLength(1);
  });

  test('give each domain of which nothing is known one connection, so that several slow ones leave some', () => {
    const lanes = createDomainQueues<ReturnType<typeof work>>(5);
    let id = 0;
    for (const domain of ['a.example', 'b.example', 'c.example'])
      for (let n = 0; n < 10; n += 1) lanes.add(work(id++, domain));
    const taken = Array.from({ length: 5 }, () => lanes.take(all)?.domain);
    expect(taken).toEqual(['a.example', 'b.example', 'c.example', undefined, undefined]);
  });

  test('take in only some of a domain that is slow or rests, so that the others are read', () => {
    const lanes = createDomainQueues<ReturnType<typeof work>>(5);
    for (const [id, domain] of ['slow.example', 'fast.example'].entries()) {
      lanes.add(work(id, domain));
      const taken = lanes.take(all);
      if (taken) lanes.done(taken, domain === 'slow.example' ? 5000 : 2);
    }
    const isFree = (domain: string) => !domain.startsWith('rests');
    let id = 10;
    const room = (domain: string) => {
      let count = 0;
      for (; lanes.wants(work(id, domain), isFree); count += 1) lanes.add(work(id++, domain));
      return count;
    };
    const held = ['slow.example', ...Array.from({ length: 20 }, (_, n) => `rests${n}.example`)].map(room);
    expect(Math.max(...held)).toBe(500);
    expect(held.reduce((sum, count) => sum + count)).toBe(5000);
    expect(room('fast.example')).toBe(1000);
    expect(lanes.free(isFree)).toBe(1000);
  });

  test('tell of a domain for which there was no place when it could take more', () => {
    const lanes = createDomainQueues<ReturnType<typeof work>>(1000);
    for (let id = 0; lanes.wants(work(id, 'a.example'), all); id += 1) lanes.add(work(id, 'a.example'));
    const isShort = () => lanes.couldTakeMore(all);
    for (let left = lanes.size; left > 100; left -= 1) lanes.take(all);
    expect(isShort()).toBe(false);
    lanes.take(all);
    expect([isShort(), lanes.couldTakeMore(() => false)]).toEqual([true, false]);
    lanes.beginAnew();
    expect(isShort()).toBe(false);
  });

  test('let notices go before all that waits for their domain, in their order', () => {
    const lanes = createDomainQueues<ReturnType<typeof work>>(2);
    for (let id = 0; id < 1000; id += 1) lanes.add(work(id, 'a.example'));
    for (const id of [1000, 1001]) lanes.add(work(id, 'a.example'), true);
    expect([lanes.take(all)?.id, lanes.take(all)?.id]).toEqual(['1000', '1001']);
  });

  test('pass over domains that are not free', () => {
    const lanes = createDomainQueues<ReturnType<typeof work>>(2);
    lanes.add(work(1, 'rests.example'));
    lanes.add(work(2, 'free.example'));
    const isFree = (domain: string) => domain === 'free.example';
    expect(lanes.free(isFree)).toBe(1);
    expect(lanes.take(isFree)?.domain).toBe('free.example');
    expect(lanes.take(isFree)).toBeUndefined();
    expect(lanes.size).toBe(1);
  });
});
