import { expect, test } from 'vitest';
import { createHttp } from '../../../src/sources/http/http.ts';
import { HttpFailure } from '../../../src/sources/http/http-failure.ts';
import { proxyNames } from '../../../src/sources/http/proxies.ts';
import { NO_LIMIT } from '../../support/clock.ts';
import { scriptedServer } from '../../support/scripted-server.ts';

const accept = '*/*';

function httpThrough(proxies: Parameters<typeof createHttp>[0]['proxies'], allowPrivate = false) {
  const http = createHttp({ userAgent: 'x', allowPrivate, after: NO_LIMIT, proxies: proxies ?? {} });
  return { ...http, [Symbol.asyncDispose]: () => http.close() };
}

test('a request goes through the proxy with its password, which looks up the name', async () => {
  await using proxy = await scriptedServer(({ url }, response) => response.end(`for ${url}`));
  await using http = httpThrough({ HTTP_PROXY: `http://me:s3cret@127.0.0.1:${proxy.port}` });
  const reply = await http.get('http://journal.example/feed?a=1', { accept });
  expect(reply.body.toString()).toBe('for http://journal.example/feed?a=1');
  expect(proxy.asked[0]?.headers['proxy-authorization']).toBe(
    `Basic ${Buffer.from('me:s3cret').toString('base64')}`,
  );
});

test('a tunnel is asked for where the address is https', async () => {
  await using proxy = await scriptedServer((_, response) => response.end());
  const asked: (string | undefined)[] = [];
  proxy.onConnect((request, socket) => {
    asked.push(request.url);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await using http = httpThrough({ HTTPS_PROXY: proxy.url });
  const failure = await http.get('https://journal.example/feed', { accept }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(HttpFailure);
  expect((failure as HttpFailure).message).toContain('403');
  expect(asked).toEqual(['journal.example:443']);
});

test('hosts of NO_PROXY are reached without it, and the guard looks at them', async () => {
  await using proxy = await scriptedServer((_, response) => response.end('proxied'));
  await using own = await scriptedServer((_, response) => response.end('direct'));
  const proxies = { HTTP_PROXY: proxy.url, NO_PROXY: 'localhost, 127.0.0.1' };
  await using open = httpThrough(proxies, true);
  expect((await open.get(own.url, { accept })).body.toString()).toBe('direct');
  await using guarded = httpThrough(proxies);
  const asked = guarded.get(`http://localhost:${own.port}/`, { accept });
  await expect(asked).rejects.toMatchObject({ kind: 'refused' });
  expect(proxy.asked).toEqual([]);
});

test('an address that is not public is not asked of a proxy either', async () => {
  await using proxy = await scriptedServer((_, response) => response.end('inside'));
  await using http = httpThrough({ HTTP_PROXY: proxy.url });
  for (const host of ['169.254.169.254', '[::1]', '10.0.0.1'])
    await expect(http.get(`http://${host}/`, { accept })).rejects.toMatchObject({ kind: 'refused' });
  expect(proxy.asked).toEqual([]);
});

test('a proxy is named without its password', () => {
  expect(proxyNames({})).toBeUndefined();
  const both = { HTTPS_PROXY: 'http://me:pw@a.example:3128', HTTP_PROXY: 'http://a.example:3128' };
  expect(proxyNames(both)).toBe('a.example:3128');
});
