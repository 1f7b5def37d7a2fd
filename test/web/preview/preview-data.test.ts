import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findDeadLinks } from '../../../src/runtime/preview-server.ts';
import { previewIssue, previewMail, previewSubscriber } from '../../../src/web/preview/preview-data.ts';
import { findChromium, writePreview } from '../../../src/web/preview/preview-files.ts';
import { enrollSubscribers, openTestApp, tempFolder } from '../../support/app.ts';
import { NEVER, openNewsroom, runOnce } from '../../support/newsroom.ts';

test("the preview of a reader's mail is what they are sent, byte for byte but for the date", async () => {
  await using room = await openNewsroom({}, { realMails: true });
  await enrollSubscribers(room.app, ['ada@example.org']);
  await runOnce(room.app);
  const issue = await previewIssue(room.app, room.app.languages(), '2026-08-19');
  const subscriber = await previewSubscriber(room.app, issue, 'ada@example.org');
  const { raw, subject } = await previewMail(room.app, room.app, issue, { subscriber });
  const undated = (mail: Uint8Array | undefined) =>
    Buffer.from(mail ?? [])
      .toString()
      .replace(/^Date: .*$/m, '')
      .trim();
  expect(undated(raw)).toBe(undated(room.relay.mails[0]?.raw));
  expect(subject).toBe(issue.subject);
  for (const theme of ['plain', 'card'] as const) {
    expect((await previewMail(room.app, room.app, issue, { subscriber, theme })).html).not.toBe(
      (await previewMail(room.app, room.app, issue, { subscriber })).html,
    );
  }
});

test('a reader or an issue that there is not is named', async () => {
  await using room = await openNewsroom();
  const { issue } = (await runOnce(room.app)).issue;
  if (issue === undefined) throw new Error('no issue');
  await expect(previewSubscriber(room.app, issue, 'nobody@example.org')).rejects.toMatchObject({
    code: 'SUBSCRIBER_UNKNOWN',
  });
  await expect(previewIssue(room.app, room.app.languages(), '2020-01-01')).rejects.toMatchObject({
    code: 'ISSUE_UNKNOWN',
  });
});

test('a preview is written as the message and its two parts', async () => {
  using folder = tempFolder();
  await using room = await openNewsroom({}, { realMails: true });
  await runOnce(room.app);
  const mail = await previewMail(
    room.app,
    room.app,
    await previewIssue(room.app, room.app.languages(), '2026-08-19'),
  );
  await writePreview(mail, folder.path, 'shot', undefined);
  expect(readdirSync(folder.path).sort()).toEqual(['shot.eml', 'shot.html', 'shot.txt']);
  expect(readFileSync(join(folder.path, 'shot.eml')).equals(Buffer.from(mail.raw))).toBe(true);
  expect(readFileSync(join(folder.path, 'shot.txt'), 'utf8')).toBe(mail.text);
  expect(findChromium(folder.path)).toBeUndefined();
});

test('links are asked for once each, those that fail are named, and our own are left alone', async () => {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    if (url === '/moved') response.writeHead(301, { location: '/good' }).end();
    else response.writeHead(url.startsWith('/good') ? 200 : Number(url.slice(1))).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await using app = await openTestApp();
  const gone = await closedPort();
  const links = [
    ...['/good', '/good', '/good?a&#x3D;1&amp;b', '/moved', '/404', '/500'].map((path) => `${base}${path}`),
    `http://127.0.0.1:${gone}/`,
    'mailto:leave@example.org',
    'https://papers.example.org/unsubscribe/7.token',
  ];
  const html = links.map((url) => `<a href="${url}">x</a>`).join('\n');
  const dead = await findDeadLinks(app, html, NEVER);
  server.closeAllConnections();
  server.close();
  expect(Object.fromEntries(dead)).toEqual({
    [`${base}/404`]: 'answers 404',
    [`${base}/500`]: 'answers 500',
    [`http://127.0.0.1:${gone}/`]: expect.stringContaining('ECONNREFUSED'),
    'mailto:leave@example.org': expect.stringContaining('only http and https'),
  });
  expect(asked.sort()).toEqual(['/404', '/500', '/good', '/good', '/good?a=1&b', '/moved']);
});

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
