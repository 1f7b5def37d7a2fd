import type { LimitedWork } from '../../app.ts';
import { SECOND } from '../../domain/time.ts';
import type { ParsedMail } from '../../returns/mail/parse-mail.ts';
import { ProcessLost } from './limited-process.ts';
import { ProcessPool } from './process-pool.ts';
import { programFile } from './program-file.ts';

export type MailRequest = { readonly raws: readonly Uint8Array[] };

/** The worst mail of 256 kB that we could make takes a third of the time. */
const LIMITS = { seconds: 2, heapMegabytes: 128, megabytes: 250 };
/** A way to the process and back costs more than a usual mail. */
const BATCH = 25;

/** Mails are written by strangers, and taking one apart cannot be interrupted: it is done in a process with limits. */
export function mailsApart(program = programFile('mail-process')): Pick<LimitedWork, 'parseMails' | 'close'> {
  const pool = new ProcessPool<MailRequest, { readonly mail: ParsedMail | undefined }>({
    program,
    limits: LIMITS,
    most: 1,
    idleMs: 5 * SECOND,
    turnMs: 2 * SECOND,
  });
  const ask = async (raws: readonly Uint8Array[]) => (await pool.ask({ raws })).map(({ mail }) => mail);
  const askApart = async (raws: readonly Uint8Array[]): Promise<(ParsedMail | undefined)[]> => {
    try {
      return await ask(raws);
    } catch (error) {
      if (!(error instanceof ProcessLost)) throw error;
      if (raws.length === 1) return [undefined];
      const parsed: (ParsedMail | undefined)[] = [];
      for (const raw of raws) parsed.push(...(await askApart([raw])));
      return parsed;
    }
  };
  return {
    parseMails: async (raws) => {
      const parsed: (ParsedMail | undefined)[] = [];
      for (let start = 0; start < raws.length; start += BATCH)
        parsed.push(...(await askApart(raws.slice(start, start + BATCH))));
      return parsed;
    },
    close: () => pool.close(),
  };
}
