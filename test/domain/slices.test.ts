import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finish, finishInTurn, type Steps, slicesOf } from '../../src/domain/slices.ts';

const LIMITS = { count: 5, size: 100 };

test('slices hold every value once and in order, within the limits unless one value is larger', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(150)), (sizes) => {
      const slices = [...slicesOf(sizes, LIMITS, (size) => size)];
      expect(slices.flat()).toEqual(sizes);
      for (const slice of slices) {
        const size = slice.reduce((sum, one) => sum + one, 0);
        expect(slice.length).toBeGreaterThan(0);
        expect(slice.length).toBeLessThanOrEqual(LIMITS.count);
        expect(size <= LIMITS.size || slice.length === 1).toBe(true);
      }
    }),
  );
});

test('steps give the same result at once and in turn, and in turn they let others in', async () => {
  function* count(): Steps<string> {
    for (let step = 0; step < 3; step++) yield;
    return 'counted';
  }
  expect(finish(count())).toBe('counted');
  const order: string[] = [];
  setImmediate(() => order.push('another'));
  order.push(await finishInTurn(count()));
  expect(order).toEqual(['another', 'counted']);
});
