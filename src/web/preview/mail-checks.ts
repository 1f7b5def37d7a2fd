import { HTML_BUDGET } from '../../mail/render.ts';
import type { PreviewPage } from './preview-mail.ts';

/** One line of the checklist. `warn`: it can be sent so, and would be better otherwise. */
export type MailCheck = { readonly state: 'good' | 'warn' | 'bad'; readonly text: string };

/** Gmail cuts an HTML part that is longer, and the unsubscribe link with it. */
const GMAIL_CLIP = 102_400;

/** What bulk mail must have, looked up in the finished mail. @param deadLinks links that were asked for and failed */
export function checkMail(mail: PreviewPage, deadLinks: ReadonlyMap<string, string>): MailCheck[] {
  return [
    ...sizeChecks(mail),
    ...inboxChecks(mail),
    ...headerChecks(mail),
    ...bodyChecks(mail),
    ...linkChecks(mail, deadLinks),
  ];
}

function check(good: boolean, right: string, wrong: string, state: 'warn' | 'bad' = 'bad'): MailCheck {
  return good ? { state: 'good', text: right } : { state, text: wrong };
}

function sizeChecks({ html }: PreviewPage): MailCheck[] {
  const bytes = Buffer.byteLength(html);
  const size = `${bytes.toLocaleString('en')} bytes`;
  if (bytes >= GMAIL_CLIP)
    return [{ state: 'bad', text: `${size}: Gmail cuts it at ${GMAIL_CLIP.toLocaleString('en')} bytes` }];
  const share = `${size} of HTML, ${Math.ceil((100 * bytes) / GMAIL_CLIP)} % of what Gmail shows`;
  return [
    check(
      bytes <= HTML_BUDGET,
      share,
      `${share}: more than the ${HTML_BUDGET.toLocaleString('en')} that are safe`,
      'warn',
    ),
  ];
}

function inboxChecks({ subject, preheader }: PreviewPage): MailCheck[] {
  return [
    check(
      subject.length <= 70,
      `The subject has ${subject.length} characters`,
      `The subject has ${subject.length} characters; phones show 40 to 70`,
      'warn',
    ),
    check(
      preheader.length >= 40 && preheader.length <= 130,
      `The preheader has ${preheader.length} characters`,
      `The preheader has ${preheader.length} characters; 40 to 130 are seen`,
      'warn',
    ),
  ];
}

function headerChecks({ headers }: PreviewPage): MailCheck[] {
  const has = (name: string) => new RegExp(`^${name}:`, 'im').test(headers);
  const unfolded = headers.replace(/\r?\n[ \t]+/g, ' ');
  const from = /^From: .*@([\w.-]+)>?$/im.exec(unfolded)?.[1] ?? '';
  return [
    check(
      has('List-Unsubscribe-Post'),
      'One-click unsubscribe',
      'No one-click unsubscribe: SITE_URL is not https',
    ),
    check(
      has('DKIM-Signature'),
      'Signed with DKIM here',
      'Not signed here: the relay must sign (DKIM_DOMAIN)',
      'warn',
    ),
    check(
      /\.[a-z]/.test(from),
      `From a domain: ${from}`,
      `From ${from || 'nowhere'}: set MAIL_FROM to an address of your domain`,
    ),
  ];
}

function bodyChecks({ html, text }: PreviewPage): MailCheck[] {
  const images = html.match(/<img[^>]*>/g) ?? [];
  const long = text.split(/\r?\n/).filter((line) => line.length > 78 && !/https?:\/\//.test(line));
  return [
    check(
      images.every((image) => /\salt="/.test(image)),
      images.length === 0 ? 'No image' : 'Every image has a text, or says that it is decoration',
      'An image has no text',
    ),
    check(
      long.length === 0,
      'The text part fits a terminal',
      `${long.length} lines of the text part are wider than 78 columns`,
      'warn',
    ),
    check(
      /^Unsubscribe: +\S+$/im.test(text),
      'The text part has the unsubscribe link on its own line',
      'The text part has no line with the unsubscribe link',
    ),
  ];
}

function linkChecks({ html }: PreviewPage, deadLinks: ReadonlyMap<string, string>): MailCheck[] {
  const links = mailLinks(html);
  const odd = links.filter((url) => !/^https?:\/\//.test(url));
  return [
    check(
      odd.length === 0,
      `${links.length} links, all http or https`,
      `Links of another kind: ${odd.join(' ')}`,
    ),
    ...[...deadLinks].map(([url, problem]): MailCheck => ({ state: 'bad', text: `${url} ${problem}` })),
  ];
}

/** Each address that the HTML leads to, once. */
export function mailLinks(html: string): string[] {
  const entity: Record<string, string> = { amp: '&', '#x3D': '=', '#x27': "'", quot: '"' };
  const found = [...html.matchAll(/\shref="([^"]*)"/g)].map(([, url = '']) =>
    url.replace(/&(amp|#x3D|#x27|quot);/g, (_, name: string) => entity[name] ?? ''),
  );
  return [...new Set(found)];
}

/** The HTML as a mail program in that colour scheme shows it, whatever the browser's own is. */
export function inScheme(html: string, scheme: 'light' | 'dark'): string {
  return html
    .replace(/@media \(prefers-color-scheme: ?dark\)/g, scheme === 'dark' ? '@media all' : '@media not all')
    .replace(/color-scheme: ?light dark/g, `color-scheme: ${scheme}`);
}
