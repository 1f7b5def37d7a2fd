import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { launch, linkIn, openPage, openSite, press, type TestSite } from './site.ts';

const ADA = 'ada@example.org';
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const subscriber = (site: TestSite) => findByAddress(site.app.store.db, ADA);

describe.each([
  ['with JavaScript', true],
  ['without JavaScript', false],
])('a reader %s', (_, javaScriptEnabled) => {
  test('signs up, confirms, chooses, gets the issue, and leaves', async () => {
    await using site = await openSite();
    const { page, problems } = await openPage(browser, { javaScriptEnabled });
    await page.goto(site.url);
    site.pause();
    await page.getByLabel('Your email address').fill(ADA);
    await press(page, 'Subscribe');
    expect(await page.locator('h1').innerText()).toBe('Check your inbox');

    const [confirmation] = await site.mailsTo(ADA);
    await page.goto(linkIn(confirmation, 'confirm'));
    await press(page, 'Yes, subscribe me');
    expect(await page.locator('h1').innerText()).toBe('You are subscribed');
    expect(await subscriber(site)).toMatchObject({
      state: 'active',
      timezone: javaScriptEnabled ? 'Asia/Tokyo' : 'UTC',
    });

    await page.getByRole('link', { name: /Choose your time/ }).click();
    await page.getByLabel('On these days:').first().check();
    await page.getByLabel('Thursday').check();
    await page.getByLabel('Time', { exact: true }).selectOption('22:30');
    await page.getByLabel('Time zone').fill('europe/berlin');
    await page.getByLabel('Papers per issue').selectOption('3');
    await page.getByLabel('Interests').fill('cs.CL\nauthor: Ada Example');
    await page.getByLabel('Not interested in').fill('lamps');
    await press(page, 'Save');
    expect(await page.getByRole('status').innerText()).toMatch(
      /Saved\. Your newsletter arrives every day at 22:30, Berlin time/,
    );
    expect(await page.locator('.next li').count()).toBe(3);
    expect(await subscriber(site)).toMatchObject({
      timezone: 'Europe/Berlin',
      deliverAt: '22:30',
      picks: 3,
      topics: ['cs.CL', 'author:Ada Example', '-lamps'],
    });

    await page.getByLabel('Or paste it here').fill('arXiv:2510.01234');
    await press(page, 'Add my library');
    expect(await page.getByRole('status').innerText()).toMatch(/^One entry: 0 found, 1 not seen yet/);
    await press(page, 'Remove my library');
    expect(await page.getByRole('status').innerText()).toBe('Your library was removed.');

    const mails = await site.mailsTo(ADA);
    const issue = mails.find(({ text }) => text.includes('/unsubscribe/'));
    await page.goto(linkIn(issue, 'unsubscribe'));
    await press(page, 'Unsubscribe');
    expect(await page.locator('h1').innerText()).toBe('You are unsubscribed');
    expect((await subscriber(site))?.state).toBe('unsubscribed');
    expect(problems).toEqual([]);
  });
});

test('the whole way goes by keyboard', async () => {
  await using site = await openSite();
  const { page, problems } = await openPage(browser);
  await page.goto(site.url);
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Skip to content');
  await tabTo(page, 'email');
  site.pause();
  await page.keyboard.type(ADA);
  await page.keyboard.press('Tab');
  expect(await focused(page), 'the field that nobody sees is not on the way').toBe('Subscribe');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/subscribe');
  const [confirmation] = await site.mailsTo(ADA);
  await page.goto(linkIn(confirmation, 'confirm'));
  await tabTo(page, 'Yes, subscribe me');
  await page.keyboard.press('Enter');
  await page.getByText('You are subscribed').first().waitFor();
  await tabTo(page, 'Choose your time, days and topics');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/preferences/**');
  await tabTo(page, 'rhythm');
  await page.keyboard.press('ArrowDown');
  await tabTo(page, 'deliver_at');
  await page.keyboard.type('09:00');
  await tabTo(page, 'Save');
  await page.keyboard.press('Enter');
  await page.getByRole('status').waitFor();
  expect(await subscriber(site)).toMatchObject({ deliverAt: '09:00', days: 31 });
  await tabTo(page, 'Unsubscribe');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/unsubscribe/**');
  await tabTo(page, 'Unsubscribe');
  await page.keyboard.press('Enter');
  await page.getByText('You are unsubscribed').first().waitFor();
  expect(problems).toEqual([]);
});

test('an address is changed, data is taken and a reader is erased, each by a mailed link', async () => {
  await using site = await openSite();
  const { page } = await openPage(browser);
  await signUpAndConfirm(site, page);
  const preferences = page.url();
  await press(page, /Change my address/);
  const manage = linkIn((await site.mailsTo(ADA)).at(-1), 'manage');
  await page.goto(manage);
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Download my data')]);
  expect(download.suggestedFilename()).toBe('my-data.json');
  await page.getByLabel('New email address').fill('new@example.org');
  await press(page, 'Send me a link');
  const proof = linkIn((await site.mailsTo('new@example.org')).at(-1), 'address');
  await page.goto(proof);
  await press(page, 'Yes, use this address');
  expect(await page.locator('h1').innerText()).toBe('Your address has changed');
  expect((await page.goto(preferences))?.status()).toBe(404);
  expect(await subscriber(site)).toBeUndefined();
});

test('under attack a browser works, and then takes the press that came too early', async () => {
  await using site = await openSite({ PROOF_OF_WORK: 'always' });
  const { page, problems } = await openPage(browser);
  await page.goto(site.url);
  site.pause();
  await page.getByLabel('Your email address').fill(ADA);
  await press(page, 'Subscribe');
  expect(await page.locator('h1').innerText()).toBe('One more click');
  site.pause();
  await press(page, 'Yes, subscribe me');
  await page.getByText('Check your inbox').first().waitFor();
  expect(problems).toEqual([]);
  const counted = await site.app.store.db.selectFrom('limits').select('key').execute();
  expect(counted.some(({ key }) => key.startsWith('proof:'))).toBe(true);
  expect(counted.some(({ key }) => key === 'signup:plain')).toBe(false);
});

test('a page is shown in no frame', async () => {
  await using site = await openSite();
  const { page } = await openPage(browser);
  await page.setContent(`<iframe src="${site.url}/subscribe"></iframe>`);
  const frame = page.frames()[1];
  await page.waitForTimeout(0);
  expect(await frame?.locator('form').count()).toBe(0);
});

async function signUpAndConfirm(site: TestSite, page: Page): Promise<void> {
  await page.goto(site.url);
  site.pause();
  await page.getByLabel('Your email address').fill(ADA);
  await press(page, 'Subscribe');
  await page.goto(linkIn((await site.mailsTo(ADA))[0], 'confirm'));
  await press(page, 'Yes, subscribe me');
  await page.getByRole('link', { name: /Choose your time/ }).click();
}

/** What has the focus: its name, or what it says. */
async function focused(page: Page): Promise<string> {
  const element = page.locator(':focus');
  if ((await element.count()) === 0) return '';
  return (await element.getAttribute('name')) ?? (await element.innerText()).trim();
}

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, wanted: string): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    if (now === wanted) return;
    seen.push(now);
  }
  throw new Error(`the focus never came to ${wanted}: ${seen.join(' | ')}`);
}
