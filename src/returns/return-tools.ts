import type { SuppressionCap } from '../delivery/suppression-cap.ts';
import type { ParsedMail } from './mail/parse-mail.ts';

/** What taking returns needs beside the core. */
export type ReturnTools = {
  readonly cap: SuppressionCap;
  /** The names of all relays: a domain that refuses our mail is left alone on each. */
  readonly routeNames: readonly string[];
  /** Takes mails apart within limits of time and memory; `undefined` for one that exceeds them. */
  readonly parseMails: (raws: readonly Uint8Array[]) => Promise<(ParsedMail | undefined)[]>;
};
