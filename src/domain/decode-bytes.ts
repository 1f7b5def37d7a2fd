import { isUtf8 } from 'node:buffer';

/** `8-bit`: UTF-8 or, where the bytes are none, Windows-1252. Both have ASCII where ASCII has it. */
export type Encoding = '8-bit' | 'utf-16le' | 'utf-16be';

/**
 * The encoding of a text file, by its byte order mark or by where its first characters have a zero byte.
 * @param head its first bytes, at least four of them where there are as many
 */
export function encodingOf(head: Uint8Array): Encoding {
  const [first = 1, second = 1, third = 1, fourth = 1] = head;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return 'utf-16le';
  if (first === 0 && second !== 0 && third === 0 && fourth !== 0) return 'utf-16be';
  return '8-bit';
}

/** Decodes a whole text file as a person's program saved it; without its byte order mark. */
export function decodeBytes(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  return encoding === '8-bit' ? decode8Bit(bytes) : new TextDecoder(encoding).decode(bytes);
}

/** Decodes bytes that are not UTF-16; a byte order mark at their beginning goes. */
export function decode8Bit(bytes: Uint8Array): string {
  return new TextDecoder(isUtf8(bytes) ? 'utf-8' : 'windows-1252').decode(bytes);
}
