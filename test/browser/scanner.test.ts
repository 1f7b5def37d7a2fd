import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addNotice } from '../../src/ledger/notices.ts';
import { linkFor } from '../../src/subscribers/links.ts';
import { enrollSubscribers } from '../support/app.ts';
import { allLinks, launch, type Mail, openPage, openSite, type TestSite } from './site.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

async function everyRow(site: TestSite): Promise<Record<string, unknown[]>> {
  const { db } = site.app.store;
  const all: Record<string, unknown[]> = {};
  for (const { name } of await db.introspection.getTables())
    all[name] = (await sql`select * from ${sql.table(name)}`.execute(db)).rows;
  return all;
}

/** One mail of each kind that subscribers get, and the one-click address that is in the headers only. */
async function everyMail(site: TestSite): Promise<{ mails: Mail[]; links: string[] }> {
  const { app } = site;
  const [pending = 0] = await enrollSubscribers(app, ['pending@example.org'], { state: 'pending' });
  const [active = 0] = await enrollSubscribers(app, ['active@example.org']);
  const notice = async (kind: 'confirm' | 'known' | 'manage' | 'erase', id: number, email: string) =>
    addNotice(app.store.db, kind, { id, email }, app.clock());
  await notice('confirm', pending, 'pending@example.org');
  for (const kind of ['known', 'manage', 'erase'] as const) await notice(kind, active, 'active@example.org');
  await app.store.db
    .insertInto('address_changes')
    .values({ subscriber_id: active, email: 'moved@example.org', asked_at: app.clock() })
    .execute();
  await addNotice(app.store.db, 'address', { id: active, email: 'moved@example.org' }, app.clock());
  const mails = await site.mailsTo('@example.org');
  const links = [
    ...mails.flatMap(allLinks),
    linkFor(app, 'unsubscribe', active),
    linkFor(app, 'preferences', active),
  ];
  return { mails, links: [...new Set(links)] };
}

test('a scanner that opens every link of every mail, and runs scripts but presses nothing, changes nothing', async () => {
  await using site = await openSite();
  const { mails, links } = await everyMail(site);
  expect(mails.length).toBeGreaterThanOrEqual(5);
  for (const purpose of ['confirm', 'unsubscribe', 'preferences', 'manage', 'erase', 'address'])
    expect(
      links.some((link) => link.includes(`/${purpose}/`)),
      purpose,
    ).toBe(true);
  const before = await everyRow(site);
  for (const link of links) {
    for (const method of ['HEAD', 'GET', 'OPTIONS']) await fetch(link, { method, redirect: 'follow' });
  }
  const { page, problems } = await openPage(browser);
  for (const link of links) {
    await page.goto(link, { waitUntil: 'networkidle' });
    await page.mouse.move(200, 300);
    await page.mouse.wheel(0, 2000);
    for (const anchor of await page.locator('a[href^="/"]').all())
      await fetch(new URL((await anchor.getAttribute('href')) ?? '', site.url));
  }
  expect(await everyRow(site)).toEqual(before);
  expect(problems).toEqual([]);
});
