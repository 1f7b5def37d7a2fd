import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { createHttp } from '../../../src/sources/http/http.ts';
import { HttpFailure } from '../../../src/sources/http/http-failure.ts';
import { movingClock, NO_LIMIT } from '../../support/clock.ts';
import { scriptedServer } from '../../support/scripted-server.ts';

const open = createHttp({ userAgent: 'Offprint (test)', allowPrivate: true, after: NO_LIMIT });
const time = movingClock(0);
const limits = { totalMs: 150, maxBytes: 100_000 };
const quick = createHttp({ userAgent: 'x', allowPrivate: true, after: time.after, limits });
const guarded = createHttp({ userAgent: 'x', allowPrivate: false, after: NO_LIMIT });
const accept = '*/*';
afterAll(() => Promise.all([open.close(), quick.close(), guarded.close()]));

async function failureOf(work: Promise<unknown>): Promise<HttpFailure> {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof HttpFailure)) throw new Error(`expected an HttpFailure, got ${error}`);
  return error;
}

describe('a request', () => {
  test('says who asks and gives back what was answered, whatever the status', async () => {
    await using server = await scriptedServer((_, response) => {
      response.writeHead(404, { 'content-type': 'text/plain', etag: '"1"', 'set-cookie': 'a=b' }).end('gone');
    });
    const reply = await open.get(`${server.url}/a`, { accept: 'text/html' });
    expect(reply).toEqual({
      status: 404,
      headers: { 'content-type': 'text/plain', etag: '"1"' },
      body: Buffer.from('gone'),
      url: `${server.url}/a`,
    });
    expect(server.asked[0]?.headers).toMatchObject({ 'user-agent': 'Offprint (test)', accept: 'text/html' });
  });

  const codings = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync };
  for (const [coding, compress] of Object.entries(codings)) {
    test(`reads ${coding}`, async () => {
      await using server = await scriptedServer((_, response) => {
        response.writeHead(200, { 'content-encoding': coding }).end(compress('papers'));
      });
      expect((await open.get(server.url, { accept })).body.toString()).toBe('papers');
    });
  }

  test('reads a bare deflate, several codings and a charset in place of a coding', async () => {
    const bodies: { [path: string]: [coding: string, body: Buffer] } = {
      '/bare': ['deflate', deflateRawSync('papers')],
      '/twice': ['gzip, gzip', gzipSync(gzipSync('papers'))],
      '/mixed': ['br, GZIP', gzipSync(brotliCompressSync('papers'))],
      '/charset': ['UTF-8', Buffer.from('papers')],
    };
    await using server = await scriptedServer(({ url = '' }, response) => {
      const [coding = '', body] = bodies[url] ?? [];
      response.writeHead(200, { 'content-encoding': coding }).end(body);
    });
    for (const path of Object.keys(bodies))
      expect((await open.get(server.url + path, { accept })).body.toString()).toBe('papers');
  });

  test('reads a file .gz, and counts what is in it', async () => {
    await using server = await scriptedServer(({ url }, response) => {
      const body = url === '/bomb' ? Buffer.alloc(5_000_000) : 'papers';
      response.writeHead(200, { 'content-type': 'application/x-gzip' }).end(gzipSync(body));
    });
    expect((await open.get(server.url, { accept })).body.toString()).toBe('papers');
    expect((await failureOf(quick.get(`${server.url}/bomb`, { accept }))).kind).toBe('size');
  });

  test('says of a broken deflate that it cannot be read, and so of too many codings', async () => {
    await using server = await scriptedServer(({ url }, response) => {
      const coding = url === '/a' ? 'deflate' : 'gzip,gzip,gzip,gzip';
      response.writeHead(200, { 'content-encoding': coding }).end('\xff not deflate');
    });
    for (const path of ['/a', '/b'])
      expect((await failureOf(open.get(server.url + path, { accept }))).kind).toBe('encoding');
  });

  test('says of a broken or unknown coding that it cannot be read', async () => {
    await using server = await scriptedServer(({ url }, response) => {
      response.writeHead(200, { 'content-encoding': url === '/a' ? 'gzip' : 'rot13' }).end('not gzip');
    });
    expect((await failureOf(open.get(`${server.url}/a`, { accept }))).kind).toBe('encoding');
    expect((await failureOf(open.get(`${server.url}/b`, { accept }))).message).toContain('rot13');
  });

  test('takes no more than the cap, however small it came', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    await using server = await scriptedServer((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    const failure = await failureOf(open.get(server.url, { accept }));
    expect(failure.kind).toBe('size');
    expect(failure.message).toBe(`GET ${server.url}/: more than 20 MB, decompressed`);
  });

  test('takes no more than the cap of a body that never ends', async () => {
    await using server = await scriptedServer((_, response) => {
      const pour = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_000)));
      };
      response.on('drain', pour);
      pour();
    });
    expect((await failureOf(quick.get(server.url, { accept }))).kind).toBe('size');
  });

  test('waits no longer than the limit for a server that is silent, or gives a byte at a time', async () => {
    await using server = await scriptedServer(({ url }, response) => {
      if (url === '/silent') return time.advance(150);
      const drip = () => {
        time.advance(50);
        if (!response.destroyed) response.write('x', () => setImmediate(drip));
      };
      drip();
    });
    for (const path of ['/silent', '/drip']) {
      const failure = await failureOf(quick.get(server.url + path, { accept }));
      expect(failure.kind).toBe('timeout');
      expect(failure.message).toContain('no end after 0.15 s');
    }
  });

  test('ends at once when it is stopped', async () => {
    const stop = new AbortController();
    await using server = await scriptedServer(() => stop.abort());
    expect((await failureOf(open.get(server.url, { accept, signal: stop.signal }))).kind).toBe('stopped');
    expect((await failureOf(open.get(server.url, { accept, signal: stop.signal }))).kind).toBe('stopped');
    expect(server.asked).toHaveLength(1);
  });

  test('names what broke the connection', async () => {
    await using server = await scriptedServer((request) => request.socket.destroy());
    expect((await failureOf(open.get(server.url, { accept }))).kind).toBe('network');
    const refused = await failureOf(open.get('http://127.0.0.1:1/', { accept }));
    expect(refused.message).toContain('ECONNREFUSED');
  });

  test('shows no password in what it says', async () => {
    const failure = await failureOf(open.get('http://me:secret@127.0.0.1:1/x', { accept }));
    expect(failure.message).toMatch(/^GET http:\/\/127\.0\.0\.1:1\/x: /);
  });
});

