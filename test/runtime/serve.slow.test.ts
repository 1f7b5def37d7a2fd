import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { listen } from '../../src/runtime/serve.ts';
import { openTestApp } from '../support/app.ts';
import { openWeb } from '../support/pages.ts';

const NEVER = new AbortController().signal;

async function openServer(arrivalLimit: number) {
  const app = await openTestApp();
  const listening = await listen(openWeb(app), '127.0.0.1', 0, arrivalLimit);
  return {
    app,
    listening,
    async [Symbol.asyncDispose]() {
      await listening.close();
      await app.close();
    },
  };
}

function head(port: number, length: number): string {
  const lines = ['POST /subscribe HTTP/1.1', `Host: 127.0.0.1:${port}`, `Content-Length: ${length}`];
  return [...lines, 'Content-Type: application/x-www-form-urlencoded', '', ''].join('\r\n');
}

test('a body of 10 MB is refused by its announced length, and none of it is read', async () => {
  await using server = await openServer(10_000);
  const socket = connect(server.listening.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(head(server.listening.port, 10 * 1024 * 1024));
  const [answer] = await once(socket, 'data', { signal: NEVER });
  expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /);
  socket.destroy();
});

test('a body of 10 MB without a length is refused as soon as it is too long', async () => {
  await using server = await openServer(10_000);
  const url = `http://127.0.0.1:${server.listening.port}/subscribe`;
  let sent = 0;
  const body = new ReadableStream({
    pull: (stream) => {
      sent += 16_384;
      stream.enqueue(new Uint8Array(16_384).fill(97));
      if (sent >= 10 * 1024 * 1024) stream.close();
    },
  });
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', headers, body, duplex: 'half' };
  const answer = await fetch(url, init).catch(() => undefined);
  // Either the refusal arrives, or the connection ends under what is still being sent.
  if (answer) expect(answer.status).toBe(413);
  expect(sent).toBeLessThan(10 * 1024 * 1024);
  expect(await server.app.store.db.selectFrom('signups').selectAll().execute()).toEqual([]);
});

test('a body that comes a byte at a time is cut off, and others are answered meanwhile', async () => {
  await using server = await openServer(1500);
  const socket = connect(server.listening.port, '127.0.0.1');
  let answer = '';
  // To write to a connection that was cut is an error, and `once` would reject for it.
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('data', (data) => {
    answer += data;
  });
  socket.write(`${head(server.listening.port, 100)}email=`);
  const drip = setInterval(() => socket.write('a'), 20);
  const page = await fetch(`http://127.0.0.1:${server.listening.port}/subscribe`);
  expect(page.status).toBe(200);
  await closed;
  clearInterval(drip);
  expect(answer).toMatch(/^(HTTP\/1\.1 408 |$)/);
});
