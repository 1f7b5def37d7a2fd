import type { Core } from '../core.ts';
import type { Return } from '../domain/return.ts';
import { type Envelope, readMail } from './mail/read-mail.ts';
import type { ReturnTools } from './return-tools.ts';
import { type Taken, takeReturns } from './take-returns.ts';

/** A mail that came to us, or the beginning of one. */
export type IncomingMail = { readonly raw: Uint8Array; readonly envelope?: Envelope };

/**
 * What a mail came to. `unmatched`: it names no mail of ours, and nothing was written down. `unreadable`: it could not be
 * taken apart within the limits.
 */
export type MailResult = Taken | 'unreadable';

/**
 * Reads mails and takes those that are about ours.
 * @param secrets the newsletter's, the current one first
 * @returns what each came to, in their order
 */
export async function takeMails(
  core: Core,
  tools: ReturnTools,
  secrets: readonly string[],
  mails: readonly IncomingMail[],
): Promise<MailResult[]> {
  const results: MailResult[] = [];
  const readFrom = (start: number) => readMails(tools, secrets, mails.slice(start, start + GROUP));
  let next = readFrom(0);
  for (let start = 0; start < mails.length; start += GROUP) {
    const events = await next;
    // The next ones are taken apart, in a process of their own, while these are written down.
    next = readFrom(start + GROUP);
    next.catch(() => {});
    results.push(...(await takeEvents(core, tools, events)));
  }
  return results;
}

/** Mails that are read and taken together. */
const GROUP = 100;

async function takeEvents(
  core: Core,
  tools: ReturnTools,
  events: readonly (Return | undefined)[],
): Promise<MailResult[]> {
  const ours = events.filter((event) => event?.about !== undefined) as Return[];
  const taken = await takeReturns(core, tools, ours);
  const results = new Map(ours.map((event, index) => [event, taken[index]]));
  return events.map((event) => (event ? (results.get(event) ?? 'unmatched') : 'unreadable'));
}

/** What each mail is; `undefined` for one that could not be taken apart. */
export async function readMails(
  { parseMails, leaveAddress }: ReturnTools,
  secrets: readonly string[],
  mails: readonly IncomingMail[],
): Promise<(Return | undefined)[]> {
  const parsed = await parseMails(mails.map(({ raw }) => raw));
  return parsed.map(
    (mail, index) => mail && readMail(secrets, mail, { ...mails[index]?.envelope, leaveAddress }),
  );
}
