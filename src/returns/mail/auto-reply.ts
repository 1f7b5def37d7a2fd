import type { ParsedMail } from './parse-mail.ts';

const ONLY_MACHINES_HAVE = ['x-autoreply', 'x-autorespond', 'x-autoreply-from', 'x-auto-response-suppress'];

/** Whether a machine answered that nobody is there, or that a mail was read: RFC 3834, 8098 and what came before them. */
export function isAutoReply({ fields, type, parts }: ParsedMail): boolean {
  const one = (name: string) => fields.get(name)?.[0]?.toLowerCase() ?? '';
  if (isDispositionNotification(type, one('content-type'), parts)) return true;
  // Exim says so of its bounces, too, and names whom they are about.
  if (fields.has('x-failed-recipients')) return false;
  const submitted = one('auto-submitted');
  if (submitted !== '' && !submitted.startsWith('no')) return true;
  if (ONLY_MACHINES_HAVE.some((name) => fields.has(name))) return true;
  return one('precedence') === 'auto_reply';
}

function isDispositionNotification(type: string, contentType: string, parts: ParsedMail['parts']): boolean {
  if (parts.some((part) => part.type === 'message/disposition-notification')) return true;
  return type === 'multipart/report' && contentType.includes('disposition-notification');
}
