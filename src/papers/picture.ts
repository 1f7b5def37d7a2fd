import { createHash } from 'node:crypto';
import type { After } from '../domain/time.ts';
import type { Http } from '../sources/http/http.ts';

/** A picture as we pass it on: made of the pixels of another, nothing else of which is left. */
export type Thumbnail = {
  /** SHA-256 of `jpeg`, hex: its name. */
  readonly hash: string;
  /** 1200 by 630 pixels, 60 kB at most. */
  readonly jpeg: Buffer;
};

/** Twice as many pixels as are shown, for dense screens. */
const WIDTH = 1200;
const HEIGHT = 630;
const MOST_BYTES = 60_000;
const QUALITIES = [82, 70, 55, 40, 25];

const MOST_BYTES_READ = 8_000_000;
/** 160 MB when decoded. What says that it has more is never decoded. */
const MOST_PIXELS = 40_000_000;
/** What is smaller is a logo or a pixel. */
const LEAST_SIDE = 200;
const SECONDS = 10;

/** Of the library's decoders these alone: the others read formats, such as SVG, that can refer to more than pixels. */
const DECODERS = ['Jpeg', 'Png', 'Webp', 'Nsgif'].map((name) => `VipsForeignLoad${name}Buffer`);
const ACCEPT = 'image/jpeg, image/png, image/webp, image/gif';

/** Given up when the signal fires. */
export type MakeThumbnail = (picture: Uint8Array, signal: AbortSignal) => Promise<Thumbnail>;

/**
 * Reads a picture and makes a thumbnail of it.
 * @param make one that ends: a decoder may take very long over a file that means harm
 * @throws Error that says what kept it from being read or decoded
 */
export async function readThumbnail(
  { http, make, after }: { readonly http: Http; readonly make: MakeThumbnail; readonly after: After },
  url: string,
  signal: AbortSignal,
): Promise<Thumbnail> {
  const stop = AbortSignal.any([signal, after(SECONDS * 1000)]);
  const reply = await http.get(url, { accept: ACCEPT, signal: stop, maxBytes: MOST_BYTES_READ });
  if (reply.status !== 200) throw new Error(`answers ${reply.status}`);
  return make(reply.body, stop);
}

/**
 * The whole picture on white, so that a figure keeps its edges and its labels in the dark. Of a moving one it is the
 * first frame.
 */
export async function makeThumbnail(picture: Uint8Array): Promise<Thumbnail> {
  const sharp = await loadSharp();
  const options = { limitInputPixels: MOST_PIXELS, failOn: 'error', sequentialRead: true } as const;
  const { width, height } = await sharp(picture, options).metadata();
  if (Math.min(width, height) < LEAST_SIDE) throw new Error(`is only ${width} by ${height} pixels`);
  const pixels = await sharp(picture, options)
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .resize(WIDTH, HEIGHT, { fit: 'contain', background: '#ffffff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  for (const quality of QUALITIES) {
    const jpeg = await sharp(pixels.data, { raw: pixels.info }).jpeg({ quality, mozjpeg: true }).toBuffer();
    if (jpeg.byteLength <= MOST_BYTES) return { hash: createHash('sha256').update(jpeg).digest('hex'), jpeg };
  }
  throw new Error(`cannot be made smaller than ${MOST_BYTES} bytes`);
}

/** Loaded only by whoever makes one: it is native code, and 20 MB of memory. */
async function loadSharp() {
  const { default: sharp } = await import('sharp');
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: DECODERS });
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp;
}
