import { describe, expect, test } from 'vitest';
import { createLanes } from '../../src/deliver/lanes.ts';

const all = () => true;
const work = (id: number, domain: string) => ({ id: `${id}`, domain });

describe('lanes', () => {
  test('take turns between domains, however many wait in each', () => {
    const lanes = createLanes<ReturnType<typeof work>>(10);
    for (let id = 0; id < 6; id += 1) lanes.add(work(id, 'big.example'));
    lanes.add(work(10, 'small.example'));
    lanes.add(work(11, 'tiny.example'));
    const order = Array.from({ length: 4 }, () => lanes.take(all)?.domain);
    expect(order).toEqual(['big.example', 'small.example', 'tiny.example', 'big.example']);
  });

  test('hold each row once, also while it is on the wire', () => {
    const lanes = createLanes<ReturnType<typeof work>>(2);
    expect([lanes.add(work(1, 'a.example')), lanes.add(work(1, 'a.example'))]).toEqual([true, false]);
    const taken = lanes.take(all);
    expect(lanes.add(work(1, 'a.example'))).toBe(false);
    if (taken) lanes.done(taken, 1);
    expect(lanes.add(work(1, 'a.example'))).toBe(false);
    if (taken) lanes.forget(taken);
    expect(lanes.add(work(1, 'a.example'))).toBe(true);
  });

  test('give a domain that is known to be slow one connection while others wait, and all but one when none do', () => {
    const lanes = createLanes<ReturnType<typeof work>>(5);
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

  test('pass over domains that are not free', () => {
    const lanes = createLanes<ReturnType<typeof work>>(2);
    lanes.add(work(1, 'rests.example'));
    lanes.add(work(2, 'free.example'));
    const isFree = (domain: string) => domain === 'free.example';
    expect(lanes.free(isFree)).toBe(1);
    expect(lanes.take(isFree)?.domain).toBe('free.example');
    expect(lanes.take(isFree)).toBeUndefined();
    expect(lanes.size).toBe(1);
  });
});
