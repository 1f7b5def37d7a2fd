import type { HttpReply } from './http.ts';

/** A page that explains an error is longer; it is written for people with browsers. */
const LONGEST_BODY = 10_000;
const LONGEST_WORDS = 300;
/** Where services put what went wrong, in the order in which it reads best. */
const PLACES = ['error', 'title', 'error_description', 'message', 'detail', 'reason', 'description'];

/** What an answer says of its error, in one line: the texts of a JSON object, or a short plain text. Empty for any other. */
export function ownWords({ body, headers }: Pick<HttpReply, 'body' | 'headers'>): string {
  if (body.length > LONGEST_BODY) return '';
  const text = body.toString();
  const words = jsonWords(text) ?? (headers['content-type']?.startsWith('text/plain') ? [text] : []);
  return words
    .join(': ')
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_WORDS);
}

function jsonWords(text: string): string[] | undefined {
  try {
    return wordsIn(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Some nest the object in another one. */
function wordsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const found = PLACES.flatMap((name) => {
    const inner = (value as { [name: string]: unknown })[name];
    return typeof inner === 'string' ? [inner] : name === 'error' ? wordsIn(inner) : [];
  });
  return [...new Set(found)].slice(0, 2);
}
