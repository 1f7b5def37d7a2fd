import { isAscii, isUtf8 } from 'node:buffer';

/**
 * Decodes an answer: by its byte order mark; as UTF-8 when it has bytes beyond ASCII and all of them are valid UTF-8,
 * whatever its labels say; then by the charset of its Content-Type, by its XML declaration, and otherwise as UTF-8.
 * A label that nobody knows counts as none. Broken bytes become U+FFFD.
 */
export function decodeText(body: Uint8Array, contentType = ''): string {
  const label =
    byteOrderMark(body) ??
    provenUtf8(body) ??
    known(httpCharset(contentType)) ??
    known(xmlEncoding(body)) ??
    'utf-8';
  return new TextDecoder(label).decode(body);
}

function byteOrderMark(body: Uint8Array): string | undefined {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return 'utf-8';
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be';
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le';
  return undefined;
}

/** Text in another charset is hardly ever valid UTF-8 by chance. ASCII proves nothing: ISO-2022-JP is written in it. */
function provenUtf8(body: Uint8Array): string | undefined {
  return isUtf8(body) && !isAscii(body) ? 'utf-8' : undefined;
}

function httpCharset(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*"?([\w:.-]+)/i.exec(contentType)?.[1];
}

function xmlEncoding(body: Uint8Array): string | undefined {
  const start = Buffer.from(body.subarray(0, 200)).toString('latin1');
  const label = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w:.-]+)["']/.exec(start)?.[1];
  // A declaration that can be read byte by byte cannot be in UTF-16, whatever it says.
  return label !== undefined && /^utf-?16|^ucs-?2/i.test(label) ? undefined : label;
}

function known(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}
