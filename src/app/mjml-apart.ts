import { type ChildProcess, fork } from 'node:child_process';
import type { Mjml } from '../compose/mjml.ts';
import { Fault } from '../domain/fault.ts';

export type MjmlRequest = { readonly id: number; readonly source: string };
export type MjmlAnswer =
  | { readonly id: number; readonly html: string }
  | { readonly id: number; readonly message: string; readonly errors: readonly unknown[] };

/**
 * MJML in a process that ends when it has nothing to do. It is needed for a moment, and takes 100 MB that a thread would
 * leave to the program for as long as mails are sent.
 * @param program what runs there
 */
export function mjmlApart(program = programFile()): Mjml {
  const pending = new Map<number, PromiseWithResolvers<string>>();
  let child: ChildProcess | undefined;
  let last = 0;
  const end = (failure: Error) => {
    const made = child;
    child = undefined;
    for (const { reject } of pending.values()) reject(failure);
    pending.clear();
    if (made?.connected) made.disconnect();
  };
  const answered = (answer: MjmlAnswer) => {
    const asked = pending.get(answer.id);
    pending.delete(answer.id);
    if ('html' in answer) asked?.resolve(answer.html);
    else asked?.reject(Object.assign(new Error(answer.message), { errors: answer.errors }));
    if (pending.size === 0) end(new Error('nothing is left to do'));
  };
  const begin = () => {
    const made = fork(program, { execArgv: [], serialization: 'advanced' });
    const died = (failure: Error) => {
      if (made === child) end(failure);
    };
    made.on('message', answered);
    made.on('error', (cause) => died(ended(cause.message, cause)));
    made.on('exit', (code, signal) => died(ended(`It ended with ${signal ?? code}.`)));
    return made;
  };
  return (source) => {
    const asked = Promise.withResolvers<string>();
    last += 1;
    pending.set(last, asked);
    try {
      child ??= begin();
      child.send({ id: last, source } satisfies MjmlRequest);
    } catch (cause) {
      end(ended((cause as Error).message, cause as Error));
    }
    return asked.promise;
  };
}

function ended(how: string, cause?: Error): Fault {
  const text = `The process that turns templates into HTML is gone. ${how}`;
  return new Fault('MJML_ENDED', text, 'Look whether the machine is short of memory, and try again.', {
    cause,
  });
}

/** TypeScript in a checkout, JavaScript in the package. */
function programFile(): URL {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./mjml-process.${ending}`, import.meta.url);
}
