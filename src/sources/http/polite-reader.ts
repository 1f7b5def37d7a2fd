import { type Clock, DAY, formatInstant, type Instant, type Wait } from '../../domain/time.ts';
import { type Credentials, withoutCredentials } from './credentials.ts';
import type { Http, HttpReply } from './http.ts';
import { HttpFailure } from './http-failure.ts';
import { ownWords } from './own-words.ts';
import { inLane } from './paced.ts';
import { type Lane, type Politeness, Unchanged, type Validators } from './politeness.ts';

/**
 * How a source asks for one address: what comes back is a 2xx reply with a body. It throws HttpFailure, and
 * Unchanged when the server has nothing newer than last time.
 * @param headers with names in lower case; with `cache-control: no-cache` the address is asked
 *   whole, and nothing of it is remembered: for answers that only complete what another address gives
 */
export type Read = (
  url: string,
  accept: string,
  headers?: { readonly [name: string]: string },
) => Promise<HttpReply>;

const RETRIES = 2;
const BACKOFF_MS = 1000;
/** However long a server tells us to stay away, we look again after this. */
const LONGEST_COOLDOWN = 7 * DAY;
const PASSING_KINDS = ['network', 'timeout'];

export type Patience = {
  readonly http: Http;
  readonly politeness: Politeness;
  readonly lane: Lane | undefined;
  /** The source's name, whose validators are sent. */
  readonly source: string;
  readonly wait: Wait;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly credentials?: Credentials;
  /** When the source's time is over. */
  readonly deadline: Instant;
  /** 0 to 1, for the jitter. */
  readonly random?: () => number;
  /** Told the validators of each reply, to be kept together with its entries. */
  readonly onValidators?: (validators: Validators) => void;
};

/**
 * A subscriber for one source in one run: sends the validators of last time, keeps to the provider's lane, stays away
 * from a host that asked for it, and tries an answer of 429 or 5xx and a broken connection again, at most twice,
 * after a back-off with jitter or what Retry-After says. A Retry-After that ends after the source's time
 * does, or that comes with the last attempt, is kept: until then the host is not asked, whoever asks.
 */
export function politeFetcher(patience: Patience): Read {
  return async (url, accept, headers = {}) => {
    const whole = headers['cache-control'] === 'no-cache';
    const known = whole ? undefined : await patience.politeness.recall(patience.source, url);
    const asked = whole ? { ...patience, onValidators: () => {} } : patience;
    const conditions = { ...headers, ...conditionsOf(known) };
    for (let attempt = 0; ; attempt++) {
      try {
        return await ask(asked, url, { accept, headers: conditions }, known !== undefined);
      } catch (error) {
        await recover(patience, url, error, attempt);
      }
    }
  };
}

async function ask(
  { http, politeness, lane, wait, clock, signal, credentials = {}, onValidators }: Patience,
  url: string,
  options: { accept: string; headers: { [name: string]: string } },
  conditional: boolean,
): Promise<HttpReply> {
  await mayAsk(url, politeness, clock);
  const reply = await inLane(lane, { politeness, clock, wait, signal }, async () => {
    // While we waited for the lane, who was in it may have been told to stay away.
    if (lane !== undefined) await mayAsk(url, politeness, clock);
    return http.get(url, { ...options, credentials, signal });
  });
  if (reply.status === 304 && conditional) throw new Unchanged(url);
  const good = accepted(reply, url, clock, credentials);
  const { etag, 'last-modified': lastModified } = good.headers;
  if (etag || lastModified)
    onValidators?.({ url, ...(etag && { etag }), ...(lastModified && { lastModified }) });
  return good;
}

async function mayAsk(url: string, politeness: Politeness, clock: Clock): Promise<void> {
  const restsUntil = await politeness.restsUntil(hostOf(url));
  // Nobody rests for longer: such a moment is of a clock that went wrong.
  if (restsUntil <= clock() || restsUntil > clock() + LONGEST_COOLDOWN + DAY) return;
  throw new HttpFailure('resting', url, `asked us to wait until ${formatInstant(restsUntil)}`);
}

/** Waits before the next attempt, or throws what there is no use in trying again. */
async function recover(patience: Patience, url: string, error: unknown, attempt: number): Promise<void> {
  if (!(error instanceof HttpFailure) || !isPassing(error)) throw error;
  const { clock, deadline, wait, signal, random = Math.random } = patience;
  const asked = error.retryAfterMs;
  const pause =
    asked === undefined ? BACKOFF_MS * 2 ** attempt * (0.5 + random()) : Math.max(asked, BACKOFF_MS);
  if (asked !== undefined && (attempt >= RETRIES || clock() + asked >= deadline)) {
    const until = clock() + Math.min(asked, LONGEST_COOLDOWN);
    await patience.politeness.rest(hostOf(url), until);
    throw new HttpFailure(
      'status',
      url,
      `answered ${error.status}, not to be asked before ${formatInstant(until)}`,
      {
        ...(error.status !== undefined && { status: error.status }),
        cause: error,
      },
    );
  }
  if (attempt >= RETRIES || clock() + pause >= deadline) throw error;
  await wait(pause, signal);
}

function isPassing({ kind, status = 0 }: HttpFailure): boolean {
  return PASSING_KINDS.includes(kind) || status === 429 || status >= 500;
}

function conditionsOf(known: Validators | undefined): { [name: string]: string } {
  return {
    ...(known?.etag && { 'if-none-match': known.etag }),
    ...(known?.lastModified && { 'if-modified-since': known.lastModified }),
  };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}

function accepted(reply: HttpReply, url: string, clock: Clock, credentials: Credentials): HttpReply {
  if (reply.status >= 200 && reply.status < 300 && reply.status !== 204) return reply;
  const words = withoutCredentials(ownWords(reply), credentials);
  throw new HttpFailure('status', url, `answered ${reply.status}${words && ` (${words})`}`, {
    status: reply.status,
    retryAfterMs: parseRetryAfter(reply.headers['retry-after'], clock()),
  });
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3) as milliseconds from now, never negative. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
