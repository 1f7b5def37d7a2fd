import type { Config } from '../config/load.ts';
import type { Secrets } from '../db/secrets.ts';
import type { SuppressionCap } from '../delivery/suppression-cap.ts';
import type { ParsedMail } from './mail/parse-mail.ts';

/** What taking returns needs beside the core. */
export type ReturnTools = {
  readonly cap: SuppressionCap;
  /** The names of all relays: a domain that refuses our mail is left alone on each. */
  readonly routeNames: readonly string[];
  readonly secrets: Secrets;
  /** UNSUBSCRIBE_ADDRESS, unless answers to our mails go there, too. */
  readonly leaveAddress: string | undefined;
  /** Takes mails apart within limits of time and memory; `undefined` for one that exceeds them. */
  readonly parseMails: (raws: readonly Uint8Array[]) => Promise<(ParsedMail | undefined)[]>;
};

/** Where answers to our mails arrive as well, a mail without a token is hardly about leaving. */
export function leaveAddressOf({
  UNSUBSCRIBE_ADDRESS,
  MAIL_FROM,
  MAIL_REPLY_TO,
}: Config): string | undefined {
  const isShared = [MAIL_FROM, MAIL_REPLY_TO].some((mailbox) => mailbox?.address === UNSUBSCRIBE_ADDRESS);
  return isShared ? undefined : UNSUBSCRIBE_ADDRESS;
}
