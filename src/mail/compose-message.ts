import { hash } from 'node:crypto';
import type { Message, Space } from '../domain/message.ts';
import type { Instant } from '../domain/time.ts';
import type { Letterhead } from './letterhead.ts';
import { isOneClick, unsubscribeValue } from './list-headers.ts';
import type { IssueBody, RenderedIssue } from './render.ts';
import { encodeForReader, readerValues } from './subscriber-parts.ts';

/** Whom an issue goes to. The links are absolute and this reader's alone. */
export type Recipient = {
  readonly subscriberId: number;
  readonly email: string;
  readonly unsubscribeUrl: string;
  readonly preferencesUrl: string;
  /** For a welcome: when their mails come, in words. */
  readonly when?: string;
  /** The envelope sender of this one mail, if it has its own. */
  readonly returnPath?: string;
};

export type DeliveryOptions = {
  readonly letterhead: Letterhead;
  /** What the Date header says: the real moment of sending. */
  readonly date: Instant;
  /** The issue with this reader's own picks; without it they get the common one. */
  readonly body?: IssueBody;
  /** Where the finished bytes go. */
  readonly space?: Space;
};

/**
 * Makes one reader's mail of an issue. Equal arguments give equal bytes, and the Message-ID depends on
 * the issue and the reader only.
 * @throws Fault SUBSCRIBER_INVALID when the address is not one
 */
export async function composeDelivery(
  rendered: RenderedIssue,
  reader: Recipient,
  { letterhead, date, body = rendered.common, space }: DeliveryOptions,
): Promise<Message> {
  const values = readerValues({ ...reader, address: reader.email });
  const frame = await rendered.frame(letterhead, isOneClick(letterhead, values.unsubscribeUrl));
  const own = {
    to: reader.email,
    ...(reader.returnPath !== undefined && { returnPath: reader.returnPath }),
    subject: body.subject,
    date,
    key: keyOf(rendered, reader),
    text: encodeForReader(body.text, values, false),
    html: encodeForReader(body.html, values, true),
    unsubscribe: unsubscribeValue(letterhead, values.unsubscribeUrl),
  };
  return frame(own, space);
}

/** The same at every attempt, and of no other mail. */
function keyOf({ kind, date, hash: content }: RenderedIssue, { subscriberId }: Recipient): string {
  return hash('sha256', JSON.stringify([kind, date, content, subscriberId])).slice(0, 32);
}
