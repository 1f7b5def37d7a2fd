import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { decode8Bit, encodingOf } from '../domain/decode-bytes.ts';

const LINE_BREAK = /\r\n?|\n/;
const LF = 0x0a;
const CR = 0x0d;
/** A line that is longer is cut: no list has one, and a file of another kind must not fill the memory. */
const LONGEST_LINE = 1_000_000;

/**
 * The lines of a text file in batches, without their line breaks. Each line is decoded by itself: a single name in
 * Windows-1252 must not spoil all the others.
 * @param onBytes told how many bytes have been read since it was last told
 */
export async function* textLines(
  path: string,
  onBytes: (count: number) => void = () => {},
): AsyncGenerator<readonly string[]> {
  let carry = '';
  for await (const text of texts(path, onBytes)) {
    const open = carry + text;
    const lines = open.split(LINE_BREAK);
    carry = lines.pop() ?? '';
    // A \n may follow, which belongs to the same line break.
    if (open.endsWith('\r')) carry = `${lines.pop() ?? ''}\r`;
    if (carry.length > LONGEST_LINE) {
      lines.push(carry);
      carry = '';
    }
    if (lines.length > 0) yield lines;
  }
  if (carry !== '') yield [carry.replace(/\r$/, '')];
}

/** The text of a file in pieces of any length. */
async function* texts(path: string, onBytes: (count: number) => void): AsyncGenerator<string> {
  let decode: ((bytes: Buffer, isLast: boolean) => string) | undefined;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    onBytes(chunk.length);
    decode ??= decoderFor(chunk);
    yield decode(chunk, false);
  }
  if (decode) yield decode(Buffer.alloc(0), true);
}

function decoderFor(head: Buffer): (bytes: Buffer, isLast: boolean) => string {
  const encoding = encodingOf(head);
  if (encoding === '8-bit') return lineDecoder();
  const decoder = new TextDecoder(encoding);
  return (bytes, isLast) => decoder.decode(bytes, { stream: !isLast });
}

/** Holds back the beginning of a line until the rest of it is there. */
function lineDecoder(): (bytes: Buffer, isLast: boolean) => string {
  let held: Buffer[] = [];
  let length = 0;
  return (bytes, isLast) => {
    const end = isLast ? bytes.length : Math.max(bytes.lastIndexOf(LF), bytes.lastIndexOf(CR)) + 1;
    const whole = end > 0 || isLast || length > LONGEST_LINE;
    if (!whole) {
      held.push(bytes);
      length += bytes.length;
      return '';
    }
    const lines = Buffer.concat([...held, bytes.subarray(0, end)]);
    held = [bytes.subarray(end)];
    length = bytes.length - end;
    return isUtf8(lines) ? decode8Bit(lines) : eachLine(lines);
  };
}

function eachLine(bytes: Buffer): string {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(LF, at) + 1 || bytes.length;
    texts.push(decode8Bit(bytes.subarray(at, end)));
    at = end;
  }
  return texts.join('');
}
