import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { readSecrets } from '../../src/db/secrets.ts';
import { followSecrets, refreshSecrets } from '../../src/subscribers/secrets.ts';
import { enrollSubscribers, openTestApp, tempFolder } from '../support/app.ts';
import { openNewsroom, runOnce } from '../support/newsroom.ts';
import { linkIn, openPages, stateOf } from '../support/pages.ts';
import { cli } from './fake-host.ts';

const retire = (app: App) => cli(app, 'secret', 'retire', '--yes');

/** A subscriber who has had a mail, and the links in it. */
async function openMailed(settings: Record<string, string> = {}) {
  const room = await openNewsroom(settings, { realMails: true });
  const [id = 0] = await enrollSubscribers(room.app, ['ada@example.org']);
  await runOnce(room.app);
  const raw = room.relay.mails.at(-1)?.raw;
  const links = { leave: await linkIn(raw, 'unsubscribe'), preferences: await linkIn(raw, 'preferences') };
  return { ...room, id, links, pages: openPages(room.app) };
}

describe('a secret that is retired', () => {
  test('is good for nothing any more: links of mails already sent do nothing', async () => {
    await using room = await openMailed();
    const { app, links, pages } = room;
    const before = app.secrets[0];
    const { code, out } = await retire(app);
    expect(code).toBe(0);
    expect(out).toContain('1 secret is forgotten.');
    expect(await readSecrets(app.store.db)).toEqual([app.secrets[0]]);
    expect(app.secrets).not.toContain(before);
    for (const link of Object.values(links)) {
      expect((await pages.get(link)).status).toBe(404);
      expect((await pages.post(link)).status).toBe(404);
    }
    expect(await stateOf(app, 'ada@example.org')).toBe('active');
  });

  test('leaves its readers a way to leave: the page mails them links that work', async () => {
    await using room = await openMailed();
    const { app, links, pages, relay } = room;
    await retire(app);
    const page = await pages.get(links.leave);
    expect(page.text).toContain('To unsubscribe from Offprint or change what you get, ask for new links.');
    const stamp = /name="stamp" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    app.time.advance(5000);
    expect((await pages.post('/subscribe', { email: 'ada@example.org', stamp })).text).toContain('inbox');
    const fresh = await linkIn(relay.mails.at(-1)?.raw, 'unsubscribe');
    expect(fresh).not.toBe(links.leave);
    expect((await pages.post(fresh)).status).toBe(200);
    expect(await stateOf(app, 'ada@example.org')).toBe('unsubscribed');
  });

  test('is gone for processes that run on, and none of them signs with one that will be', async () => {
    using folder = tempFolder();
    const DATABASE_URL = `${folder.path}/offprint.db`;
    await using running = await openTestApp({ DATABASE_URL });
    await using command = await openTestApp({ DATABASE_URL });
    const [old] = running.secrets;
    const signing: string[][] = [];
    // The command waits for the others: this is when they look.
    const wait = async () => {
      await refreshSecrets(running.store.db, running.secrets);
      signing.push([...running.secrets]);
    };
    await retire({ ...command, sending: { ...command.sending, wait } });
    await refreshSecrets(running.store.db, running.secrets);
    const [current] = command.secrets;
    expect(signing).toEqual([[current, old]]);
    expect(running.secrets).toEqual([current]);
    followSecrets(running.store.db, running.secrets, running.sending.every)();
  });

  test('brings along all that were there before', async () => {
    using folder = tempFolder();
    const DATABASE_URL = `${folder.path}/offprint.db`;
    for (const SECRET of ['first-of-all', 'second-one'])
      await (await openTestApp({ DATABASE_URL, SECRET })).close();
    await using app = await openTestApp({ DATABASE_URL });
    expect((await retire(app)).out).toContain('2 secrets are forgotten.');
    expect(app.secrets).toHaveLength(1);
  });
});

describe('where SECRET is set', () => {
  test('it says what to do first', async () => {
    await using app = await openTestApp({ SECRET: 'correct horse' });
    const { code, err } = await retire(app);
    expect(code).toBe(2);
    expect(err).toContain('Set SECRET to a new value wherever Offprint runs');
    expect(app.secrets).toEqual(['correct horse']);
  });

  test('it forgets the others once SECRET is a new one', async () => {
    using folder = tempFolder();
    const DATABASE_URL = `${folder.path}/offprint.db`;
    await (await openTestApp({ DATABASE_URL, SECRET: 'leaked' })).close();
    await using app = await openTestApp({ DATABASE_URL, SECRET: 'a new one' });
    const { out } = await retire(app);
    expect(out).toContain('SECRET is set and stays the current secret');
    expect(await readSecrets(app.store.db)).toEqual(['a new one']);
  });
});

describe('the command', () => {
  test('asks first, says what will stop working, and does nothing without a yes', async () => {
    await using app = await openTestApp();
    const before = [...app.secrets];
    const nobody = await cli(app, 'secret', 'retire');
    expect(nobody).toMatchObject({ code: 2, err: expect.stringContaining('Add --yes') });
    for (const answer of ['', 'no', 'y']) {
      const { code, out } = await cli({ app, answer }, 'secret', 'retire');
      expect([code, out.endsWith('Nothing was changed.')]).toEqual([0, true]);
      for (const what of ['unsubscribe', 'confirm', 'erase', 'BOUNCE_ADDRESS']) expect(out).toContain(what);
    }
    expect(app.secrets).toEqual(before);
    expect((await cli({ app, answer: ' Yes ' }, 'secret', 'retire')).out).toContain('1 secret is forgotten.');
    expect(app.secrets).not.toEqual(before);
  });

  test('lists how many there are and since when, and never what they are', async () => {
    await using app = await openTestApp({ SECRET: 'correct horse battery' });
    const { out } = await cli(app, 'secret', 'list');
    expect(out).toMatch(/1 {2}2026-08-19T05:00:00Z {2}signs every link/);
    const { out: json } = await cli(app, 'secret', 'list', '--json');
    expect(JSON.parse(json)).toEqual([{ since: '2026-08-19T05:00:00Z', current: true }]);
    expect(out + json).not.toContain('correct horse');
  });
});

test('forms and limits go on after a secret is retired, with one more click', async () => {
  await using room = await openNewsroom();
  const { app } = room;
  const pages = openPages(app);
  const open = pages.stamp();
  await retire(app);
  const again = await pages.post('/subscribe', { email: 'bea@example.org', stamp: open });
  expect([again.status, again.text.includes('One more click')]).toEqual([200, true]);
  expect((await pages.signUp('bea@example.org')).text).toContain('inbox');
  expect(room.relay.recipients()).toEqual(['bea@example.org']);
});
