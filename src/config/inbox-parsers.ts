import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { InboundListen, Inbox } from '../domain/inbox.ts';

const EXPECTED =
  'imaps://USER:PASSWORD@HOST/FOLDER, several with commas between them; imap:// only on this machine or with ?starttls';

export const inboxes = z.string().transform((value, context): Inbox[] => {
  const urls = value.split(/,\s*(?=imaps?:)/).filter((part) => part.trim() !== '');
  const read = urls.map((url) => inbox(url.trim()));
  if (read.every((one) => one !== undefined)) return read;
  context.addIssue({ code: 'custom', message: EXPECTED });
  return z.NEVER;
});

function inbox(text: string): Inbox | undefined {
  if (!/^imaps?:\/\//.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const secure = url.protocol === 'imaps:';
  const starttls = url.searchParams.has('starttls');
  const tokenFile = url.searchParams.get('token_file') ?? undefined;
  const [user, password, folder] = [url.username, url.password, url.pathname.slice(1)].map(decoded);
  if (user === undefined || password === undefined || folder === undefined) return undefined;
  if (user === '' || (password === '') === (tokenFile === undefined)) return undefined;
  if (!secure && !starttls && !isLoopback(url.hostname)) return undefined;
  return {
    name: `${user}@${url.hostname}/${folder || 'INBOX'}`,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 993 : 143),
    secure,
    starttls,
    user,
    ...(tokenFile === undefined ? { password } : { tokenFile }),
    folder: folder || 'INBOX',
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || (ipaddr.isValid(bare) && ipaddr.process(bare).range() === 'loopback');
}

/** One server; nothing for none. */
export const optionalInbound = z.string().transform((value, context): InboundListen | undefined => {
  if (value === '') return undefined;
  const socket = /^lmtp:(\/[^/].*)$/.exec(value)?.[1];
  if (socket !== undefined) return { lmtp: true, path: socket };
  const match = /^(lmtp|smtp):\/\/(\[[0-9a-f:.]+\]|[\w.-]+):(\d{1,5})$/i.exec(value);
  const port = Number(match?.[3]);
  if (match && port <= 65535)
    return { lmtp: match[1]?.toLowerCase() === 'lmtp', host: (match[2] ?? '').replace(/^\[|\]$/g, ''), port };
  context.addIssue({
    code: 'custom',
    message: 'lmtp://127.0.0.1:2424, lmtp:/run/offprint.sock or smtp://0.0.0.0:25',
  });
  return z.NEVER;
});

/** The names of two files, a certificate and its key. */
export const optionalCertificate = z.string().transform((value, context) => {
  if (value === '') return undefined;
  const [certificate, key, ...rest] = value.split(/\s*,\s*/);
  if (certificate && key && rest.length === 0) return { certificate, key };
  context.addIssue({
    code: 'custom',
    message: 'the files of a certificate and its key, with a comma between them',
  });
  return z.NEVER;
});
