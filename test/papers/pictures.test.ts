import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { WORK_HERE } from '../../src/app.ts';
import { makeThumbnail } from '../../src/papers/picture.ts';
import { thumbnailsApart } from '../../src/runtime/limited/thumbnails-apart.ts';
import { previewIssue, previewMail } from '../../src/web/preview/preview-data.ts';
import { enrollSubscribers, type TestParts } from '../support/app.ts';
import { listed } from '../support/feeds.ts';
import { openNewsroom, runOnce } from '../support/newsroom.ts';
import { openPages } from '../support/pages.ts';

const PLACE = /https:\/\/papers\.example\.org\/thumbnails\/([0-9a-f]{64})\.jpg/g;

/** A day whose papers have these pictures, the first with the most votes. */
async function openGallery(
  pictures: readonly (Buffer | undefined)[],
  settings: Record<string, string> = {},
  parts: TestParts = {},
) {
  const room = await openNewsroom({ THUMBNAILS: 'on', ...settings }, parts);
  room.feeds.state.days['2026-08-18'] = Array.from({ length: 12 }, (_, index) => {
    const path = `/pictures/${index}.png`;
    if (pictures[index]) room.feeds.state.pictures[path] = pictures[index];
    return listed(`2608.${18001 + index}`, {
      title: `Made-up "Findings" & <more>, part ${index + 1}`,
      upvotes: 100 - index,
      day: '2026-08-18',
      ...(index < pictures.length && { thumbnail: `${room.feeds.base}${path}` }),
    });
  });
  return room;
}

/** Waves of colour, or noise that no encoder can make small. */
function figure(width: number, height: number, seed = 1, noise = false): Promise<Buffer> {
  let state = seed;
  const pixel = (index: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return noise ? state >>> 16 : (index * seed) / width;
  };
  const data = Uint8Array.from({ length: width * height * 3 }, (_, index) => pixel(index) & 255);
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

function frozen(app: App) {
  return previewIssue(app, '2026-08-19');
}

async function mailed(app: App): Promise<string> {
  return (await previewMail(app, await frozen(app))).html;
}

async function asked(app: App, path: string) {
  const answer = await openPages(app).web.request(path);
  return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
}

test('the first pick has its picture in the mail and on the pages, from our own origin and in our own bytes', async () => {
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
    expect(text).toContain(`src="/thumbnails/${first}.jpg"`);
    expect(text).not.toContain(String(second));
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

/** A small PNG with so many compressed remarks: a decoder reads them all, and needs minutes and gigabytes. */
async function wordyPng(count: number, size: number): Promise<Buffer> {
  const png = await figure(400, 300);
  const body = Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(size, 65))]);
  const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from('zTXt'), body, Buffer.alloc(4)]);
  chunk.writeUInt32BE(body.length, 0);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4);
  const afterHeader = 33;
  return Buffer.concat([
    png.subarray(0, afterHeader),
    ...Array(count).fill(chunk),
    png.subarray(afterHeader),
  ]);
}

test('a picture that is made to take minutes is left out after seconds, and the others are made as ever', async () => {
  const apart = thumbnailsApart();
  const limited = { ...WORK_HERE, ...apart };
  const pictures = [await wordyPng(75, 50_000_000), await figure(700, 300), await wordyPng(3, 1000)];
  await using room = await openGallery(pictures, {}, { limited });
  await runOnce(room.app);
  const { thumbnails = {} } = await frozen(room.app);
  expect(Object.keys(thumbnails)).toEqual(['arxiv:2608.18002', 'arxiv:2608.18003']);
  expect(thumbnails['arxiv:2608.18002']).toBe((await makeThumbnail(await figure(700, 300))).hash);
  expect(room.app.logged.filter((line) => line.startsWith('no thumbnail: '))).toEqual([
    expect.stringMatching(/^no thumbnail: decoding it took more than \d+ (s|MB of memory)$/),
  ]);
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
