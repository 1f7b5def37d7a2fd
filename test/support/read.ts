import type { After } from '../../src/domain/time.ts';
import type { Read } from '../../src/sources/http/polite-reader.ts';
import type { Parse } from '../../src/sources/providers/parse.ts';
import { parseHere } from '../../src/sources/providers/parsers.ts';
import { NO_LIMIT } from './clock.ts';

/** Answers every request with the text, and keeps the addresses that were asked. */
export function answering(text: string | ((url: string) => string)): {
  read: Read;
  parse: Parse;
  after: After;
  asked: string[];
} {
  const asked: string[] = [];
  const read: Read = async (url) => {
    asked.push(url);
    const body = Buffer.from(typeof text === 'string' ? text : text(url));
    return { status: 200, headers: {}, body, url };
  };
  return { read, parse: parseHere, after: NO_LIMIT, asked };
}
