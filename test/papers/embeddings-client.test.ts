import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { embed, endpoint } from '../../src/papers/embeddings-client.ts';
import { movingClock, NO_LIMIT } from '../support/clock.ts';
import { scriptedServer } from '../support/scripted-server.ts';

test('asks batch by batch with model and key, and puts the answers in the order of the texts', async () => {
  const bodies: { model: string; input: string[] }[] = [];
  await using server = await scriptedServer(async (request, response) => {
    const body = JSON.parse(await text(request));
    bodies.push(body);
    const data = body.input.map((one: string, index: number) => ({ index, embedding: [one.length, 1] }));
    response.end(JSON.stringify({ data: data.reverse() }));
  });
  const options = { url: `${server.url}/v1/`, model: 'small', key: 'k-1', batch: 2, after: NO_LIMIT };
  const embedded = await embed(['a', 'bb', 'ccc'], options);
  expect(embedded).toEqual({
    ok: true,
    vectors: [Float32Array.of(1, 1), Float32Array.of(2, 1), Float32Array.of(3, 1)],
  });
  expect(bodies.map(({ model, input }) => [model, input])).toEqual([
    ['small', ['a', 'bb']],
    ['small', ['ccc']],
  ]);
  expect(server.paths()).toEqual(['/v1/embeddings', '/v1/embeddings']);
  expect(server.asked[0]?.headers.authorization).toBe('Bearer k-1');
});

test('takes the whole address too', () => {
  expect(endpoint('https://api.example.com/v1/embeddings')).toBe('https://api.example.com/v1/embeddings');
  expect(endpoint('https://api.example.com')).toBe('https://api.example.com/embeddings');
});

const one = (embedding: unknown, index = 0) => JSON.stringify({ data: [{ index, embedding }] });
test.each([
  ['a status that is not 200', 401, 'wrong key k-1', 'status 401'],
  ['a redirect', 302, '', 'status 302'],
  ['what is no JSON', 200, '<html>', 'the answer holds no embeddings'],
  ['a shape of its own', 200, one('AAAA'), 'the answer holds no embeddings'],
  ['too few', 200, one([1], 3), 'no embedding of text 1 of 1'],
])('says in one sentence that %s is no answer, without the key', async (_, status, body, reason) => {
  await using server = await scriptedServer((_, response) => {
    response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(body);
  });
  const embedded = await embed(['a'], { url: server.url, model: 'm', key: 'k-1', after: NO_LIMIT });
  expect(embedded).toEqual({ ok: false, reason: `POST ${server.url}/embeddings: ${reason}` });
});

test('gives up on a service that does not answer in time, or is not there', async () => {
  let url = '';
  {
    const time = movingClock(0);
    await using server = await scriptedServer(() => time.advance(50));
    url = server.url;
    const slow = await embed(['a'], { url, model: 'm', timeoutMs: 50, after: time.after });
    expect(slow).toEqual({ ok: false, reason: `POST ${url}/embeddings: no end after 0.05 s` });
  }
  expect(await embed(['a'], { url, model: 'm', after: NO_LIMIT })).toMatchObject({ ok: false });
});

test('nothing to embed asks nobody', async () => {
  expect(await embed([], { url: 'http://127.0.0.1:1', model: 'm', after: NO_LIMIT })).toEqual({
    ok: true,
    vectors: [],
  });
});
