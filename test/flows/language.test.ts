import { simpleParser } from 'mailparser';
import { expect, test } from 'vitest';
import { linkFor } from '../../src/subscribers/links.ts';
import { findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { openTestApp } from '../support/app.ts';
import { openNewsroom, runOnce } from '../support/newsroom.ts';
import { linkIn, openPages } from '../support/pages.ts';

test('a new reader is welcomed in the newsletter’s language, and then has mails in their own', async () => {
  await using room = await openNewsroom({ LANGUAGE: 'de' }, { realMails: true });
  const { app, relay } = room;
  await runOnce(app);
  const pages = openPages(app);
  const latest = async () => (await simpleParser(relay.mails.at(-1)?.raw ?? '')).text ?? '';
  await pages.signUp('ada@example.org');
  expect(await latest()).toContain('Bestätigen Sie Ihr Abonnement');
  const confirmed = await pages.post(await linkIn(relay.mails.at(-1)?.raw, 'confirm'));
  expect(confirmed.text).toContain('Ihr Abonnement ist bestätigt');
  expect(await latest()).toContain('Willkommen! Hier ist die neueste Ausgabe.');
  expect(await latest()).toContain('Ab jetzt kommt Ihr Newsletter jeden Tag um 07:00 Uhr (Ortszeit UTC).');
  const subscriber = await findByAddress(app.store.db, 'ada@example.org');
  const link = linkFor(app, 'preferences', subscriber?.id ?? 0);
  const wishes = { deliver_at: '07:00', timezone: 'UTC', rhythm: 'every', language: 'en' };
  expect((await pages.post(link, wishes)).text).toContain('Saved.');
  await pages.post(`${link}/link`, { for: 'manage' });
  expect(await latest()).toContain('Here is your link');
});

test('a LANGUAGE without a file is refused with those there are', async () => {
  await using app = await openTestApp({ LANGUAGE: 'tlh' });
  expect(() => app.languages()).toThrow('LANGUAGE: there is no lang/tlh.json; available:');
});
