import { Agent, request } from 'undici';
import { messageOf } from '../../domain/failure.ts';
import type { After } from '../../domain/time.ts';
import { AddressRefused, guardedConnector } from './address-guard.ts';
import { BodyRefused, readBody } from './body.ts';
import { DeadlinePassed, within } from './deadline.ts';
import { HttpFailure } from './http-failure.ts';

export type HttpReply = {
  readonly status: number;
  /** Of `content-type`, `etag`, `last-modified` and `retry-after`, those that were sent. */
  readonly headers: { readonly [name: string]: string };
  /** Decompressed. */
  readonly body: Buffer;
  /** Where it came from, after redirects. */
  readonly url: string;
};

/** The only way to the network for anything that reads a source. */
export type Http = {
  /**
   * One GET, redirects followed. Any status is a reply.
   * @throws HttpFailure
   */
  get(url: string, options: GetOptions): Promise<HttpReply>;
  /** Ends the open connections. */
  close(): Promise<void>;
};

type GetOptions = {
  readonly accept: string;
  readonly signal?: AbortSignal;
  /** Conditions and credentials, in lower case: not sent on to another origin after a redirect. */
  readonly headers?: { readonly [name: string]: string };
  /** Where less than usual will do. */
  readonly maxBytes?: number;
};

export type HttpLimits = {
  /** For one request with its redirects, to the last byte. */
  readonly totalMs: number;
  readonly maxBytes: number;
  readonly redirects: number;
};

const LIMITS: HttpLimits = { totalMs: 30_000, maxBytes: 20_000_000, redirects: 5 };
const KEPT_HEADERS = ['content-type', 'etag', 'last-modified', 'retry-after'];
const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * @param userAgent names the newsletter and how to reach who runs it
 * @param allowPrivate permits addresses that are not of the public Internet
 */
export function createHttp(options: {
  userAgent: string;
  allowPrivate: boolean;
  after: After;
  limits?: Partial<HttpLimits>;
}): Http {
  const limits = { ...LIMITS, ...options.limits };
  const agent = new Agent({ connect: guardedConnector(options.allowPrivate) });
  return {
    async get(url, { accept, signal, headers: own = {}, maxBytes = limits.maxBytes }) {
      const common = { 'user-agent': options.userAgent, accept, 'accept-encoding': 'gzip, br, deflate' };
      let at = url;
      const follow = async (stop: AbortSignal): Promise<HttpReply> => {
        for (let hops = 0; hops <= limits.redirects; hops++) {
          const headers = sameOrigin(at, url) ? { ...common, ...own } : common;
          const reply = await hop(agent, checked(at), headers, maxBytes, stop);
          if (typeof reply !== 'string') return reply;
          at = reply;
        }
        throw new HttpFailure('redirects', url, `more than ${limits.redirects} redirects`);
      };
      try {
        return await within({ after: options.after, limitMs: limits.totalMs }, signal, follow);
      } catch (error) {
        throw asFailure(error, at, signal);
      }
    },
    close: () => agent.destroy(),
  };
}

/** One exchange: the reply, or the address it points to. */
async function hop(
  agent: Agent,
  url: string,
  headers: Record<string, string>,
  maxBytes: number,
  signal: AbortSignal,
): Promise<HttpReply | string> {
  const answer = await request(url, { dispatcher: agent, headers, signal });
  const one = (name: string) => [answer.headers[name] ?? []].flat()[0];
  const location = one('location');
  if (REDIRECTS.includes(answer.statusCode) && location !== undefined) {
    answer.body.on('error', () => {}).destroy();
    if (!URL.canParse(location, url)) {
      throw new HttpFailure('redirects', url, 'a redirect to what is no address');
    }
    return new URL(location, url).href;
  }
  const body = await readBody(answer.body, one('content-encoding') ?? '', maxBytes);
  const kept = KEPT_HEADERS.flatMap((name) => {
    const value = one(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { status: answer.statusCode, headers: Object.fromEntries(kept), body, url };
}

function sameOrigin(left: string, right: string): boolean {
  return URL.canParse(left) && URL.canParse(right) && new URL(left).origin === new URL(right).origin;
}

function checked(url: string): string {
  if (!URL.canParse(url)) throw new HttpFailure('refused', url, 'not an address');
  const { protocol } = new URL(url);
  if (protocol === 'http:' || protocol === 'https:') return url;
  throw new HttpFailure('refused', url, `only http and https are read, not ${protocol}`);
}

function asFailure(error: unknown, url: string, signal: AbortSignal | undefined): HttpFailure {
  if (error instanceof HttpFailure) return error;
  if (error instanceof DeadlinePassed) return new HttpFailure('timeout', url, error.message);
  if (signal?.aborted) return new HttpFailure('stopped', url, 'stopped before its end', { cause: error });
  if (error instanceof AddressRefused) return new HttpFailure('refused', url, error.message);
  if (error instanceof BodyRefused) return new HttpFailure(error.kind, url, error.message);
  return new HttpFailure(codeOf(error).startsWith('Z_') ? 'encoding' : 'network', url, reasonOf(error), {
    cause: error,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function reasonOf(error: unknown): string {
  const message = messageOf(error);
  const code = codeOf(error instanceof AggregateError ? error.errors[0] : error) || codeOf(error);
  return message.includes(code) ? message || code : `${message} (${code})`;
}
