import type { FailureClass } from './delivery.ts';

/** The mailbox does not exist or takes no mail: RFC 3463 §3.2. */
const NO_MAILBOX = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10']);
/** "Exceeded storage allocation" by itself: RFC 5321 §4.2.3. */
const TOO_LARGE = 552;
/**
 * Subjects of which the code gives no detail, or only that a connection or a command failed: as good as a refusal without
 * a reason. Microsoft says 5.4.1 and 5.5.0 of mailboxes that do not exist, but others say them of much else.
 */
const SAYS_NOTHING = /^5\.(0|1\.(?!4$)|4|5)/;

/**
 * What a final failure says of an address. By codes only, never by words: words would find a dead mailbox two days
 * earlier, and cost subscribers who are alive.
 * @param code of the reply (RFC 5321 §4.2), if there is one
 * @param enhanced such as `5.1.1` (RFC 3463), if there is one
 */
export function failureClass(code: number | undefined, enhanced: string | undefined): FailureClass {
  if (enhanced === undefined) {
    if (code === TOO_LARGE) return 'soft';
    return code !== undefined && code < 500 ? 'soft' : 'refused';
  }
  if (NO_MAILBOX.has(enhanced)) return 'hard';
  if (/^[45]\.7\./.test(enhanced)) return 'policy';
  return SAYS_NOTHING.test(enhanced) ? 'refused' : 'soft';
}

/**
 * `5.1.1` from `550 5.1.1 <a@b>: …`, or from the first line of several that has one. A code whose class is not that
 * of the reply (`550 4.7.1`) contradicts it, and the reply code counts.
 */
export function enhancedCode(reply: string): string | undefined {
  const match = /^([245])\d{2}[ -]([245]\.\d{1,3}\.\d{1,3})(?![\d.])/m.exec(reply);
  return match?.[2]?.startsWith(match[1] ?? '') ? match[2] : undefined;
}
