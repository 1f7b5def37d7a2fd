import { answerRequests } from '../../src/runtime/limited/process-answers.ts';

/** What a process is asked for in tests of its limits. */
export type OddRequest =
  | { readonly type: 'echo'; readonly values: readonly unknown[] }
  | { readonly type: 'pid' | 'bytes' | 'hang' | 'spin' | 'hoard' | 'fill' | 'die' | 'throw' };

/** Does what it is asked, however odd. */
answerRequests<OddRequest, unknown>(async function* (request, bytes) {
  if (request.type === 'echo') yield* request.values;
  if (request.type === 'pid') yield process.pid;
  if (request.type === 'bytes') yield bytes;
  if (request.type === 'hang') await new Promise(() => {});
  if (request.type === 'die') process.kill(process.pid, 'SIGKILL');
  if (request.type === 'throw') throw Object.assign(new RangeError('too odd'), { line: 7 });
  const kept: object[] = [];
  if (request.type === 'fill') for (let filled = 0; filled < 500; filled++) kept.push(Buffer.alloc(1e6, 7));
  while (request.type === 'spin' || request.type === 'fill') {}
  while (request.type === 'hoard') kept.push({ kept: kept.length });
});
