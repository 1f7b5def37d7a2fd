import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { PROJECT_ROOT } from '../../src/config/package-files.ts';
import { SUBSCRIBER_STATES, type Subscriber } from '../../src/domain/subscriber.ts';
import { everySubscriber } from '../../src/subscribers/admin.ts';
import { csvHeader, formatSubscribers } from '../../src/subscribers/csv.ts';
import { importSubscribers } from '../../src/subscribers/import.ts';
import { findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { enrollSubscribers, ledger, openTestApp, tempFolder } from '../support/app.ts';
import { openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';

const HEADER = 'email,name,timezone,deliver_at,days,topics\n';

async function importText(app: App, text: string) {
  using folder = tempFolder();
  const path = join(folder.path, 'readers.csv');
  writeFileSync(path, text);
  return await importSubscribers(app, path);
}

async function everyone(app: App): Promise<Subscriber[]> {
  const all: Subscriber[] = [];
  for await (const slice of everySubscriber(app)) all.push(...slice);
  return all;
}

describe('an import', () => {
  test('takes the good lines and lists the bad ones by number', async () => {
    await using app = await openTestApp();
    const report = await importText(
      app,
      `${HEADER}ada@example.org,Ada,Europe/London,07:00,,\nnot an address,,,,,\nbea@example.org,Bea,Mars/Olympus,25:00,someday,\n\ncleo@example.org,Cleo,,7:30,mon wed,cs.CL; diffusion models\nADA@example.org,again,,,,\n`,
    );
    expect(report).toMatchObject({ added: 2, updated: 0, stayedAway: 0 });
    expect(report.badLines.map(({ line }) => line)).toEqual([3, 4, 7]);
    expect(report.badLines[1]?.problem).toMatch(
      /timezone is "Mars\/Olympus".*deliver_at is "25:00".*days is/,
    );
    expect(report.badLines[2]?.problem).toContain('line 2');
    expect((await everyone(app)).map(({ email, state, consent }) => [email, state, consent])).toEqual([
      ['ada@example.org', 'active', 'import'],
      ['cleo@example.org', 'active', 'import'],
    ]);
    expect(await findByAddress(app.store.db, 'cleo@example.org')).toMatchObject({
      timezone: 'UTC',
      deliverAt: '07:30',
      days: 5,
      topics: ['cs.CL', 'diffusion models'],
    });
  });

  test('names a topic that cannot be read, with its line', async () => {
    await using app = await openTestApp();
    const report = await importText(
      app,
      `${HEADER}ada@example.org,,,,,cs.CL;like:nonsense\nbob@example.org,,,,,lamps\n`,
    );
    expect(report.badLines).toEqual([
      { line: 2, problem: expect.stringMatching(/like:nonsense.*like:2510.01234/) },
    ]);
    expect(report).toMatchObject({ added: 1 });
  });

  test('loses one line to a quote that is not closed, not the rest of the file', async () => {
    await using app = await openTestApp();
    const report = await importText(
      app,
      `${HEADER}a@example.org,,,,,\n"b@example.org,x\nc@example.org,"C, c",,,,\n`,
    );
    expect(report.badLines).toEqual([{ line: 3, problem: 'a quote is not closed' }]);
    expect((await everyone(app)).map(({ name }) => name)).toEqual(['', 'C, c']);
  });

  test('says that a folder is not a file', async () => {
    await using app = await openTestApp();
    using folder = tempFolder();
    await expect(importSubscribers(app, folder.path)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  test('reads a byte order mark, quoted names, other column orders and missing columns', async () => {
    await using app = await openTestApp({ DEFAULT_TIMEZONE: 'Asia/Kolkata', DELIVER_AT: '06:30' });
    const report = await importText(
      app,
      '\ufeffName , EMAIL\r\n"Hopper, ""Amazing"" Grace",grace@example.org\r\n,ada@example.org\r\n',
    );
    expect(report).toMatchObject({ added: 2, badLines: [] });
    expect(await findByAddress(app.store.db, 'grace@example.org')).toMatchObject({
      name: 'Hopper, "Amazing" Grace',
      timezone: 'Asia/Kolkata',
      deliverAt: '06:30',
      days: 127,
    });
  });

  test('goes on after a line that is no CSV', async () => {
    await using app = await openTestApp();
    const report = await importText(app, `${HEADER}ada@example.org,A"da,,,,\nbea@example.org,Bea,,,,\n`);
    expect(report).toMatchObject({ added: 1 });
    expect(report.badLines.map(({ line }) => line)).toEqual([2]);
  });

  test('brings nobody back who has left, and confirms who was pending', async () => {
    await using app = await openTestApp();
    await enrollSubscribers(app, ['gone@example.org'], { state: 'unsubscribed' });
    await enrollSubscribers(app, ['dead@example.org'], { state: 'suppressed' });
    await enrollSubscribers(app, ['pending@example.org'], { state: 'pending' });
    const lines = 'gone@example.org,,,,,\ndead@example.org,,,,,\npending@example.org,,,,,\n';
    expect(await importText(app, HEADER + lines)).toMatchObject({ added: 0, updated: 1, stayedAway: 2 });
    expect((await everyone(app)).map(({ state }) => state)).toEqual(['unsubscribed', 'suppressed', 'active']);
  });

  test('gives new readers the latest issue at their next hour, not at once', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await runOnce(app, { due: true });
    app.time.set('2026-08-19T10:00:00Z');
    await importText(app, `${HEADER}ada@example.org,,UTC,12:00,,\n`);
    await runOnce(app, { due: true });
    expect(relay.mails).toEqual([]);
    app.time.set('2026-08-19T12:00:00Z');
    await runOnce(app, { due: true });
    expect(relay.recipients()).toEqual(['ada@example.org']);
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('of the same list in the morning moves no mail that is due', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    const list = `${HEADER}ada@example.org,Ada,UTC,07:00,,\n`;
    await importText(app, list);
    await runOnce(app, { due: true });
    app.time.set('2026-08-19T07:10:00Z');
    await importText(app, list);
    await runOnce(app, { due: true });
    expect(relay.recipients()).toEqual(['ada@example.org']);
    expect(await ledger(app)).toHaveLength(1);
  });

  test.each([
    ['a file that is not there', undefined, 'FILE_UNREADABLE'],
    ['a file without the column email', 'name,address\nAda,ada@example.org\n', 'FILE_UNREADABLE'],
    ['no good line', `${HEADER}nobody,,,,,\n`, 'IMPORT_EMPTY'],
    ['an empty file', '', 'IMPORT_EMPTY'],
  ])('of %s is a fault', async (_, text, code) => {
    await using app = await openTestApp();
    const report = text === undefined ? importSubscribers(app, '/nowhere.csv') : importText(app, text);
    await expect(report).rejects.toMatchObject({ name: 'Fault', code });
  });

  test('of the example in subscribers/ is good to the last line', async () => {
    await using app = await openTestApp();
    const report = await importText(app, readFileSync(join(PROJECT_ROOT, 'subscribers/example.csv'), 'utf8'));
    expect(report).toMatchObject({ added: 3, badLines: [] });
  });
});

test('an export that is imported changes nothing, and rebuilds the list elsewhere, states included', async () => {
  const word = fc
    .string({ unit: 'binary', maxLength: 12 })
    .map((text) => text.replace(/[\p{C};\s]+/gu, ' ').trim());
  const subscriber = fc.record({
    name: fc.oneof(word, fc.constantFrom('=1+1', '@ada', '-x', "O'Neil", '"quoted", twice', "'=kept")),
    state: fc.constantFrom(...SUBSCRIBER_STATES),
    timezone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu'),
    deliverAt: fc.constantFrom('00:00', '07:30', '23:30'),
    days: fc.oneof(fc.integer({ min: 1, max: 127 }), fc.constant(128)),
    topics: fc.uniqueArray(
      fc.constantFrom(
        'cs.CL',
        'q-bio',
        '-tidal “gardens”',
        '=lamps, and nights',
        'author:Ada É. Example',
        'like:2510.01234',
      ),
      { maxLength: 3 },
    ),
    language: fc.constantFrom('', 'de', 'pt-BR'),
    picks: fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 100 })),
    pausedUntil: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 4e12 })),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(subscriber, { minLength: 1, maxLength: 5 }), async (subscribers) => {
      await using first = await openTestApp({ DATABASE_URL: ':memory:' });
      await using second = await openTestApp({ DATABASE_URL: ':memory:' });
      for (const [n, change] of subscribers.entries())
        await enrollSubscribers(first, [`reader${n}@example.org`], change);
      const before = await everyone(first);
      const text = csvHeader() + formatSubscribers(before);
      expect(await importText(first, text)).toMatchObject({ added: 0, badLines: [], leftOut: [] });
      expect(await everyone(first)).toEqual(before);
      await importText(second, text);
      expect(csvHeader() + formatSubscribers(await everyone(second))).toBe(text);
    }),
  );
});

