import { Duplex, pipeline, Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { giveWay, slicesOf } from '../../domain/slices.ts';

const COPIED_AT_ONCE = { count: 1000, size: 2_000_000 };
/** More codings, one in another, are an attack and no habit of a server. */
const MOST_CODINGS = 3;
/** Some servers name a charset there, or that there is none. */
const NO_CODING = /^(?:|identity|none|binary|8bit|utf-?8)$/;

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
 * Reads a body to its end, decompressed: as its coding says, and once more where it is a file `.gz`. Counts what comes
 * out of the decompressor, so that a small answer cannot grow past the cap in memory.
 * @param coding the Content-Encoding header: one coding, or several in the order in which they were applied
 * @throws BodyRefused, or the error of a broken stream
 */
export async function readBody(body: Readable, coding: string, maxBytes: number): Promise<Buffer> {
  // What breaks while nobody reads it any more.
  body.on('error', () => {});
  try {
    const decoded = await collect(decode(body, codingsOf(coding)), maxBytes);
    return isGzip(decoded) ? await collect(decode(Readable.from([decoded]), ['gzip']), maxBytes) : decoded;
  } finally {
    body.destroy();
  }
}

/** The last one applied comes first. */
function codingsOf(header: string): string[] {
  const codings = header.toLowerCase().split(',');
  const real = codings.map((coding) => coding.trim()).filter((coding) => !NO_CODING.test(coding));
  if (real.length > MOST_CODINGS) throw new BodyRefused('encoding', `${real.length} content encodings`);
  return real.reverse();
}

function decode(body: Readable, codings: readonly string[]): Readable {
  return codings.reduce<Readable>((source, coding) => pipeline(source, decoderFor(coding), () => {}), body);
}

function decoderFor(coding: string): Duplex {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return inflateEither();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new BodyRefused('encoding', `a content encoding we did not ask for: ${coding.slice(0, 40)}`);
  }
}

/** `deflate` means the format of zlib (RFC 9110 §8.4.1.2), and some servers send the bare one. */
function inflateEither(): Duplex {
  return Duplex.from(async function* (source: AsyncIterable<Buffer>) {
    const chunks = source[Symbol.asyncIterator]();
    const { value: first = Buffer.alloc(0) } = await chunks.next();
    const whole = Readable.from(concatenated(first, { [Symbol.asyncIterator]: () => chunks }));
    yield* pipeline(whole, isZlib(first) ? createInflate() : createInflateRaw(), () => {});
  });
}

async function* concatenated(first: Buffer, rest: AsyncIterable<Buffer>) {
  yield first;
  yield* rest;
}

/** The check of RFC 1950 §2.2: method 8, and the first two bytes a multiple of 31. */
function isZlib([method = 0, flags = 0]: Buffer): boolean {
  return (method & 0x0f) === 8 && (method * 256 + flags) % 31 === 0;
}

async function collect(decoded: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of decoded) {
    size += chunk.length;
    if (size > maxBytes) throw new BodyRefused('size', `more than ${maxBytes / 1e6} MB, decompressed`);
    chunks.push(chunk);
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

function isGzip(body: Buffer): boolean {
  return body[0] === 0x1f && body[1] === 0x8b && body[2] === 0x08;
}
