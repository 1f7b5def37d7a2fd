import { encodeWord, isPlainText, quoteString } from 'nodemailer/lib/mime-funcs';
import { domainOf } from '../domain/address.ts';
import type { Issue } from '../domain/issue.ts';
import type { Letterhead } from './letterhead.ts';
import { UNSUBSCRIBE_SLOT } from './mail-frame.ts';
import type { PreparedHeader } from './mime.ts';
import { plainText } from './plain-text.ts';

/**
 * RFC 2369, 2919 and 8058, and what Gmail and vacation programs want of bulk mail; the value of List-Unsubscribe is each
 * subscriber's own.
 */
export function listHeaders(
  { kind, date }: Pick<Issue, 'kind' | 'date'>,
  letterhead: Letterhead,
  oneClick: boolean,
) {
  const label = listLabel(letterhead.from);
  return {
    'List-Id': listId(letterhead, label),
    'List-Unsubscribe': { prepared: true, value: UNSUBSCRIBE_SLOT } as const,
    ...(oneClick ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
    ...(letterhead.siteUrl && {
      'List-Archive': link(`${letterhead.siteUrl}/issues`),
      'List-Help': link(`${letterhead.siteUrl}/`),
    }),
    Precedence: 'bulk',
    // RFC 9477: whoever runs a mailbox may report complaints there.
    ...(letterhead.complaintAddress && { 'CFBL-Address': `${letterhead.complaintAddress}; report=arf` }),
    'Feedback-ID': `${date}:${kind}:${label}:offprint`,
  };
}

/** What the links in the fields want of the addresses: a one-click page must be https (RFC 8058). */
export function isOneClick({ siteUrl }: Letterhead, unsubscribeUrl: string): boolean {
  return siteUrl.startsWith('https:') && unsubscribeUrl.startsWith('https:');
}

/**
 * The value of List-Unsubscribe: the page and, where there is a mailbox for it, a mail that says who: the token of the
 * page is its subject. RFC 8058 wants the page to be the only https address, so it can stand first.
 */
export function unsubscribeValue({ unsubscribeAddress }: Letterhead, url: string): string {
  const page = `<${url}>`;
  if (unsubscribeAddress === undefined || url.startsWith('mailto:')) return page;
  const token = new URL(url).pathname.split('/').at(-1);
  return `${page}, <mailto:${unsubscribeAddress}?subject=unsubscribe%20${token}>`;
}

/** One line, never folded: some receivers do not find a link that a fold stands before. */
function link(url: string): PreparedHeader {
  return { prepared: true, value: `<${new URL(url).href}>` };
}

function listId(letterhead: Letterhead, label: string): PreparedHeader {
  const name = plainText(letterhead.newsletterName, 100);
  const phrase = isPlainText(name) ? quoteString(name) : encodeWord(name, 'Q', 52);
  return { prepared: true, foldLines: true, value: `${phrase} <${label}.${domainOf(letterhead.from)}>` };
}

/** From the sender's address, so that it stays when the newsletter is renamed. */
function listLabel(from: string): string {
  const local = from.slice(0, from.lastIndexOf('@')).toLowerCase();
  return local.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'papers';
}
