import type { FailureClass } from '../../domain/delivery.ts';
import { enhancedCode, failureClass } from '../../domain/failure-class.ts';
import type { Return } from '../../domain/return.ts';
import { type Fields, parseFields } from './parse-mail.ts';

/** What somebody's server says of a mail. */
export type MailReport = Pick<Return, 'kind' | 'class' | 'status' | 'code' | 'detail'>;

/** From the mildest: of several recipients behind one address the mildest failure counts. */
const MILDEST: readonly FailureClass[] = ['policy', 'soft', 'refused', 'hard'];

/**
 * Reads a `message/delivery-status` part (RFC 3464). An alias that still reaches somebody, or may, is no dead address.
 * @returns `undefined` when it says nothing of any recipient
 */
export function readDeliveryStatus(text: string): MailReport | undefined {
  const reports = text
    .split(/\n[ \t]*\n/)
    .map(parseFields)
    .flatMap((fields) => blockReport(fields) ?? []);
  const notFailed = reports.find(({ kind }) => kind !== 'bounce');
  return notFailed ?? mildest(reports);
}

/** The mildest of several failures. */
export function mildest(reports: readonly MailReport[]): MailReport | undefined {
  const rank = ({ class: type = 'refused' }: MailReport) => MILDEST.indexOf(type);
  return reports.toSorted((one, other) => rank(one) - rank(other))[0];
}

function blockReport(fields: Fields): MailReport | undefined {
  const one = (name: string) => fields.get(name)?.[0] ?? '';
  const action = /^[a-z]+/i.exec(one('action'))?.[0].toLowerCase();
  if (action === undefined) return undefined;
  const status = /^[245]\.\d{1,3}\.\d{1,3}/.exec(one('status'))?.[0] ?? '';
  const detail = one('diagnostic-code') || one('status');
  if (action === 'delayed') return { kind: 'delayed', status, detail };
  if (action !== 'failed') return { kind: 'delivered', status, detail };
  return { kind: 'bounce', ...failureOf(status, one('diagnostic-code')), detail };
}

/** The far server's own code counts before what the reporting one makes of it. */
function failureOf(status: string, diagnostic: string): Pick<MailReport, 'class' | 'status' | 'code'> {
  const reply = /^smtp\s*;\s*(?:<[^>]*>:?\s*)?([245]\d\d(?:[ -].*)?$)/i.exec(diagnostic)?.[1];
  const code = reply === undefined ? undefined : Number(reply.slice(0, 3));
  const enhanced = reply && enhancedCode(reply);
  if (enhanced && (status === '' || enhanced[0] === status[0]))
    return { class: failureClass(code, enhanced), status: enhanced, ...(code !== undefined && { code }) };
  if (status === '')
    return { class: failureClass(code, undefined), status, ...(code !== undefined && { code }) };
  const type = failureClass(code, status);
  // With no word of the far server behind it, the reporting one may only have guessed.
  const isProven = code !== undefined && String(code)[0] === status[0];
  return {
    class: type === 'hard' && !isProven ? 'refused' : type,
    status,
    ...(code !== undefined && { code }),
  };
}
