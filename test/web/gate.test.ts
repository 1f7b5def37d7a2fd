import { describe, expect, test } from 'vitest';
import { createGate } from '../../src/web/gate.ts';

const LIMITS = { atOnce: 2, waiting: 3, patience: 1000 };

/** A gate over a clock that a test moves, and work that ends when it is told to. */
function openGate() {
  const clock = { now: 0 };
  const gate = createGate(LIMITS, () => clock.now);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) =>
    gate(async () => {
      begun.push(name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      return name;
    });
  const end = async (name: string) => {
    await new Promise(setImmediate);
    ends.get(name)?.();
    await new Promise(setImmediate);
  };
  return { clock, gate, begun, work, end };
}

describe('a gate', () => {
  test('lets in so many at once, the others in their order, and turns away the rest', async () => {
    const { begun, work, end } = openGate();
    const all = ['a', 'b', 'c', 'd', 'e', 'f'].map(work);
    expect(await all[5]).toBeUndefined();
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    for (const name of ['a', 'c', 'd', 'e']) await end(name);
    expect(await Promise.all(all.slice(0, 5))).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('turns away whoever has waited too long, and goes on with the next', async () => {
    const { clock, begun, work, end } = openGate();
    const [first, , late] = ['a', 'b', 'late'].map(work);
    clock.now = 900;
    const fresh = work('fresh');
    clock.now = 1001;
    await end('a');
    expect([await first, await late]).toEqual(['a', undefined]);
    expect(begun).toEqual(['a', 'b', 'fresh']);
    await end('fresh');
    expect(await fresh).toBe('fresh');
  });

  test('gives the place on when the work fails', async () => {
    const { gate } = openGate();
    const fail = () =>
      gate(async () => {
        throw new Error('no such table');
      });
    for (let index = 0; index < 9; index += 1) await expect(fail()).rejects.toThrow('no such table');
    expect(await gate(async () => 'done')).toBe('done');
  });
});
