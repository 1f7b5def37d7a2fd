// Run by fetch.ts as a process of its own, so that its memory and its work are not counted as the fetcher's.
// Arguments: how many feeds, bytes of each, milliseconds before each answer.
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOSTILE, hostileFeed } from './hostile-feeds.ts';
import { plainFeed } from './made-up.ts';

const [count = 30, bytes = 1e6, delayMs = 300] = process.argv.slice(2).map(Number);
const feeds = Array.from({ length: count }, (_, index) => Buffer.from(plainFeed(bytes, index + 1)));
const sockets = new Set<Socket>();

const server = createServer(async (request, response) => {
  const path = request.url ?? '';
  // What has gone over the wire until now, heads included.
  if (path === '/moved') {
    const sent = [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
    return void response.end(String(sent));
  }
  const hostile = HOSTILE.find((kind) => path === `/hostile/${encodeURIComponent(kind)}`);
  const feed = hostile
    ? Buffer.from(hostileFeed(hostile))
    : feeds[Number(/^\/feed\/(\d+)$/.exec(path)?.[1] ?? -1)];
  const etag = `"made-up-${path}"`;
  await sleep(delayMs);
  if (feed === undefined) response.writeHead(404).end();
  else if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
  else response.writeHead(200, { etag, 'content-type': 'application/rss+xml' }).end(feed);
});
server.on('connection', (socket) => sockets.add(socket));
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
