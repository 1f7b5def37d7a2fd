import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { simpleParser } from 'mailparser';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { deliver } from '../../src/delivery/deliver.ts';
import { SECOND } from '../../src/domain/time.ts';
import { listen } from '../../src/runtime/serve.ts';
import { openTestApp, tempFolder } from '../support/app.ts';
import { listedDay, startFeeds } from '../support/feeds.ts';
import { NEVER, runOnce } from '../support/newsroom.ts';
import { openWeb } from '../support/pages.ts';

export const PHONE = { width: 375, height: 812 };
export const DESK = { width: 1280, height: 900 };

export function launch(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** The whole program on a port of its own, with the issue of 19 August and an outbox instead of a relay. */
export async function openSite(settings: Record<string, string> = {}) {
  const feeds = await startFeeds({ '2026-08-18': listedDay('2026-08-18', 12) });
  const folder = tempFolder();
  const port = await freePort();
  const DATABASE_URL = join(folder.path, 'offprint.db');
  const SITE_URL = `http://127.0.0.1:${port}`;
  const all = { SOURCES: feeds.huggingface, SITE_URL, DATABASE_URL, PICKS: '6', ...settings };
  const app = await openTestApp(all, { realMails: true });
  const server = await listen(openWeb(app), '127.0.0.1', port);
  await runOnce(app);
  return {
    app,
    url: SITE_URL,
    /** Lets the mailer run, and gives what the outbox then has for an address, oldest first. */
    mailsTo: async (address: string) => {
      await deliver(app, app.composing, app.sending, () => ({ dueBy: app.clock() }), NEVER);
      return readOutbox(join(dirname(DATABASE_URL), 'outbox'), address);
    },
    /** As long as a person needs to fill in a form. */
    pause: () => app.time.advance(2 * SECOND),
    async [Symbol.asyncDispose]() {
      await server.close();
      await app.close();
      await feeds[Symbol.asyncDispose]();
      folder.remove();
    },
  };
}

export type TestSite = Awaited<ReturnType<typeof openSite>>;

/** A page of a fresh browser profile that fails the test on any error of a script or breach of the policy. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ timezoneId: 'Asia/Tokyo', ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) problems.push(message.text());
  });
  return { page, context, problems };
}

export type Mail = { readonly subject: string; readonly text: string; readonly html: string };

/** The link of a purpose in a mail's text. */
export function linkIn(mail: Mail | undefined, purpose: string): string {
  return (
    new RegExp(`http://127\\.0\\.0\\.1:\\d+/${purpose}/[\\w.-]+`).exec(mail?.text ?? '')?.[0] ?? 'no link'
  );
}

/** Every address that a mail names, in its headers and in both of its parts. */
export function allLinks(mail: Mail): string[] {
  return [...new Set(`${mail.text}\n${mail.html}`.match(/http:\/\/127\.0\.0\.1:\d+[^\s"'<>)]*/g) ?? [])];
}

export async function press(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('button', { name }).click();
}

async function readOutbox(folder: string, address: string): Promise<Mail[]> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.eml'));
  const mails = await Promise.all(files.map((name) => simpleParser(readFileSync(join(folder, name)))));
  const to = (mail: (typeof mails)[number]) =>
    [mail.to ?? []]
      .flat()
      .map(({ text }) => text)
      .join();
  return mails
    .filter((mail) => to(mail).includes(address))
    .sort((left, right) => (left.date?.getTime() ?? 0) - (right.date?.getTime() ?? 0))
    .map(({ subject = '', text = '', html }) => ({ subject, text, html: html || '' }));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
