import { type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { Config } from '../../config/load.ts';
import { guardedConnector } from './address-guard.ts';

/** The proxies of the settings, as every program on a network with proxies has them. */
export type Proxies = Partial<Pick<Config, 'HTTP_PROXY' | 'HTTPS_PROXY' | 'NO_PROXY'>>;

/**
 * What requests go out through: the proxies, where some are set, and otherwise connections of our own, which keep away
 * from private addresses. Where a proxy stands between, it looks up the names, and so it decides what they lead to.
 */
export function createHttpDispatcher(allowPrivate: boolean, proxies: Proxies = {}): Dispatcher {
  return new EnvHttpProxyAgent({
    // An empty text, and not its absence, keeps undici from the environment.
    httpProxy: proxies.HTTP_PROXY ?? '',
    httpsProxy: proxies.HTTPS_PROXY ?? '',
    noProxy: proxies.NO_PROXY ?? '',
    connect: guardedConnector(allowPrivate),
  });
}

/** Who reaches the network for us, for the log; `undefined` when nobody does. */
export function proxyNames({ HTTP_PROXY, HTTPS_PROXY }: Proxies): string | undefined {
  const names = [HTTPS_PROXY, HTTP_PROXY].flatMap((url) => (url === undefined ? [] : [new URL(url).host]));
  return names.length === 0 ? undefined : [...new Set(names)].join(' and ');
}
