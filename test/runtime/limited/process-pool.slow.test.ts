import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { type PoolOptions, ProcessPool } from '../../../src/runtime/limited/process-pool.ts';
import type { OddRequest } from '../../support/odd-process.ts';

const LIMIT = { seconds: 5, heapMegabytes: 64, megabytes: 400 };
const [TURN, IDLE] = [2000, 5000];

/** A pool whose time passes only when a test says so. */
function openPool(options: Partial<PoolOptions> = {}) {
  const timers = new Set<{ readonly ms: number; readonly run: () => void }>();
  const program = new URL('../../support/odd-process.ts', import.meta.url);
  const pool = new ProcessPool<OddRequest, unknown>({
    program,
    limits: LIMIT,
    most: 1,
    idleMs: IDLE,
    turnMs: TURN,
    after: (ms, run) => {
      const timer = { ms, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    ...options,
  });
  const pass = (ms: number) => {
    for (const timer of [...timers]) if (timer.ms === ms && timers.delete(timer)) timer.run();
  };
  const echo = (...values: unknown[]) => pool.ask({ type: 'echo', values });
  return { pool, echo, pass, [Symbol.dispose]: () => pool.close() };
}

describe('a pool of limited processes', () => {
  test('gives the parts of an answer in order, and what the work threw with its fields', async () => {
    using odd = openPool();
    const bytes = Buffer.alloc(1_300_000, 7);
    expect(await odd.echo('one', bytes, { three: [3] })).toEqual(['one', bytes, { three: [3] }]);
    expect(await odd.pool.ask({ type: 'bytes' }, { bytes })).toEqual([bytes]);
    expect(await odd.pool.ask({ type: 'bytes' })).toEqual([Buffer.alloc(0)]);
    const failure = { name: 'RangeError', message: 'too odd', line: 7 };
    await expect(odd.pool.ask({ type: 'throw' })).rejects.toMatchObject(failure);
    expect(await odd.echo('after it')).toEqual(['after it']);
  });

  test('keeps a process while it is of use, and ends it when it is idle', async () => {
    using odd = openPool();
    const first = await odd.pool.ask({ type: 'pid' });
    expect(await odd.pool.ask({ type: 'pid' })).toEqual(first);
    odd.pass(IDLE);
    expect(await odd.pool.ask({ type: 'pid' })).not.toEqual(first);
  });

  test('lets what never ends delay the others by one turn, and ends it when its time is over', async () => {
    using odd = openPool({ limits: { ...LIMIT, seconds: 1 } });
    const endless = odd.pool.ask({ type: 'spin' });
    const others = [odd.echo(1), odd.echo(2)];
    odd.pass(TURN);
    expect(await Promise.all(others)).toEqual([[1], [2]]);
    const another = odd.echo(3);
    odd.pass(TURN);
    await expect(endless).rejects.toMatchObject({ limit: 'time', message: 'took more than 1 s' });
    expect(await another).toEqual([3]);
  });

  test('keeps one of several processes free of what never ends', async () => {
    using odd = openPool({ most: 2 });
    const endless = [1, 2, 3].map(() => odd.pool.ask({ type: 'spin' }));
    for (const one of endless) one.catch(() => {});
    const waiting = odd.echo(1);
    odd.pass(TURN);
    expect(await waiting).toEqual([1]);
    const later = odd.echo(2);
    odd.pass(TURN);
    expect(await later).toEqual([2]);
    expect(await odd.echo(3)).toEqual([3]);
  });

  test('ends what hangs without using a processor', async () => {
    using odd = openPool();
    const hanging = odd.pool.ask({ type: 'hang' });
    odd.pass(LIMIT.seconds * 4 * 1000);
    await expect(hanging).rejects.toMatchObject({ limit: 'time', message: 'took more than 20 s' });
  });

  test('ends what takes too much memory, and answers what waits behind it', async () => {
    using odd = openPool();
    const greedy = odd.pool.ask({ type: 'hoard' });
    const others = [odd.echo(1), odd.echo(2)];
    const reason = { limit: 'memory', message: 'took more than 64 MB of memory' };
    await expect(greedy).rejects.toMatchObject(reason);
    expect(await Promise.all(others)).toEqual([[1], [2]]);
    const outsideOfTheHeap = { limit: 'memory', message: 'took more than 400 MB of memory' };
    await expect(odd.pool.ask({ type: 'fill' })).rejects.toMatchObject(outsideOfTheHeap);
  });

  test('tries once more when something else has ended the process', async () => {
    using odd = openPool();
    const [pid] = await odd.pool.ask({ type: 'pid' });
    process.kill(Number(pid), 'SIGKILL');
    expect(await odd.echo(1)).toEqual([1]);
    const lost = { limit: undefined, message: 'ended with SIGKILL' };
    await expect(odd.pool.ask({ type: 'die' })).rejects.toMatchObject(lost);
    expect(await odd.echo(2)).toEqual([2]);
  });

  test('stops a request whose caller has given up, wherever it is', async () => {
    using odd = openPool();
    const stop = new AbortController();
    const stopped = [
      odd.pool.ask({ type: 'spin' }, { signal: stop.signal }),
      odd.pool.ask({ type: 'spin' }, { signal: stop.signal }),
    ];
    const other = odd.echo(1);
    stop.abort(new Error('enough'));
    for (const one of stopped) await expect(one).rejects.toThrow('enough');
    expect(await other).toEqual([1]);
    await expect(odd.pool.ask({ type: 'pid' }, { signal: stop.signal })).rejects.toThrow('enough');
  });

  test('says why a program cannot run', async () => {
    using odd = openPool({ program: new URL('./none.ts', import.meta.url) });
    await expect(odd.echo(1)).rejects.toThrow(/^ended with 1 \(Error.*none\.ts/);
  });

  test('stops everything when it is closed', async () => {
    using odd = openPool();
    const asked = [odd.pool.ask({ type: 'spin' }), odd.echo(1)];
    odd.pool.close();
    for (const one of asked) await expect(one).rejects.toThrow('was stopped');
  });
});

test('a process at work does not outlive a program that is killed', async () => {
  const program = spawn(process.execPath, [new URL('../../support/odd-parent.ts', import.meta.url).pathname]);
  // The process at work has the same output, which closes when both are gone.
  const closed = once(program.stdout, 'close');
  await once(program.stdout, 'data');
  program.kill('SIGKILL');
  await closed;
});
