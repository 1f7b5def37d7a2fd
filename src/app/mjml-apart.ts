import { Worker } from 'node:worker_threads';
import type { Mjml } from '../compose/mjml.ts';

export type MjmlRequest = { readonly id: number; readonly source: string };
export type MjmlAnswer =
  | { readonly id: number; readonly html: string }
  | { readonly id: number; readonly message: string; readonly errors: readonly unknown[] };

/**
 * MJML in a thread that ends when it has nothing to do: it is needed for a moment and would else stay in memory for as long
 * as mails are sent.
 */
export function mjmlApart(): Mjml {
  const pending = new Map<number, PromiseWithResolvers<string>>();
  let worker: Worker | undefined;
  let last = 0;
  const end = (failure?: Error) => {
    for (const { reject } of pending.values()) reject(failure ?? new Error('the thread of MJML ended'));
    pending.clear();
    void worker?.terminate();
    worker = undefined;
  };
  const answered = (answer: MjmlAnswer) => {
    const asked = pending.get(answer.id);
    pending.delete(answer.id);
    if ('html' in answer) asked?.resolve(answer.html);
    else asked?.reject(Object.assign(new Error(answer.message), { errors: answer.errors }));
    if (pending.size === 0) end();
  };
  const begin = () =>
    new Worker(threadFile(), { resourceLimits: { maxYoungGenerationSizeMb: 4 } })
      .on('message', answered)
      .on('error', end);
  return (source) => {
    const asked = Promise.withResolvers<string>();
    last += 1;
    pending.set(last, asked);
    worker ??= begin();
    worker.postMessage({ id: last, source } satisfies MjmlRequest);
    return asked.promise;
  };
}

/** TypeScript in a checkout, JavaScript in the package. */
function threadFile(): URL {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./mjml-worker.${ending}`, import.meta.url);
}
