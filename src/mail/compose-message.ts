import { hash } from 'node:crypto';
import type { Message, ReusableBuffer } from '../domain/message.ts';
import type { Instant } from '../domain/time.ts';
import type { Letterhead } from './letterhead.ts';
import { isOneClick, unsubscribeValue } from './list-headers.ts';
import type { IssueBody, RenderedIssue } from './render.ts';
import { encodeForSubscriber, subscriberValues } from './subscriber-parts.ts';

/** Whom an issue goes to. The links are absolute and this subscriber's alone. */
export type Recipient = {
  readonly subscriberId: number;
  readonly email: string;
  readonly unsubscribeUrl: string;
  readonly preferencesUrl: string;
  /** Where they say which papers of this issue they want more, or less, of; see `feedbackLink`. */
  readonly feedbackUrl: string;
  /** For a welcome: when their mails come, in words. */
  readonly when?: string;
  /** The envelope sender of this one mail, if it has its own. */
  readonly returnPath?: string;
  /** Names this mail wherever it comes back; see `mailTag`. */
  readonly tag?: string;
};

export type DeliveryOptions = {
  readonly letterhead: Letterhead;
  /** What the Date header says: the real moment of sending. */
  readonly date: Instant;
  /** The issue with this subscriber's own picks; without it they get the common one. */
  readonly body?: IssueBody;
  /** Where the finished bytes go. */
  readonly buffer?: ReusableBuffer;
};

/**
 * Makes one subscriber's mail of an issue. Equal arguments give equal bytes, and the Message-ID is the
 * mail's tag; without one it depends on the issue and the subscriber only.
 * @throws Fault SUBSCRIBER_INVALID when the address is not one
 */
export async function composeDelivery(
  rendered: RenderedIssue,
  subscriber: Recipient,
  { letterhead, date, body = rendered.common, buffer }: DeliveryOptions,
): Promise<Message> {
  const values = subscriberValues({ ...subscriber, address: subscriber.email });
  const frame = await rendered.frame(letterhead, isOneClick(letterhead, values.unsubscribeUrl));
  const own = {
    to: subscriber.email,
    ...(subscriber.returnPath !== undefined && { returnPath: subscriber.returnPath }),
    subject: body.subject,
    date,
    key: subscriber.tag ?? keyOf(rendered, subscriber),
    text: encodeForSubscriber(body.text, values, false),
    html: encodeForSubscriber(body.html, values, true),
    unsubscribe: unsubscribeValue(letterhead, values.unsubscribeUrl),
  };
  return frame(own, buffer);
}

/** The same at every attempt, and of no other mail. */
function keyOf({ kind, date, hash: content }: RenderedIssue, { subscriberId }: Recipient): string {
  return hash('sha256', JSON.stringify([kind, date, content, subscriberId])).slice(0, 32);
}
