import { type ChildProcess, fork } from 'node:child_process';
import type { Mjml } from '../compose/mjml.ts';

export type MjmlRequest = { readonly id: number; readonly source: string };
export type MjmlAnswer =
  | { readonly id: number; readonly html: string }
  | { readonly id: number; readonly message: string; readonly errors: readonly unknown[] };

/**
 * MJML in a process that ends when it has nothing to do. It is needed for a moment, and takes 100 MB that a thread would
 * leave to the program for as long as mails are sent.
 */
export function mjmlApart(): Mjml {
  const pending = new Map<number, PromiseWithResolvers<string>>();
  let child: ChildProcess | undefined;
  let last = 0;
  const end = (failure: Error) => {
    for (const { reject } of pending.values()) reject(failure);
    pending.clear();
    child?.disconnect();
    child = undefined;
  };
  const answered = (answer: MjmlAnswer) => {
    const asked = pending.get(answer.id);
    pending.delete(answer.id);
    if ('html' in answer) asked?.resolve(answer.html);
    else asked?.reject(Object.assign(new Error(answer.message), { errors: answer.errors }));
    if (pending.size === 0) end(new Error('nothing is left to do'));
  };
  const begin = () => {
    const made = fork(programFile(), { execArgv: [], serialization: 'advanced' });
    made.on('message', answered);
    made.on('error', end);
    made.on('exit', (code, signal) => {
      if (made === child) end(new Error(`the process of MJML ended with ${signal ?? code}`));
    });
    return made;
  };
  return (source) => {
    const asked = Promise.withResolvers<string>();
    last += 1;
    pending.set(last, asked);
    child ??= begin();
    child.send({ id: last, source } satisfies MjmlRequest);
    return asked.promise;
  };
}

/** TypeScript in a checkout, JavaScript in the package. */
function programFile(): URL {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./mjml-process.${ending}`, import.meta.url);
}
