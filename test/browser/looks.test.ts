import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askAddressChange } from '../../src/subscribers/address-change-table.ts';
import { aboutAddress, linkFor } from '../../src/subscribers/links.ts';
import { setAddress } from '../../src/subscribers/subscribers-table.ts';
import { enrollSubscribers } from '../support/app.ts';
import { DESK, launch, openPage, openSite, PHONE, press, type TestSite } from './site.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** Where to keep pictures of every page, for somebody to look at. */
const PICTURES = process.env.SCREENSHOTS;

/** A page by its name: how to come to it. */
type Way = readonly [name: string, go: (page: Page) => Promise<unknown>];

async function everyPage(site: TestSite): Promise<Way[]> {
  const { app, url } = site;
  const [active = 0, left = 0] = await enrollSubscribers(app, ['active@example.org', 'left@example.org']);
  const [pending = 0] = await enrollSubscribers(app, ['pending@example.org'], { state: 'pending' });
  const link = (purpose: 'confirm' | 'unsubscribe' | 'preferences' | 'manage' | 'erase', id: number) =>
    linkFor(app, purpose, id, { issuedAt: app.clock() });
  const [dead = 0] = await enrollSubscribers(app, ['dead@example.org'], { state: 'suppressed' });
  const wanted = 'someone.with.a.long.address@a-long-domain.example.org';
  await askAddressChange(app.store.db, active, wanted, app.clock());
  const proof = linkFor(app, 'address', active, {
    issuedAt: app.clock(),
    about: aboutAddress(app.secrets, wanted),
  });
  const [other = 0] = await enrollSubscribers(app, ['other@example.org']);
  await setAddress(app.store.db, other, 'other@example.org');
  const get = (path: string) => (page: Page) => page.goto(path.startsWith('http') ? path : url + path);
  const pressOn = (path: string, name: string | RegExp) => async (page: Page) => {
    await page.goto(path);
    await press(page, name);
  };
  const signUp = (email: string, wait: boolean) => async (page: Page) => {
    await page.goto(`${url}/subscribe`);
    if (wait) site.pause();
    await page.locator('form').evaluate((form: { noValidate: boolean }) => {
      form.noValidate = true;
    });
    await page.getByLabel('Your email address').fill(email);
    await press(page, 'Subscribe');
  };
  const badPreferences = async (page: Page) => {
    await page.goto(linkFor(app, 'preferences', active));
    await page.getByLabel('Time zone').fill('Atlantis');
    await page.getByLabel('Interests').fill('like:nothing');
    await press(page, 'Save');
  };
  return [
    ['home', get('/')],
    ['issues', get('/issues')],
    ['issue', get('/issues/2026-08-19')],
    ['week', get('/issues/2026-W34')],
    ['papers', get('/papers')],
    ['search', get('/papers?q=model+-soup')],
    ['search-none', get('/papers?q=zebra+author:nobody')],
    ['paper', get('/papers/arxiv:2608.00001')],
    ['api', get('/api/v1')],
    ['not-found', get('/nowhere')],
    ['subscribe', get('/subscribe')],
    ['subscribe-bad', signUp('ada@', true)],
    ['almost', signUp('ada@example.org', false)],
    ['subscribed', signUp('bea@example.org', true)],
    ['confirm', get(link('confirm', pending))],
    ['expired', get(linkFor(app, 'confirm', pending, { issuedAt: app.clock() - 1e9 }))],
    ['confirmed', pressOn(link('confirm', pending), 'Yes, subscribe me')],
    ['confirmed-before', get(link('confirm', active))],
    ['unreachable', get(link('confirm', dead))],
    ['preferences', get(linkFor(app, 'preferences', active))],
    ['preferences-bad', badPreferences],
    ['preferences-saved', pressOn(linkFor(app, 'preferences', active), 'Save')],
    ['link-sent', pressOn(linkFor(app, 'preferences', active), /Change my address/)],
    ['manage', get(link('manage', active))],
    ['address', get(proof)],
    ['erase', get(link('erase', active))],
    ['unsubscribe', get(linkFor(app, 'unsubscribe', active))],
    ['dead-link', get('/unsubscribe/1.retired')],
    ['weekly', pressOn(linkFor(app, 'unsubscribe', left), /one email a week/)],
    ['unsubscribed', pressOn(linkFor(app, 'unsubscribe', left), 'Unsubscribe')],
    ['preferences-left', get(linkFor(app, 'preferences', left))],
    ['erased', pressOn(link('erase', left), 'Delete my data')],
    ['address-moved', pressOn(proof, 'Yes, use this address')],
  ];
}

async function violations(page: Page): Promise<string[]> {
  // Evaluated by the debugger, so that the page's own policy stays as it is.
  await page.evaluate(axe.source);
  const found = (await page.evaluate('axe.run()')) as axe.AxeResults;
  return found.violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .map(({ html }) => html)
        .join(' ')
        .slice(0, 300)}`,
  );
}

test.each([
  ['phone', PHONE, 'light'],
  ['phone', PHONE, 'dark'],
  ['desk', DESK, 'light'],
  ['desk', DESK, 'dark'],
] as const)('every page on a %s is accessible and fits (%j, %s)', async (device, viewport, colorScheme) => {
  await using site = await openSite();
  const { page, problems } = await openPage(browser, { viewport, colorScheme });
  const wrong: Record<string, unknown> = {};
  for (const [name, go] of await everyPage(site)) {
    await go(page);
    const found = await violations(page);
    const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    if (found.length > 0 || Number(wide) > 0) wrong[name] = { found, wide };
    if (PICTURES) {
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: join(PICTURES, `${name}-${device}-${colorScheme}.png`), fullPage: true });
    }
  }
  expect(wrong).toEqual({});
  expect(problems).toEqual([]);
});
