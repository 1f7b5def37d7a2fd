import type { Outcome } from '../../domain/delivery.ts';
import { enhancedCode, failureClass } from '../../domain/failure-class.ts';

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

/** Our sender address is what is wrong. */
const BAD_SENDER = new Set(['5.1.7', '5.1.8']);

/** Decides by code, enhanced code and stage, never by the words of a reply. */
export function outcomeOf(refusal: Refusal): Outcome {
  const { code, reply } = refusal;
  if (code === undefined) return { kind: afterSilence(refusal), reply };
  if (isAboutUs(refusal)) return { kind: 'route', reply };
  if (code < 500) return { kind: 'deferred', reply };
  const type = failureClass(code, enhancedCode(reply));
  return { kind: 'failed', class: type, reply, suppress: type === 'hard' };
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
