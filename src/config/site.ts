import type { Mailbox } from '../domain/address.ts';
import { Fault } from '../domain/fault.ts';
import { isLoopbackHost } from '../domain/loopback.ts';

/** Where links lead: to SITE_URL; to this machine, since nobody said where; or nowhere, since there are no pages. */
export type Pages = 'public' | 'here' | 'none';

type SiteSettings = {
  readonly pages: Pages;
  /** Empty where there are no pages. */
  readonly SITE_URL: string;
  readonly SMTP_URL: readonly string[];
  readonly MAIL_FROM: Mailbox | undefined;
  readonly UNSUBSCRIBE_ADDRESS: string | undefined;
};

/**
 * Mails to real people must not have links that lead to the subscriber's own machine.
 * @throws Fault SITE_URL_MISSING when a relay beyond this machine takes the mails and nobody said where the pages are
 */
export function requirePages({ pages, SMTP_URL, SITE_URL }: SiteSettings): void {
  if (pages !== 'here' || SMTP_URL.every((relay) => isLoopbackHost(new URL(relay).hostname))) return;
  throw new Fault(
    'SITE_URL_MISSING',
    `SITE_URL is not set: the links in mails would lead readers to ${SITE_URL}, which is their own machine.`,
    'Set SITE_URL to where readers reach the pages, such as https://papers.example.org, or SITE_URL=none and UNSUBSCRIBE_ADDRESS if there are no pages.',
  );
}

/** The host that mails come from: that of the pages, without pages that of MAIL_FROM. */
export function hostOf({ SITE_URL, MAIL_FROM }: Pick<SiteSettings, 'SITE_URL' | 'MAIL_FROM'>): string {
  if (SITE_URL !== '') return new URL(SITE_URL).hostname;
  return MAIL_FROM?.address.split('@').at(-1) ?? 'localhost';
}

/** What else must be set where there are no pages; empty when all is well. */
export function problemsWithoutPages({
  pages,
  MAIL_FROM,
  UNSUBSCRIBE_ADDRESS,
}: Pick<SiteSettings, 'pages' | 'MAIL_FROM' | 'UNSUBSCRIBE_ADDRESS'>): string[] {
  if (pages !== 'none') return [];
  const missing = [
    UNSUBSCRIBE_ADDRESS === undefined && 'UNSUBSCRIBE_ADDRESS: readers have no other way to leave',
    MAIL_FROM === undefined && 'MAIL_FROM: there is no host to make it of',
  ];
  return missing
    .filter((text) => text !== false)
    .map((text) => `  SITE_URL="none": expected with it ${text}`);
}
