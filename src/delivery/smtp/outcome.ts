import type { FailureClass, Outcome } from '../../domain/delivery.ts';

/** What is known of an attempt that the server did not accept. */
export type Refusal = {
  /** The basic reply code (RFC 5321 §4.2), absent when the connection failed without a reply. */
  readonly code?: number;
  /** The command that was answered: `CONN`, `EHLO`, `AUTH PLAIN`, `MAIL FROM`, `RCPT TO`, `DATA`. */
  readonly command?: string;
  /** The server's words; only the enhanced code (RFC 3463) at their start is read. */
  readonly reply: string;
  /** Whether the session had got as far as this message's envelope. */
  readonly reachedEnvelope: boolean;
  /** Whether any byte of the message was handed to the connection. */
  readonly dataBegan: boolean;
};

/** The mailbox does not exist or cannot: RFC 3463 §3.2. */
const NO_MAILBOX = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10']);
/** Our sender address is what is wrong. */
const BAD_SENDER = new Set(['5.1.7', '5.1.8']);

/** "Exceeded storage allocation" by itself: RFC 5321 §4.2.3. */
const TOO_LARGE = 552;
/**
 * Subjects of which the code gives no detail, or only that a connection or a command failed: as good as a refusal without
 * a reason. Microsoft says 5.4.1 and 5.5.0 of mailboxes that do not exist, but others say them of much else.
 */
const SAYS_NOTHING = /^5\.(0|1\.(?!4$)|4|5)/;

/** Decides by code, enhanced code and stage, never by the words of a reply. */
export function outcomeOf(refusal: Refusal): Outcome {
  const { code, reply } = refusal;
  if (code === undefined) return { kind: afterSilence(refusal), reply };
  if (isAboutUs(refusal)) return { kind: 'route', reply };
  if (code < 500) return { kind: 'deferred', reply };
  return failure(code, enhancedCode(reply), reply);
}

/** Cut off at one subscriber's envelope, the others still get their turn. */
function afterSilence({ dataBegan, reachedEnvelope }: Refusal): 'lost' | 'deferred' | 'route' {
  if (dataBegan) return 'lost';
  return reachedEnvelope ? 'deferred' : 'route';
}

function isAboutUs({ command = '', reply, reachedEnvelope }: Refusal): boolean {
  if (!reachedEnvelope || /^(EHLO|HELO|STARTTLS|AUTH|MAIL)/.test(command)) return true;
  return BAD_SENDER.has(enhancedCode(reply) ?? '');
}

function failure(code: number, enhanced: string | undefined, reply: string): Outcome {
  const failed = (type: FailureClass) =>
    ({ kind: 'failed', class: type, reply, suppress: type === 'hard' }) as const;
  if (enhanced === undefined) return failed(code === TOO_LARGE ? 'soft' : 'refused');
  if (NO_MAILBOX.has(enhanced)) return failed('hard');
  if (enhanced.startsWith('5.7.')) return failed('policy');
  return failed(SAYS_NOTHING.test(enhanced) ? 'refused' : 'soft');
}

/**
 * `5.1.1` from `550 5.1.1 <a@b>: …`, or from the first line of several that has one. A code whose class is not that
 * of the reply (`550 4.7.1`) contradicts it, and the reply code counts.
 */
export function enhancedCode(reply: string): string | undefined {
  const match = /^([245])\d{2}[ -]([245]\.\d{1,3}\.\d{1,3})(?![\d.])/m.exec(reply);
  return match?.[2]?.startsWith(match[1] ?? '') ? match[2] : undefined;
}
