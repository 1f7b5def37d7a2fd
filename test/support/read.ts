import type { Read } from '../../src/sources/http/polite-reader.ts';
import { type Parse, parseHere } from '../../src/sources/providers/parsers.ts';

/** Answers every request with the text, and keeps the addresses that were asked. */
export function answering(text: string | ((url: string) => string)): {
  read: Read;
  parse: Parse;
  asked: string[];
} {
  const asked: string[] = [];
  const read: Read = async (url) => {
    asked.push(url);
    const body = Buffer.from(typeof text === 'string' ? text : text(url));
    return { status: 200, headers: {}, body, url };
  };
  return { read, parse: parseHere, asked };
}
