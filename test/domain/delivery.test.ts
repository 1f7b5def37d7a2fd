import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Books, DELIVERY_STATES, type DeliveryState, imbalances } from '../../src/domain/delivery.ts';
import { FAULTS, Fault, type FaultCode } from '../../src/domain/fault.ts';

const counts = fc.record(
  Object.fromEntries(DELIVERY_STATES.map((state) => [state, fc.nat({ max: 1000 })])) as Record<
    DeliveryState,
    fc.Arbitrary<number>
  >,
);

test('books balance when each reader who was counted has one delivery, in whatever state', () => {
  fc.assert(
    fc.property(counts, fc.nat(), fc.integer({ min: -3, max: 3 }), (states, joined, off) => {
      const rows = Object.values(states).reduce((sum, count) => sum + count, 0);
      const books: Books = { issueId: 1, audience: rows - joined + off, joined, counts: states, unproven: 0 };
      expect(imbalances(books)).toHaveLength(off === 0 ? 0 : 1);
      expect(imbalances({ ...books, unproven: 1 })).toHaveLength(off === 0 ? 1 : 2);
    }),
  );
});

test('a fault ends a command with the exit code of its code, and keeps what caused it', () => {
  for (const code of Object.keys(FAULTS) as FaultCode[])
    expect(new Fault(code, 'what', 'next').exitCode).toBe(FAULTS[code]);
  const cause = new Error('deep down');
  expect(new Fault('USAGE', 'what', 'next', { cause })).toMatchObject({
    name: 'Fault',
    message: 'what',
    next: 'next',
    cause,
  });
});
