import { crc32, deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { WORK_HERE } from '../../src/app.ts';
import { makeThumbnail } from '../../src/papers/picture.ts';
import { thumbnailsApart } from '../../src/runtime/limited/thumbnails-apart.ts';
import { previewIssue } from '../../src/web/preview/preview-data.ts';
import { runOnce } from '../support/newsroom.ts';
import { figure, openGallery } from './gallery.ts';

/** A small PNG with this many compressed remarks: a decoder reads them all, and needs minutes and gigabytes. */
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
  const { thumbnails = {} } = await previewIssue(room.app, room.app.languages(), '2026-08-19');
  expect(Object.keys(thumbnails)).toEqual(['arxiv:2608.18002', 'arxiv:2608.18003']);
  expect(thumbnails['arxiv:2608.18002']).toBe((await makeThumbnail(await figure(700, 300))).hash);
  expect(room.app.logged.filter((line) => line.startsWith('no thumbnail: '))).toEqual([
    expect.stringMatching(/^no thumbnail: decoding it took more than \d+ (s|MB of memory)$/),
  ]);
});

test('noise that no quality makes small enough is left out, and the log says so', async () => {
  await using room = await openGallery([await figure(1200, 630, 3, true)]);
  await runOnce(room.app);
  const issue = await previewIssue(room.app, room.app.languages(), '2026-08-19');
  expect(issue.thumbnails).toBeUndefined();
  expect(room.app.logged).toContain('no thumbnail: cannot be made smaller than 60000 bytes');
});
