import { PassThrough, pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { giveWay, slicesOf } from '../../domain/slices.ts';

const COPIED_AT_ONCE = { count: 1000, size: 2_000_000 };

/** The body is larger than we take, or in a coding that we did not ask for. */
export class BodyRefused extends Error {
  readonly kind: 'size' | 'encoding';

  constructor(kind: 'size' | 'encoding', message: string) {
    super(message);
    this.name = 'BodyRefused';
    this.kind = kind;
  }
}

/**
 * Reads a body to its end, decompressed. Counts what comes out of the decompressor, so that a small
 * answer cannot grow past the cap in memory.
 * @param coding the Content-Encoding header
 * @throws BodyRefused, or the error of a broken stream
 */
export async function readBody(body: Readable, coding: string, maxBytes: number): Promise<Buffer> {
  const decoded = pipeline(body, decoderFor(coding), () => {});
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of decoded) {
      size += chunk.length;
      if (size > maxBytes) throw new BodyRefused('size', `more than ${maxBytes / 1e6} MB, decompressed`);
      chunks.push(chunk);
    }
  } finally {
    body.destroy();
  }
  return joined(chunks, size);
}

/** In steps, since a long body takes tens of milliseconds to copy. */
async function joined(chunks: readonly Buffer[], size: number): Promise<Buffer> {
  const whole = Buffer.allocUnsafe(size);
  let at = 0;
  for (const slice of slicesOf(chunks, COPIED_AT_ONCE, ({ length }) => length)) {
    for (const chunk of slice) at += chunk.copy(whole, at);
    if (at < size) await giveWay();
  }
  return whole;
}

function decoderFor(coding: string): Transform {
  switch (coding.trim().toLowerCase()) {
    case '':
    case 'identity':
      return new PassThrough();
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new BodyRefused('encoding', `a content encoding we did not ask for: ${coding.slice(0, 40)}`);
  }
}
