import { CookieJar } from 'tough-cookie';
import { type Dispatcher, request } from 'undici';
import { messageOf } from '../../domain/failure.ts';
import type { After } from '../../domain/time.ts';
import { AddressRefused, refuseLiteral } from './address-guard.ts';
import { BodyRefused, readBody } from './body.ts';
import { type Credentials, withQuery } from './credentials.ts';
import { DeadlinePassed, within } from './deadline.ts';
import { HttpFailure } from './http-failure.ts';
import { createHttpDispatcher, type Proxies } from './proxies.ts';

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
  /** In lower case: not sent on to another origin after a redirect, as credentials are not. */
  readonly headers?: { readonly [name: string]: string };
  readonly credentials?: Credentials;
  /** Where less than usual will do. */
  readonly maxBytes?: number;
  /** How many redirects are followed, if fewer than usual. */
  readonly redirects?: number;
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
  proxies?: Proxies;
  limits?: Partial<HttpLimits>;
}): Http {
  const limits = { ...LIMITS, ...options.limits };
  const dispatcher = createHttpDispatcher(options.allowPrivate, options.proxies);
  return {
    async get(
      url,
      {
        accept,
        signal,
        headers = {},
        credentials = {},
        maxBytes = limits.maxBytes,
        redirects = limits.redirects,
      },
    ) {
      const common = { 'user-agent': options.userAgent, accept, 'accept-encoding': 'gzip, br, deflate' };
      const chain: Chain = { first: url, common, headers, credentials, cookies: new CookieJar() };
      let at = url;
      const follow = async (stop: AbortSignal): Promise<HttpReply> => {
        for (let hops = 0; hops <= redirects; hops++) {
          checkAddress(at, options.allowPrivate);
          const reply = await hop(dispatcher, chain, at, maxBytes, stop);
          if (typeof reply !== 'string') return reply;
          at = reply;
        }
        throw new HttpFailure('redirects', url, `more than ${redirects} redirects`);
      };
      try {
        return await within({ after: options.after, limitMs: limits.totalMs }, signal, follow);
      } catch (error) {
        throw asFailure(error, at, signal);
      }
    },
    close: () => dispatcher.destroy(),
  };
}

/** One request with its redirects: cookies live as long as that. */
type Chain = Required<Pick<GetOptions, 'headers' | 'credentials'>> & {
  readonly first: string;
  readonly common: { readonly [name: string]: string };
  readonly cookies: CookieJar;
};

/** One exchange: the reply, or the address it points to. */
async function hop(
  dispatcher: Dispatcher,
  chain: Chain,
  url: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<HttpReply | string> {
  const { address, headers } = asked(chain, url);
  const answer = await request(address, { dispatcher, headers, signal });
  for (const cookie of [answer.headers['set-cookie'] ?? []].flat())
    chain.cookies.setCookieSync(cookie, url, { ignoreError: true });
  const one = (name: string) => [answer.headers[name] ?? []].flat()[0];
  const location = one('location');
  if (REDIRECTS.includes(answer.statusCode) && location !== undefined) {
    answer.body.on('error', () => {}).destroy();
    return nextAddress(location, url, chain.credentials);
  }
  const body = await readBody(answer.body, one('content-encoding') ?? '', maxBytes);
  const kept = KEPT_HEADERS.flatMap((name) => {
    const value = one(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { status: answer.statusCode, headers: Object.fromEntries(kept), body, url };
}

/** What is sent to an address of the chain: what is for the first one's origin goes to no other. */
function asked({ first, common, headers, credentials, cookies }: Chain, url: string) {
  const isOwn = sameOrigin(url, first);
  const own = isOwn ? { ...common, ...headers, ...credentials.headers } : common;
  const cookie = [isOwn && credentials.headers?.cookie, cookies.getCookieStringSync(url)]
    .filter(Boolean)
    .join('; ');
  return {
    address: isOwn ? withQuery(url, credentials) : url,
    headers: { ...own, ...(cookie !== '' && { cookie }) },
  };
}

/** Without a user name and password, or our own key, that the server puts into it. */
function nextAddress(location: string, url: string, { query = {} }: Credentials): string {
  if (!URL.canParse(location, url))
    throw new HttpFailure('redirects', url, 'a redirect to what is no address');
  const next = new URL(location, url);
  next.username = '';
  next.password = '';
  for (const name of Object.keys(query)) if (next.searchParams.has(name)) next.searchParams.delete(name);
  return next.href;
}

function sameOrigin(left: string, right: string): boolean {
  return URL.canParse(left) && URL.canParse(right) && new URL(left).origin === new URL(right).origin;
}

function checkAddress(url: string, allowPrivate: boolean): void {
  if (!URL.canParse(url)) throw new HttpFailure('refused', url, 'not an address');
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new HttpFailure('refused', url, `only http and https are read, not ${protocol}`);
  // A proxy would connect to it without a word.
  if (!allowPrivate) refuseLiteral(hostname);
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
