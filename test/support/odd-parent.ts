import { ProcessPool } from '../../src/runtime/limited/process-pool.ts';
import type { OddRequest } from './odd-process.ts';

/** A program with a process that never ends; it prints when that is at work. */
const pool = new ProcessPool<OddRequest, unknown>({
  program: new URL('./odd-process.ts', import.meta.url),
  limits: { seconds: 600, heapMegabytes: 64, megabytes: 400 },
  most: 1,
  idleMs: 1000,
  turnMs: 600_000,
});
await pool.ask({ type: 'pid' });
void pool.ask({ type: 'spin' });
setImmediate(() => console.log('at work'));