describe('a list from elsewhere', () => {
  test.each([
    ['semicolons', ';'],
    ['tabs', '\t'],
    ['bars', '|'],
  ])('may have %s between its columns, in any order, and a byte order mark', async (_, mark) => {
    await using app = await openTestApp();
    const lines = [
      ['Name', 'tz', 'E-Mail', 'more'],
      ['Ada', 'Asia/Tokyo', 'ada@example.org', 'x'],
    ];
    await importText(app, `\ufeff${lines.map((cells) => cells.join(mark)).join('\r\n')}\r\n`);
    const found = await findByAddress(app.store.db, 'ada@example.org');
    expect(found).toMatchObject({ name: 'Ada', timezone: 'Asia/Tokyo', state: 'active' });
  });

  test('keeps where the consent came from, for good', async () => {
    await using app = await openTestApp();
    await importText(app, 'email,consent\nada@example.org,form of 2024-05-01\nbea@example.org,\n');
    await importText(app, 'email,consent,name\nada@example.org,told me so,Ada\n');
    const consents = (await everyone(app)).map(({ consent }) => consent);
    expect(consents).toEqual(['import: form of 2024-05-01', 'import']);
  });

  test('is looked at without being taken', async () => {
    await using app = await openTestApp();
    using folder = tempFolder();
    const path = join(folder.path, 'readers.csv');
    await enrollSubscribers(app, ['bea@example.org']);
    writeFileSync(path, `${HEADER}ada@example.org,,,,,\nbea@example.org,Bea,,,,\nnobody,,,,,\n`);
    let bytes = 0;
    const report = await importSubscribers(app, path, {
      dryRun: true,
      onProgress: (read, of) => {
        bytes += read / of;
      },
    });
    expect(report).toMatchObject({ added: 1, updated: 1, stayedAway: 0, badLines: [{ line: 4 }] });
    expect(bytes).toBe(1);
    expect((await everyone(app)).map(({ email, name }) => [email, name])).toEqual([
      ['bea@example.org', 'Ada Example'],
    ]);
  });
});
