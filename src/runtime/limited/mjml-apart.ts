import { Fault } from '../../domain/fault.ts';
import type { Mjml } from '../../mail/mjml.ts';
import { ProcessLost } from './limited-process.ts';
import { ProcessPool } from './process-pool.ts';
import { programFile } from './program-file.ts';

/** An ordinary template takes 100 MB and a second. */
const LIMITS = { seconds: 60, heapMegabytes: 512, megabytes: 800 };

export type MjmlApart = { readonly compile: Mjml; readonly close: () => void };

/**
 * MJML in a process that ends when idle: a thread would leave its 100 MB to the program for as long as
 * mails are sent.
 * @param program what runs there
 */
export function mjmlApart(program = programFile('mjml-process')): MjmlApart {
  const turnMs = LIMITS.seconds * 1000;
  const pool = new ProcessPool<string, string>({ program, limits: LIMITS, most: 1, idleMs: 0, turnMs });
  const compile: Mjml = async (source) => {
    const parts = await pool.ask(source).catch((cause) => {
      throw cause instanceof ProcessLost ? ended(cause) : cause;
    });
    return parts.join('');
  };
  return { compile, close: () => pool.close() };
}

function ended(cause: ProcessLost): Fault {
  return new Fault(
    'MJML_ENDED',
    `The process that turns templates into HTML ${cause.message}.`,
    'Check whether the machine is low on memory, and try again.',
    { cause },
  );
}
