import { publicUrl } from './credentials.ts';

/**
 * `refused`: an address or protocol we do not talk to. `network`: no connection, or it broke.
 * `redirects`: more than allowed. `size`: the body is over the cap. `encoding`: it cannot be decompressed.
 * `resting`: the host has asked us to stay away for a while. `status`: an answer of 400 or more, or one that is no answer (204, 304). `stopped`: the caller ended it.
 */
export type HttpFailureKind =
  | 'refused'
  | 'network'
  | 'timeout'
  | 'redirects'
  | 'size'
  | 'encoding'
  | 'resting'
  | 'status'
  | 'stopped';

/** One request that gave nothing to read; the message says what happened, with method and address. */
export class HttpFailure extends Error {
  readonly kind: HttpFailureKind;
  readonly status: number | undefined;
  /** The server's Retry-After in milliseconds, when it gave one. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: HttpFailureKind,
    url: string,
    what: string,
    options: { cause?: unknown; status?: number; retryAfterMs?: number | undefined } = {},
  ) {
    super(`GET ${publicUrl(url)}: ${what}`, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'HttpFailure';
    this.kind = kind;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}
