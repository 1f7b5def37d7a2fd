import type { ReturnKind } from '../../domain/return.ts';
import { type Fields, type ParsedMail, parseFields } from './parse-mail.ts';

/** Types of feedback (RFC 5965 §3.5, RFC 6430) that call a mail unwanted. */
const COMPLAINTS = new Set(['abuse', 'fraud', 'virus', 'other', 'miscategorized']);

/**
 * Whether a mail is the report of a feedback loop, and of what kind: the Abuse Reporting Format (RFC 5965), or Microsoft's
 * Junk Mail Reporting Program, which has no report part.
 */
export function feedbackKind(mail: ParsedMail, copies: readonly Fields[]): ReturnKind | undefined {
  const report = mail.parts.find(({ type }) => type === 'message/feedback-report');
  if (report) {
    const type = parseFields(report.text).get('feedback-type')?.[0]?.toLowerCase() ?? '';
    if (type === 'opt-out' || type === 'opt-out-list') return 'unsubscribe';
    return COMPLAINTS.has(type) ? 'complaint' : 'feedback';
  }
  const isJunkReport = [mail.fields, ...copies].some((fields) => fields.has('x-hmxmroriginalrecipient'));
  return isJunkReport ? 'complaint' : undefined;
}
