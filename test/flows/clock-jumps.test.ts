import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createLeaseWatch, LEASE, RENEWAL } from '../../src/delivery/lease.ts';
import { createSteadyClock } from '../../src/domain/steady-clock.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/time.ts';
import { movingClock } from '../support/clock.ts';

const NOON = Date.parse('2026-08-19T12:00:00Z');

/** The machine's clock and the time that really passes, moved together or apart. */
function machine() {
  const wall = movingClock(NOON);
  const real = movingClock(0);
  const logged: string[] = [];
  const log = pino({}, { write: (line: string) => logged.push(JSON.parse(line).msg) });
  const pass = (ms: number) => {
    wall.advance(ms);
    real.advance(ms);
  };
  return { wall, real, logged, log, pass };
}

describe('the calendar', () => {
  test.each([HOUR, DAY, -HOUR, -DAY])(
    'goes on by the time that passes when the clock jumps by %i ms and back',
    (jump) => {
      const { wall, real, logged, log, pass } = machine();
      const calendar = createSteadyClock(wall.now, real.now, (...line) => log.warn(...line));
      pass(MINUTE);
      wall.advance(jump);
      pass(MINUTE);
      expect([calendar.now(), calendar.isSteady()]).toEqual([NOON + 2 * MINUTE, false]);
      wall.advance(-jump);
      pass(MINUTE);
      expect([calendar.now(), calendar.isSteady()]).toEqual([NOON + 3 * MINUTE, true]);
      expect(logged[0]).toContain('the clock has jumped');
      expect(logged).toHaveLength(2);
    },
  );

  test('believes a clock that stays where it jumped to', () => {
    const { wall, real, log, pass } = machine();
    const calendar = createSteadyClock(wall.now, real.now, (...line) => log.warn(...line));
    wall.advance(DAY);
    for (let minute = 0; minute < 12; minute += 1) {
      calendar.now();
      pass(MINUTE);
    }
    expect([calendar.now(), calendar.isSteady()]).toEqual([wall.now(), true]);
  });

  test('a machine that slept has not jumped: the time has passed', () => {
    const { wall, real, log, pass } = machine();
    const calendar = createSteadyClock(wall.now, real.now, (...line) => log.warn(...line));
    pass(9 * HOUR);
    expect([calendar.now(), calendar.isSteady()]).toEqual([NOON + 9 * HOUR, true]);
  });
});

describe("another's claims are taken over", () => {
  const key = { table: 'notices', id: 1 } as const;

  test('only when their lease has ended and nobody renews it, however the clock jumps', () => {
    const { wall, real, pass } = machine();
    const watch = createLeaseWatch(wall.now, real.now);
    const until = NOON + LEASE;
    wall.advance(HOUR);
    expect(watch.hasEnded('elsewhere', until)).toBe(false);
    pass(10 * SECOND);
    expect(watch.hasEnded('elsewhere', until + HOUR)).toBe(false);
    pass(11 * SECOND);
    expect(watch.hasEnded('elsewhere', until + HOUR + 10 * SECOND)).toBe(false);
  });

  test('when it was seen for longer than a renewal takes', () => {
    const { wall, real, pass } = machine();
    const watch = createLeaseWatch(wall.now, real.now);
    expect(watch.hasEnded('elsewhere', NOON - 1)).toBe(false);
    pass(7 * SECOND);
    expect(watch.hasEnded('elsewhere', NOON - 1)).toBe(true);
  });

  test('after a lease without a renewal, though the clock was set back by a day', () => {
    const { wall, real, pass } = machine();
    const watch = createLeaseWatch(wall.now, real.now);
    wall.advance(-DAY);
    expect(watch.hasEnded('elsewhere', NOON + LEASE)).toBe(false);
    pass(LEASE + 1);
    expect(watch.hasEnded('elsewhere', NOON + LEASE)).toBe(true);
  });

  test('at most 25 s after their owner died, whenever that was, by who looks every 5 s and whose clock is right', () => {
    for (let age = 0; age < RENEWAL; age += 250)
      for (let phase = 0; phase < 5 * SECOND; phase += 250) {
        const { wall, real, pass } = machine();
        const watch = createLeaseWatch(wall.now, real.now);
        const until = NOON + LEASE - age;
        let waited = phase;
        pass(phase);
        for (; !watch.hasEnded('elsewhere', until); waited += 5 * SECOND) pass(5 * SECOND);
        expect(waited).toBeLessThanOrEqual(25 * SECOND);
        expect(waited).toBeGreaterThan(LEASE - RENEWAL);
      }
  });

  test('not when they were seen before the database was away, and not since', () => {
    const { wall, real, pass } = machine();
    const watch = createLeaseWatch(wall.now, real.now);
    expect(watch.hasEnded('elsewhere', NOON + LEASE)).toBe(false);
    pass(30 * SECOND);
    watch.forgetOthers();
    expect(watch.hasEnded('elsewhere', NOON + LEASE)).toBe(false);
  });

  test('and ours is asked for again in the database after any long pause', () => {
    const { wall, real, pass } = machine();
    const watch = createLeaseWatch(wall.now, real.now);
    watch.began(key);
    pass(5 * SECOND);
    expect(watch.isFresh(key)).toBe(true);
    wall.advance(20 * SECOND);
    expect(watch.isFresh(key)).toBe(false);
    watch.renewing()();
    expect(watch.isFresh(key)).toBe(true);
    pass(16 * SECOND);
    expect(watch.isFresh(key)).toBe(false);
  });
});
