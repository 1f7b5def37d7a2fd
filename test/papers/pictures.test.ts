import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { previewIssue, previewMail } from '../../src/web/preview/preview-data.ts';
import { enrollSubscribers } from '../support/app.ts';
import { openNewsroom, runOnce } from '../support/newsroom.ts';
import { openPages } from '../support/pages.ts';

import { figure, openGallery } from './gallery.ts';

const PLACE = /https:\/\/papers\.example\.org\/thumbnails\/([0-9a-f]{64})\.jpg/g;

function frozen(app: App) {
  return previewIssue(app, app.languages(), '2026-08-19');
}

async function mailed(app: App): Promise<string> {
  return (await previewMail(app, app, await frozen(app))).html;
}

async function asked(app: App, path: string) {
  const answer = await openPages(app).web.request(path);
  return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
}

test('the first pick has its picture in the mail, and each pick on the pages, from our own origin and in our own bytes', async () => {
  await using room = await openGallery([await figure(700, 300), await figure(400, 400, 2)]);
  await enrollSubscribers(room.app, ['ada@example.org']);
  await runOnce(room.app);
  const issue = await frozen(room.app);
  const html = await mailed(room.app);
  const [first, second] = ['18001', '18002'].map((id) => issue.thumbnails?.[`arxiv:2608.${id}`]);
  expect(Object.keys(issue.thumbnails ?? {})).toHaveLength(2);
  expect(new Set([...html.matchAll(PLACE)].map(([, hash]) => hash))).toEqual(new Set([first]));
  expect(html).toMatch(/<img [^>]*width="560" height="294"/);
  expect(html).toMatch(/<img [^>]*alt="Figure of Made-up &quot;Findings&quot; &amp; &lt;more&gt;, part 1"/);
  const sent = room.relay.mails[0]?.raw.toString().replace(/=\r\n/g, '');
  expect(sent).toContain(`/thumbnails/${first}.jpg`);

  const pages = openPages(room.app);
  for (const path of ['/', '/issues/2026-08-19']) {
    const { text } = await pages.get(path);
    for (const shown of [first, second]) expect(text).toContain(`src="/thumbnails/${shown}.jpg"`);
    expect(text).not.toContain('/pictures/');
  }
  expect(html).not.toContain('/pictures/');
  const { answer, bytes } = await asked(room.app, `/thumbnails/${first}.jpg`);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'image/jpeg',
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'cross-origin',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
  });
  expect(bytes.byteLength).toBeLessThanOrEqual(60_000);
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 1200, height: 630 });
  // A subscriber who chose other picks may have the second one first.
  expect((await asked(room.app, `/thumbnails/${second}.jpg`)).answer.status).toBe(200);
});

test('what is previewed is what is sent, though the picture changes at its source', async () => {
  await using room = await openGallery([await figure(700, 300)]);
  await runOnce(room.app);
  const before = await mailed(room.app);
  room.feeds.state.pictures['/pictures/0.png'] = await figure(700, 300, 7);
  await enrollSubscribers(room.app, ['ada@example.org']);
  await runOnce(room.app);
  expect(room.feeds.state.picturesAsked).toEqual(['/pictures/0.png']);
  expect(await mailed(room.app)).toBe(before);
  expect(before).toMatch(PLACE);
});

test('even noise is made small enough', async () => {
  await using room = await openGallery([await figure(1200, 630, 3, true)]);
  await runOnce(room.app);
  const issue = await frozen(room.app);
  const [hash] = Object.values(issue.thumbnails ?? {});
  const { bytes } = await asked(room.app, `/thumbnails/${hash}.jpg`);
  expect(bytes.byteLength).toBeLessThanOrEqual(60_000);
});

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><rect width="9" height="9"/></svg>';
/** A PNG that says it has 60,000 by 60,000 pixels, in a few bytes. */
async function bomb(): Promise<Buffer> {
  const honest = await figure(300, 300);
  honest.writeUInt32BE(60_000, 16);
  honest.writeUInt32BE(60_000, 20);
  return honest;
}

test.each([
  ['is not there', async () => undefined],
  ['is empty', async () => Buffer.alloc(0)],
  ['is no picture', async () => Buffer.from('<!doctype html><title>Sign in</title>')],
  ['is SVG', async () => Buffer.from(SVG)],
  ['is cut off', async () => (await figure(1200, 630, 5, true)).subarray(0, 20_000)],
  ['is a decompression bomb', bomb],
  ['is too big to be read', async () => Buffer.concat([await figure(600, 300), Buffer.alloc(9_000_000)])],
  ['is a pixel', async () => figure(1, 1)],
])('an issue goes out without a picture when it %s', async (_, make) => {
  await using room = await openGallery([await make()]);
  await enrollSubscribers(room.app, ['ada@example.org']);
  await runOnce(room.app);
  expect((await frozen(room.app)).thumbnails).toBeUndefined();
  expect(room.relay.mails).toHaveLength(1);
  expect(room.app.logged.filter((line) => line.startsWith('no thumbnail: '))).toHaveLength(1);
  expect((await openPages(room.app).get('/')).text).not.toContain('class="thumbnail"');
});

test('nothing is fetched or shown unless it is switched on', async () => {
  await using room = await openGallery([await figure(700, 300)], { THUMBNAILS: 'off' });
  await runOnce(room.app);
  expect(room.feeds.state.picturesAsked).toEqual([]);
  expect((await frozen(room.app)).thumbnails).toBeUndefined();
  expect(await mailed(room.app)).not.toContain('<img');
});

test('a picture that its authors put up comes before the card of the site, and a film is left out', async () => {
  await using room = await openGallery([await figure(700, 300)]);
  const { base, state } = room.feeds;
  state.pictures['/pictures/own.png'] = await figure(500, 300, 9);
  const [first] = state.days['2026-08-18'] ?? [];
  if (first) first.paper.mediaUrls = [`${base}/pictures/film.mp4`, `${base}/pictures/own.png`];
  await runOnce(room.app);
  expect(state.picturesAsked).toEqual(['/pictures/own.png']);
});

test('a name that is no hash, or of nothing, leads to nothing', async () => {
  await using room = await openNewsroom();
  for (const name of [`${'0'.repeat(64)}.jpg`, 'a.jpg', `${'0'.repeat(64)}.png`, '..%2f..%2fetc%2fpasswd'])
    expect((await asked(room.app, `/thumbnails/${name}`)).answer.status).toBe(404);
});
