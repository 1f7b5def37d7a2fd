import { addressKey, parseAddress } from '../../domain/address.ts';
import type { Return, ReturnSubject } from '../../domain/return.ts';
import { findTag } from '../../domain/verp.ts';
import { isAutoReply } from './auto-reply.ts';
import { type MailReport, readDeliveryStatus } from './delivery-status.ts';
import { feedbackKind } from './feedback-report.ts';
import { type Fields, type ParsedMail, parseFields } from './parse-mail.ts';
import { readPlainBounce } from './plain-bounce.ts';
import { listUnsubscribeOf, unsubscribeRequest } from './unsubscribe-mail.ts';

/** Where the address stands that a mail was sent to. */
const RECIPIENTS = [
  'to',
  'delivered-to',
  'x-original-to',
  'envelope-to',
  'x-envelope-to',
  'x-delivered-to',
  'cc',
];
const REFERENCES = ['in-reply-to', 'references', 'original-message-id', 'x-original-message-id'];
const COPIES = new Set([
  'message/rfc822',
  'text/rfc822-headers',
  'message/global',
  'message/global-headers',
  'message/rfc822-headers',
]);

/** What else is known of a mail than its bytes. */
export type Envelope = {
  /** Empty for the null sender; absent where only the mail's own fields tell. */
  readonly from?: string;
  readonly to?: readonly string[];
  /** Whoever writes there without a token is asked whether they want to leave. */
  readonly leaveAddress?: string | undefined;
};

/**
 * What a mail that came to us is, and which mail of ours it is about. Only what we signed ourselves names one, and no words
 * are read, only codes. No address in it means anything, but that of whoever writes to `leaveAddress`.
 * @param secrets the newsletter's, the current one first
 */
export function readMail(secrets: readonly string[], mail: ParsedMail, envelope: Envelope = {}): Return {
  const copies = copiesIn(mail);
  const event = (report: MailReport, about = subjectOf(secrets, mail, copies, envelope)): Return => ({
    source: 'mail',
    key: mail.digest,
    ...report,
    ...(about && { about }),
    ...dateOf(mail.fields),
  });
  const feedback = feedbackKind(mail, copies);
  if (feedback) return event({ kind: feedback, status: '', detail: '' }, aboutCopies(secrets, copies));
  const status = mail.parts.find(
    ({ type }) => type.startsWith('message/delivery-status') || type === 'message/global-delivery-status',
  );
  const report = status && readDeliveryStatus(status.text);
  if (report) return event(report);
  const isAutomatic = isAutoReply(mail);
  const isNull = isNullSender(mail, envelope);
  if (!isNull && (!isAutomatic || mail.fields.has('x-apple-unsubscribe'))) {
    const subscriberId = unsubscribeRequest(secrets, mail);
    if (subscriberId !== undefined)
      return event({ kind: 'unsubscribe', status: '', detail: '' }, { subscriberId });
    if (mail.fields.has('x-apple-unsubscribe')) return event({ kind: 'unsubscribe', status: '', detail: '' });
    const askedBy = isToLeave(mail, envelope) ? senderOf(mail) : undefined;
    if (askedBy !== undefined) return event({ kind: 'unsubscribe', status: '', detail: '' }, { askedBy });
  }
  if (isAutomatic) return event({ kind: 'auto-reply', status: '', detail: '' });
  if (isNull) return event(readPlainBounce(firstText(mail)));
  return event({ kind: 'other', status: '', detail: '' });
}

function subjectOf(
  secrets: readonly string[],
  mail: ParsedMail,
  copies: readonly Fields[],
  { to = [] }: Envelope,
): ReturnSubject | undefined {
  const named = [...to, ...valuesOf(mail.fields, RECIPIENTS), ...valuesOf(mail.fields, REFERENCES)];
  const tag = findTag(secrets, named.join(' ')) ?? tagInCopies(secrets, copies) ?? tagInText(secrets, mail);
  return tag && { mail: tag };
}

/** A report of a feedback loop is believed by what stands in the copy, whoever it came to. */
function aboutCopies(secrets: readonly string[], copies: readonly Fields[]): ReturnSubject | undefined {
  const tag = tagInCopies(secrets, copies);
  if (tag) return { mail: tag };
  for (const copy of copies) {
    const subscriberId = listUnsubscribeOf(secrets, copy);
    if (subscriberId !== undefined) return { subscriberId };
  }
  return undefined;
}

function tagInCopies(secrets: readonly string[], copies: readonly Fields[]) {
  return findTag(secrets, copies.flatMap((copy) => valuesOf(copy, ['message-id', 'return-path'])).join(' '));
}

/** In a returned mail without parts the copy stands in the text. */
function tagInText(secrets: readonly string[], mail: ParsedMail) {
  const lines = mail.parts.flatMap(
    ({ text }) => text.match(/^[> \t]*message-id:[ \t]*\n?[^\n]{0,500}/gim) ?? [],
  );
  return findTag(secrets, lines.join(' '));
}

function copiesIn({ parts }: ParsedMail): Fields[] {
  return parts.filter(({ type }) => COPIES.has(type)).map(({ text }) => parseFields(text));
}

function valuesOf(fields: Fields, names: readonly string[]): string[] {
  return names.flatMap((name) => fields.get(name) ?? []);
}

/** Bounces come from nobody (RFC 5321 §4.5.5); where no Return-Path tells, from the program that makes them. */
function isNullSender({ fields }: ParsedMail, { from }: Envelope): boolean {
  if (from !== undefined) return from === '';
  const path = fields.get('return-path')?.at(-1);
  if (path !== undefined && /^<\s*>$/.test(path)) return true;
  if (fields.has('x-failed-recipients')) return true;
  const sender = `${path ?? ''} ${fields.get('from')?.[0] ?? ''}`;
  return /(?<![\w.-])(mailer-daemon|postmaster|mail-daemon)(?![\w.-]*[\w-]\s+<)/i.test(sender);
}

function isToLeave({ fields }: ParsedMail, { to = [], leaveAddress }: Envelope): boolean {
  if (leaveAddress === undefined) return false;
  const named = [...to, ...valuesOf(fields, RECIPIENTS)].flatMap((value) => value.split(/[\s,;:<>"]+/));
  return named.some((word) => addressKey(word) === addressKey(leaveAddress));
}

/** The one address in the one From field. */
function senderOf({ fields }: ParsedMail): string | undefined {
  const words = (fields.get('from') ?? []).join(' ').split(/[\s,;:<>"()]+/);
  const [address, ...others] = new Set(words.filter((word) => word.includes('@')));
  return others.length > 0 || address === undefined ? undefined : parseAddress(address);
}

function firstText({ parts }: ParsedMail): string {
  return parts.find(({ type }) => type === 'text/plain')?.text ?? '';
}

function dateOf(fields: Fields): { happenedAt?: number } {
  const date = Date.parse(fields.get('date')?.[0] ?? '');
  return Number.isFinite(date) && date > 0 && date < 8.64e15 ? { happenedAt: date } : {};
}
