import { request } from 'undici';
import type { After } from '../domain/time.ts';
import { createHttpDispatcher, type Proxies } from '../sources/http/proxies.ts';

/** Posts a text once; redirects are not followed. */
export type Post = {
  readonly send: (
    url: string,
    body: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<number>;
  readonly close: () => Promise<void>;
};

const TOTAL_MS = 10_000;

/**
 * What goes out to addresses that an operator has set. It keeps away from the same addresses as what reads feeds.
 * `send` gives the status; the answer's body is not read.
 */
export function createPost(options: {
  readonly userAgent: string;
  readonly allowPrivate: boolean;
  readonly after: After;
  readonly proxies: Proxies;
}): Post {
  const dispatcher = createHttpDispatcher(options.allowPrivate, options.proxies);
  return {
    send: async (url, body, headers, signal) => {
      const answer = await request(url, {
        method: 'POST',
        dispatcher,
        body,
        headers: { 'user-agent': options.userAgent, 'content-type': 'application/json', ...headers },
        signal: AbortSignal.any([signal, options.after(TOTAL_MS)]),
      });
      answer.body.on('error', () => {}).destroy();
      return answer.statusCode;
    },
    close: () => dispatcher.destroy(),
  };
}
