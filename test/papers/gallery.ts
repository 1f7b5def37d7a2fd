import sharp from 'sharp';
import type { TestParts } from '../support/app.ts';
import { listed } from '../support/feeds.ts';
import { openNewsroom } from '../support/newsroom.ts';

/** A day whose papers have these pictures, the first with the most votes. */
export async function openGallery(
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
export function figure(width: number, height: number, seed = 1, noise = false): Promise<Buffer> {
  let state = seed;
  const data = new Uint8Array(width * height * 3);
  for (let index = 0; index < data.length; index += 1) {
    state = (state * 1103515245 + 12345) % 2147483648;
    data[index] = noise ? state >>> 16 : (index * seed) / width;
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
