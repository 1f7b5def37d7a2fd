import type { Clock } from '../domain/time.ts';
import type { Http, HttpReply } from './http.ts';
import { HttpFailure } from './http-failure.ts';

/** Sleeps, and ends at once, rejecting, when the signal fires. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** How a source asks for one address: what comes back is a 2xx reply with a body. */
export type Read = (url: string, accept: string) => Promise<HttpReply>;

const RETRIES = 2;
const BACKOFF_MS = 1000;
const LONGEST_RETRY_AFTER_MS = 20_000;
const PASSING_KINDS = ['network', 'timeout'];

/**
 * A reader for one source in one run: an answer of 429 or 5xx and a broken connection are tried again, at most
 * twice, after a back-off with jitter or what Retry-After says, as long as that ends before the source's time does.
 * @param deadline when the source's time is over
 * @param random 0 to 1, for the jitter
 * @returns a `Read` that throws HttpFailure
 */
export function patientReader(given: {
  http: Http;
  wait: Wait;
  clock: Clock;
  signal: AbortSignal;
  deadline: number;
  random?: () => number;
}): Read {
  const { http, wait, clock, signal, deadline, random = Math.random } = given;
  return async (url, accept) => {
    for (let attempt = 0; ; attempt++) {
      try {
        return accepted(await http.get(url, { accept, signal }), url, clock);
      } catch (error) {
        const pause = error instanceof HttpFailure ? pauseBefore(error, attempt, random()) : undefined;
        if (pause === undefined || attempt >= RETRIES || clock() + pause >= deadline) throw error;
        await wait(pause, signal);
      }
    }
  };
}

function accepted(reply: HttpReply, url: string, clock: Clock): HttpReply {
  if (reply.status >= 200 && reply.status < 300 && reply.status !== 204) return reply;
  throw new HttpFailure('status', url, `answered ${reply.status}${said(reply)}`, {
    status: reply.status,
    retryAfterMs: parseRetryAfter(reply.headers['retry-after'], clock()),
  });
}

/** The error that a JSON answer explains itself with, if it is short. */
function said(reply: HttpReply): string {
  if (reply.body.length > 2000) return '';
  try {
    const { error, message } = JSON.parse(reply.body.toString()) ?? {};
    const text = [error, message].find((value) => typeof value === 'string');
    return text === undefined ? '' : ` (${text.replace(/[\s\p{C}]+/gu, ' ').slice(0, 200)})`;
  } catch {
    return '';
  }
}

function pauseBefore(failure: HttpFailure, attempt: number, jitter: number): number | undefined {
  const status = failure.status ?? 0;
  if (!PASSING_KINDS.includes(failure.kind) && status !== 429 && status < 500) return undefined;
  if (failure.retryAfterMs === undefined) return BACKOFF_MS * 2 ** attempt * (0.5 + jitter);
  return failure.retryAfterMs > LONGEST_RETRY_AFTER_MS ? undefined : failure.retryAfterMs;
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3) as milliseconds from now, never negative. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
