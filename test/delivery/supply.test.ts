import { describe, expect, test } from 'vitest';
import { run } from '../../src/delivery/run.ts';
import { movingClock } from '../support/clock.ts';
import { due, memoryQueue, timedTransport, tools } from './memory.ts';

const NEVER = new AbortController().signal;
const SECOND = 1000;

/** The fast domain answers after 5 ms. */
function timed(slowMs: number, connections = 5) {
  const time = movingClock(0);
  const answer = (to: string) => ({ ms: to.endsWith('slow.example') ? slowMs : 5 });
  return { time, ...timedTransport(connections, time, answer) };
}

describe('with nothing but a slow domain at hand', () => {
  test('what is due for others is still read, and goes at its own speed', async () => {
    const { queue } = memoryQueue(4000, (n) => (n % 2 ? 'slow.example' : 'fast.example'));
    const { time, sent, routes } = timed(400);
    await run(queue, routes, tools(time), NEVER);
    const fast = sent.filter(({ to }) => to.endsWith('fast.example'));
    expect([sent.length, fast.length]).toEqual([4000, 2000]);
    // 2,000 mails of 5 ms on four connections are 2.5 s.
    expect(fast.at(-1)?.at).toBeLessThan(8 * SECOND);
  });

  test('notices are looked for each second', async () => {
    const { queue } = memoryQueue(100, () => 'slow.example');
    const { time, sent, routes } = timed(2 * SECOND);
    const looks: number[] = [];
    const notices = [due('notice1@fast.example')];
    const urgent = async () => {
      looks.push(time.now());
      return time.now() > 10 * SECOND ? notices.splice(0) : [];
    };
    const claim: typeof queue.claim = async (work) => work.id.startsWith('notice') || queue.claim(work);
    const settle: typeof queue.settle = async (work, outcome) =>
      work.id.startsWith('notice') ? undefined : queue.settle(work, outcome);
    await run({ ...queue, urgent, claim, settle }, routes, tools(time), NEVER);
    const at = sent.find(({ to }) => to.startsWith('notice'))?.at ?? 0;
    expect(at).toBeGreaterThan(10 * SECOND);
    expect(at).toBeLessThan(14 * SECOND);
    expect(looks.length).toBeGreaterThan(10);
  });

  test('what becomes due meanwhile does not wait for it', async () => {
    const { queue, rows } = memoryQueue(60, () => 'slow.example');
    const time = movingClock(0);
    const { sent, routes } = timedTransport(5, time, (to) => {
      if (to === 'reader9@slow.example') rows.set('reader99@fast.example', 'planned');
      return { ms: to.endsWith('slow.example') ? 10 * SECOND : 5 };
    });
    await run(queue, routes, tools(time), NEVER);
    const seen = sent.map(({ to }) => to);
    expect(seen).toHaveLength(61);
    expect(seen.indexOf('reader99@fast.example')).toBeLessThan(20);
  });
});

describe('the run does not end', () => {
  test('while there is more for a domain that was on trial than it was given place for', async () => {
    const { queue, count } = memoryQueue(6000, (n) => (n <= 60 ? 'rests.example' : 'big.example'));
    const time = movingClock(0);
    const { sent, routes } = timedTransport(5, time, () => ({ ms: sent.length === 0 ? 3 * SECOND : 2 }));
    routes.rest('timed', 'rests.example', 1800 * SECOND);
    const result = await run(queue, routes, tools(time), NEVER);
    expect([count('accepted'), count('planned')]).toEqual([5940, 60]);
    expect(result.retryAt).toBe(1800 * SECOND);
  });

  test('but what nobody may have is read only now and then', async () => {
    const { queue, planned } = memoryQueue(20_000, (n) => (n > 19_900 ? 'fast.example' : 'rests.example'));
    const { time, sent, routes } = timed(0);
    routes.rest('timed', 'rests.example', 1800 * SECOND);
    let pages = 0;
    const sweep = () => {
      const page = queue.sweep();
      return async (...given: Parameters<typeof page>) => {
        pages += 1;
        return page(...given);
      };
    };
    await run({ ...queue, sweep }, routes, tools(time), NEVER);
    expect([sent.length, planned().length]).toEqual([100, 19_900]);
    expect(pages).toBeLessThan(130);
  });
});
