import { failureClass } from '../../domain/failure-class.ts';
import { type MailReport, mildest } from './delivery-status.ts';

/** Where the copy of the mail that came back begins. */
const COPY = /^[> \t]*(?:received|return-path|message-id|dkim-signature|mime-version|list-unsubscribe):/im;
/** A reply code beside an enhanced one, as servers write them, or the enhanced one as qmail does: `(#5.1.1)`. */
const CODES =
  /(?<![\d.])([45]\d\d)[ -]+#?([45]\.\d{1,3}\.\d{1,3})(?![\d.])|\(#([45]\.\d{1,3}\.\d{1,3})(?![\d.])/g;
const MOST_CODES = 50;

/**
 * Reads a returned mail without a machine-readable part, by the codes in its text and nothing else. Only later ones will
 * say of a mail that it failed where all codes say that it may still arrive.
 * @param text the first text part
 */
export function readPlainBounce(text: string): MailReport {
  const copyAt = text.search(COPY);
  const own = (copyAt < 0 ? text : text.slice(0, copyAt)).slice(0, 20_000);
  const found = [...own.matchAll(CODES)].slice(0, MOST_CODES).flatMap((match) => reportOf(own, match) ?? []);
  const failures = found.filter(({ status }) => status.startsWith('5'));
  const worst = mildest(failures);
  if (worst) return worst;
  const [later] = found;
  if (later) return { kind: 'delayed', status: later.status, detail: later.detail };
  return { kind: 'bounce', class: 'refused', status: '', detail: own.trim().slice(0, 300) };
}

function reportOf(text: string, match: RegExpExecArray): MailReport | undefined {
  const [, reply, beside, alone] = match;
  const status = beside ?? alone ?? '';
  if (reply !== undefined && reply[0] !== status[0]) return undefined;
  const code = reply === undefined ? undefined : Number(reply);
  return {
    kind: 'bounce',
    class: failureClass(code, status),
    status,
    ...(code !== undefined && { code }),
    detail: lineAround(text, match.index),
  };
}

function lineAround(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  return text.slice(text.lastIndexOf('\n', at) + 1, end < 0 ? undefined : end).trim();
}
