import { describe, expect, test } from 'vitest';
import { createLanes } from '../../src/deliver/lanes.ts';

const all = () => true;
const work = (id: number, domain: string) => ({ id: `${id}`, domain });

describe('lanes', () => {
  test('take turns between domains, however many wait in each', () => {
    const lanes = createLanes<ReturnType<typeof work>>(10);
    for (let id = 0; id < 6; id += 1) lanes.add(work(id, 'big.example'), all);
    lanes.add(work(10, 'small.example'), all);
    lanes.add(work(11, 'tiny.example'), all);
    const order = Array.from({ length: 4 }, () => lanes.take(all)?.domain);
    expect(order).toEqual(['big.example', 'small.example', 'tiny.example', 'big.example']);
  });

  test('hold each row once, also while it is on the wire', () => {
    const lanes = createLanes<ReturnType<typeof work>>(2);
    expect([lanes.add(work(1, 'a.example'), all), lanes.add(work(1, 'a.example'), all)]).toEqual([
      true,
      false,
    ]);
    const taken = lanes.take(all);
    expect(lanes.add(work(1, 'a.example'), all)).toBe(false);
    if (taken) lanes.done(taken, 1);
    expect(lanes.add(work(1, 'a.example'), all)).toBe(false);
    if (taken) lanes.forget(taken);
    expect(lanes.add(work(1, 'a.example'), all)).toBe(true);
  });

  test('give a domain that is known to be slow one connection while others wait, and all but one when none do', () => {
    const lanes = createLanes<ReturnType<typeof work>>(5);
    let id = 0;
    const fill = (domain: string, count: number) => {
      for (let n = 0; n < count; n += 1) lanes.add(work(id++, domain), all);
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

  test('take in only some of a domain that is slow or rests, so that the others are read', () => {
    const lanes = createLanes<ReturnType<typeof work>>(5);
    for (const [id, domain] of ['slow.example', 'fast.example'].entries()) {
      lanes.add(work(id, domain), all);
      const taken = lanes.take(all);
      if (taken) lanes.done(taken, domain === 'slow.example' ? 5000 : 2);
    }
    const isFree = (domain: string) => !domain.startsWith('rests');
    let id = 10;
    const room = (domain: string) => {
      let count = 0;
      while (lanes.add(work(id++, domain), isFree)) count += 1;
      return count;
    };
    const held = ['slow.example', ...Array.from({ length: 20 }, (_, n) => `rests${n}.example`)].map(room);
    expect(Math.max(...held)).toBe(500);
    expect(held.reduce((sum, count) => sum + count)).toBe(5000);
    expect(room('fast.example')).toBe(1000);
    expect(lanes.free(isFree)).toBe(1000);
  });

  test('let a notice go before all that waits for its domain', () => {
    const lanes = createLanes<ReturnType<typeof work>>(1);
    for (let id = 0; id < 1000; id += 1) lanes.add(work(id, 'a.example'), all);
    expect(lanes.add(work(1000, 'a.example'), all)).toBe(false);
    expect(lanes.add(work(1000, 'a.example'), all, true)).toBe(true);
    expect(lanes.take(all)?.id).toBe('1000');
  });

  test('pass over domains that are not free', () => {
    const lanes = createLanes<ReturnType<typeof work>>(2);
    lanes.add(work(1, 'rests.example'), all);
    lanes.add(work(2, 'free.example'), all);
    const isFree = (domain: string) => domain === 'free.example';
    expect(lanes.free(isFree)).toBe(1);
    expect(lanes.take(isFree)?.domain).toBe('free.example');
    expect(lanes.take(isFree)).toBeUndefined();
    expect(lanes.size).toBe(1);
  });
});