describe('a redirect', () => {
  test('is followed five times and no more', async () => {
    await using server = await scriptedServer(({ url }, response) => {
      const left = Number(url?.slice(1));
      if (left === 0) response.end('here');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    expect(await open.get(`${server.url}/5`, { accept })).toMatchObject({
      url: `${server.url}/0`,
      status: 200,
    });
    const failure = await failureOf(open.get(`${server.url}/6`, { accept }));
    expect(failure.kind).toBe('redirects');
    expect(failure.message).toBe(`GET ${server.url}/6: more than 5 redirects`);
    expect(server.asked).toHaveLength(12);
  });

  test('keeps the cookies of its way, and only of that', async () => {
    await using login = await scriptedServer(({ url = '' }, response) => {
      const back = new URL(url, 'http://x').searchParams.get('back');
      response.writeHead(302, { location: `${back}?code=1`, 'set-cookie': 'session=1; Path=/' }).end();
    });
    await using journal = await scriptedServer(({ url = '', headers }, response) => {
      if (/entered=yes/.test(headers.cookie ?? '')) response.end('feed');
      else if (url.includes('code='))
        response.writeHead(302, { location: '/feed', 'set-cookie': 'entered=yes; Path=/; HttpOnly' }).end();
      else response.writeHead(302, { location: `${login.url}/?back=${journal.url}/feed` }).end();
    });
    for (const _ of [1, 2])
      expect((await open.get(`${journal.url}/feed`, { accept })).body.toString()).toBe('feed');
    expect(journal.asked).toHaveLength(6);
  });

  test('takes credentials to the origin that they are for, and to no other', async () => {
    await using other = await scriptedServer((_, response) => response.end('public'));
    await using own = await scriptedServer(({ url }, response) => {
      if (url?.startsWith('/a')) response.writeHead(302, { location: '/b' }).end();
      else response.writeHead(302, { location: `${other.url}/c` }).end();
    });
    const credentials = { headers: { authorization: 'Bearer s3cret' }, query: { api_key: 'k3y' } };
    await open.get(`${own.url}/a?x=1`, { accept, credentials });
    expect(own.asked.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/a?x=1&api_key=k3y', 'Bearer s3cret'],
      ['/b?api_key=k3y', 'Bearer s3cret'],
    ]);
    expect(other.asked[0]?.url).toBe('/c');
    expect(other.asked[0]?.headers.authorization).toBeUndefined();
  });

  test('leads to an address without its user name, and shows no key that it repeats', async () => {
    await using server = await scriptedServer(({ url }, response) => {
      if (url === '/end') response.end('here');
      else response.writeHead(302, { location: `http://me:pw@127.0.0.1:${server.port}/end` }).end();
    });
    expect((await open.get(server.url, { accept })).url).toBe(`${server.url}/end`);
    const failure = await failureOf(open.get('http://127.0.0.1:1/x?api_key=k3y&q=1', { accept }));
    expect(failure.message).not.toContain('k3y');
  });

  for (const location of [
    'file:///etc/passwd',
    'ftp://a.example/',
    'data:text/plain,x',
    'javascript:alert(1)',
  ]) {
    test(`to ${location} is refused`, async () => {
      await using server = await scriptedServer((_, response) => {
        response.writeHead(302, { location }).end();
      });
      const failure = await failureOf(open.get(server.url, { accept }));
      expect(failure.kind).toBe('refused');
      expect(failure.message).toContain('only http and https');
    });
  }
});

describe('an address that is not public', () => {
  const literals = [
    '127.0.0.1',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '[::1]',
    '[::]',
    '[fe80::1]',
    '[fd00::1]',
    '[ff02::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:a9fe:a9fe]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
  ];
  for (const literal of literals) {
    test(`is not connected to as ${literal}`, async () => {
      const failure = await failureOf(guarded.get(`http://${literal}/`, { accept }));
      expect(failure.kind).toBe('refused');
      expect(failure.message).toContain('not a public address');
    });
  }

  test('is not connected to under a name, http or https', async () => {
    await using server = await scriptedServer((_, response) => response.end('secret'));
    for (const scheme of ['http', 'https']) {
      const failure = await failureOf(guarded.get(`${scheme}://localhost:${server.port}/`, { accept }));
      expect(failure.kind).toBe('refused');
      expect(failure.message).toMatch(/localhost is (127\.0\.0\.1|::1), which is not a public address/);
    }
    expect(server.asked).toEqual([]);
  });
});
