import libmime from 'libmime';
import { readToken } from '../../domain/token.ts';
import type { Fields, ParsedMail } from './parse-mail.ts';

const TOKEN = String.raw`[0-9a-z]{1,11}(?:-[0-9a-z]{1,6})?\.[\w-]{27}(?![\w-])`;
const ANYWHERE = new RegExp(String.raw`(?<![\w.-])${TOKEN}`, 'g');
/** Not a link: whoever answers a mail of ours quotes its links. */
const ASKED = new RegExp(String.raw`(?<![\w/.-])unsubscribe\s+(${TOKEN})`, 'i');
const IN_LINK = new RegExp(`/unsubscribe/(${TOKEN})`, 'g');
const MOST_TOKENS = 20;
const HEAD = 2048;

/** Whose unsubscribe token a mail carries that asks to leave, in its subject or at the beginning of its text. */
export function unsubscribeRequest(
  secrets: readonly string[],
  { fields, parts }: ParsedMail,
): number | undefined {
  const subject = decoded(fields.get('subject')?.[0] ?? '');
  const inSubject = subject.match(ANYWHERE) ?? [];
  const text = parts.find(({ type }) => type === 'text/plain')?.text.slice(0, HEAD) ?? '';
  const asked = ASKED.exec(text)?.[1];
  return subscriberOf(secrets, asked === undefined ? inSubject : [...inSubject, asked]);
}

/** Whose unsubscribe link stands in the List-Unsubscribe field of a copy. */
export function listUnsubscribeOf(secrets: readonly string[], copy: Fields): number | undefined {
  const links = (copy.get('list-unsubscribe') ?? []).flatMap((value) => [...value.matchAll(IN_LINK)]);
  return subscriberOf(
    secrets,
    links.map(([, token = '']) => token),
  );
}

function subscriberOf(secrets: readonly string[], tokens: readonly string[]): number | undefined {
  for (const token of tokens.slice(0, MOST_TOKENS)) {
    const payload = readToken(secrets, 'unsubscribe', token);
    if (payload) return payload.subscriberId;
  }
  return undefined;
}

function decoded(subject: string): string {
  try {
    return libmime.decodeWords(subject);
  } catch {
    return subject;
  }
}
