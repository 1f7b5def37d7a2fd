import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { removeSubscriber } from '../../src/subscribers/admin.ts';
import { type ImportOptions, importSubscribers } from '../../src/subscribers/import.ts';
import { findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { findSuppression } from '../../src/subscribers/suppressions-table.ts';
import { cli } from '../cli/fake-host.ts';
import { enrollSubscribers, openTestApp, tempFolder } from '../support/app.ts';
import { openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';

async function importBytes(
  app: App,
  bytes: string | Uint8Array,
  options: ImportOptions & { fileName?: string } = {},
) {
  using folder = tempFolder();
  const path = join(folder.path, options.fileName ?? 'list.csv');
  writeFileSync(path, bytes);
  return await importSubscribers(app, path, options);
}

async function statesOf(app: App): Promise<Record<string, string>> {
  const rows = await app.store.db
    .selectFrom('subscribers')
    .select(['email', 'state'])
    .orderBy('id')
    .execute();
  return Object.fromEntries(rows.map(({ email, state }) => [email.replace(/@.*/, ''), state]));
}

describe('a list as a spreadsheet saves it', () => {
  test.each<[string, string | Uint8Array]>([
    ['with a line sep=;', 'sep=;\r\nemail;name\r\nana@lab.example;Ana Müller\r\n'],
    ['in UTF-16 with tabs', Buffer.from('\ufeffemail\tname\r\nana@lab.example\tAna Müller\r\n', 'utf16le')],
    ['in UTF-16 without a mark', Buffer.from('email\tname\nana@lab.example\tAna Müller\n', 'utf16le')],
    ['in Windows-1252', Buffer.from('email,name\nana@lab.example,Ana Müller\n', 'latin1')],
    ['with a mark of UTF-8', '\ufeffemail,name\nana@lab.example,Ana Müller\n'],
    ['with line breaks of old', 'email,name\rana@lab.example,Ana Müller\r'],
    ['with blanks before quotes', 'email, name\nana@lab.example, "Ana Müller"\n'],
  ])('%s', async (_, bytes) => {
    await using app = await openTestApp();
    expect(await importBytes(app, bytes)).toMatchObject({ added: 1, badLines: [] });
    expect(await findByAddress(app.store.db, 'ana@lab.example')).toMatchObject({ name: 'Ana Müller' });
  });

  test('keeps its names in UTF-8 when one line is in Windows-1252', async () => {
    await using app = await openTestApp();
    const lines = ['email,name\nana@lab.example,Zoë 論文\n', 'bo@lab.example,José “Núñez”\n'];
    const [utf8 = '', old = ''] = lines;
    await importBytes(
      app,
      Buffer.concat([Buffer.from(utf8), Buffer.from(old.replace(/[“”]/g, ''), 'latin1')]),
    );
    expect(await findByAddress(app.store.db, 'ana@lab.example')).toMatchObject({ name: 'Zoë 論文' });
    expect(await findByAddress(app.store.db, 'bo@lab.example')).toMatchObject({ name: 'José Núñez' });
  });

  test('is refused with a word on what to do when it is no text', async () => {
    await using app = await openTestApp();
    const spreadsheet = Buffer.from('PK\x03\x04 and more');
    await expect(importBytes(app, spreadsheet)).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      next: expect.stringContaining('as CSV'),
    });
  });

  test('may have addresses with names, and notes of several lines that mention others', async () => {
    await using app = await openTestApp();
    const report = await importBytes(
      app,
      'email,name,notes\n"Berg, Bo" <bo@lab.example>,,\nCy Day <cy@lab.example>,Cyril,\nana@lab.example,Ana,"asked:\nplease add\nchief@else.example, she may like it\nthanks"\n',
    );
    expect(report).toMatchObject({ added: 3, badLines: [] });
    expect(await findByAddress(app.store.db, 'bo@lab.example')).toMatchObject({ name: 'Berg, Bo' });
    expect(await findByAddress(app.store.db, 'cy@lab.example')).toMatchObject({ name: 'Cyril' });
    expect(Object.keys(await statesOf(app))).toEqual(['bo', 'cy', 'ana']);
  });
});

/** In the shape of each program: Ana is subscribed, Bo has left, Cy's address is dead. */
const EXPORTS: [program: string, text: string, states: Record<string, string>, fileName?: string][] = [
  [
    'listmonk',
    'uuid,email,name,attributes,status,created_at,updated_at\n1,ana@lab.example,Ana,{},enabled,2026-01-01,2026-01-01\n2,bo@lab.example,Bo,"{""a"": ""b""}",disabled,2026-01-01,2026-01-01\n3,cy@lab.example,Cy,{},blocklisted,2026-01-01,2026-01-01\n',
    { ana: 'active', bo: 'unsubscribed', cy: 'suppressed' },
  ],
  [
    'Mailchimp',
    'Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,TIMEZONE,UNSUB_TIME,CLEAN_TIME,LEID,EUID,NOTES\nana@lab.example,Ana,Up,2,2026-01-01 10:00:00,Mars,,,1,a,\nbo@lab.example,Bo,Up,2,,,2026-02-01 10:00:00,,2,b,\ncy@lab.example,Cy,Up,2,,,,2026-02-01 10:00:00,3,c,\n',
    { ana: 'active', bo: 'unsubscribed', cy: 'suppressed' },
  ],
  [
    'Mailchimp',
    'Email Address,First Name,LEID,EUID\nbo@lab.example,Bo,2,b\n',
    { bo: 'unsubscribed' },
    'unsubscribed_members_export_1.csv',
  ],
  [
    'Mailchimp',
    'Email Address,First Name,LEID,EUID\ncy@lab.example,Cy,2,b\n',
    { cy: 'suppressed' },
    'cleaned_members_export_1.csv',
  ],
  [
    'Ghost',
    'id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels\n1,ana@lab.example,Ana,,true,false,,2026-01-01T00:00:00Z,,\n2,bo@lab.example,Bo,,false,false,,2026-01-01T00:00:00Z,,\n',
    { ana: 'active', bo: 'unsubscribed' },
  ],
  [
    'Substack',
    'email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at\nana@lab.example,false,,other,false,2026-01-01,\nbo@lab.example,true,2027-01-01,yearly,true,2026-01-01,\n',
    { ana: 'active', bo: 'unsubscribed' },
  ],
  [
    'Buttondown',
    'email,notes,subscriber_type,creation_date\nana@lab.example,,premium,2026-01-01\nbo@lab.example,,unsubscribed,2026-01-01\ncy@lab.example,,undeliverable,2026-01-01\nda@lab.example,,unactivated,2026-01-01\n',
    { ana: 'active', bo: 'unsubscribed', cy: 'suppressed', da: 'pending' },
  ],
  [
    'Keila',
    'Email,First name,Last name,Data,Status\nana@lab.example,Ana,Up,,active\nbo@lab.example,Bo,Up,,unsubscribed\ncy@lab.example,Cy,Up,,unreachable\n',
    { ana: 'active', bo: 'unsubscribed', cy: 'suppressed' },
  ],
  [
    'Mailtrain',
    'cid,status,HASH_EMAIL,EMAIL,MERGE_FIRST_NAME\n1,subscribed,x,ana@lab.example,Ana\n2,unsubscribed,y,bo@lab.example,Bo\n3,complained,z,cy@lab.example,Cy\n',
    { ana: 'active', bo: 'unsubscribed', cy: 'suppressed' },
  ],
];

describe('the export of another newsletter', () => {
  test.each(EXPORTS)(
    'of %s is recognised, and who left stays away',
    async (program, text, states, fileName) => {
      await using app = await openTestApp();
      const report = await importBytes(app, text, fileName === undefined ? {} : { fileName });
      expect(report).toMatchObject({ badLines: [], list: { name: `${program} export` } });
      expect(await statesOf(app)).toEqual(states);
      for (const [name, state] of Object.entries(states)) {
        const kept = await findSuppression(app.store.db, `${name}@lab.example`);
        expect(kept !== undefined).toBe(state === 'unsubscribed' || state === 'suppressed');
      }
    },
  );

  test('brings names of two columns', async () => {
    await using app = await openTestApp();
    await importBytes(app, EXPORTS[7]?.[1] ?? '');
    expect(await findByAddress(app.store.db, 'ana@lab.example')).toMatchObject({ name: 'Ana Up' });
  });

  test('is told in a dry run as it calls things itself', async () => {
    await using app = await openTestApp();
    using folder = tempFolder();
    const path = join(folder.path, 'list.csv');
    writeFileSync(path, EXPORTS[0]?.[1] ?? '');
    const { out } = await cli(app, 'subscribers', 'import', '--dry-run', path);
    expect(out).toBe(
      'listmonk export: 1 enabled, 1 disabled stay away, 1 blocklisted stay away\nDry run. Would have: 1 added, 0 updated, 2 kept away, as the file says.',
    );
    expect(await statesOf(app)).toEqual({});
  });
});

describe('any list that says who is subscribed', () => {
  test('is believed, whatever it calls the column', async () => {
    await using app = await openTestApp();
    const text =
      'email,Email Status,bounced_at\nana@lab.example,Active,\nbo@lab.example,UNSUBSCRIBED,\ncy@lab.example,active,2026-01-05\nda@lab.example,Hard Bounce,\n';
    await importBytes(app, text);
    expect(await statesOf(app)).toEqual({
      ana: 'active',
      bo: 'unsubscribed',
      cy: 'suppressed',
      da: 'suppressed',
    });
  });

  test('is asked about what it does not say in words that are known', async () => {
    await using app = await openTestApp();
    const text =
      'email,status\nana@lab.example,active\nbo@lab.example,vip\ncy@lab.example,\nda@lab.example,left\n';
    const report = await importBytes(app, text);
    expect(report.badLines).toEqual([
      { line: 3, problem: expect.stringMatching(/status is "vip".*--as.*--status-column/) },
      { line: 4, problem: expect.stringContaining('status is ""') },
    ]);
    await importBytes(app, text, { as: 'active' });
    expect(await statesOf(app)).toEqual({ ana: 'active', da: 'unsubscribed', bo: 'active', cy: 'active' });
  });

  test('may name its column, or say one state of everybody', async () => {
    await using app = await openTestApp();
    const text = 'email,condition\nana@lab.example,subscribed\nbo@lab.example,unsubscribed\n';
    await importBytes(app, text, { statusColumn: 'Condition' });
    expect(await statesOf(app)).toEqual({ ana: 'active', bo: 'unsubscribed' });
    await importBytes(app, 'email\nana@lab.example\ncy@lab.example\n', { as: 'suppressed' });
    expect(await statesOf(app)).toEqual({ ana: 'suppressed', bo: 'unsubscribed', cy: 'suppressed' });
    await expect(importBytes(app, text, { statusColumn: 'status' })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('"condition"'),
    });
  });

  test('adds nobody who has not confirmed', async () => {
    await using app = await openTestApp();
    await importBytes(app, 'email,confirmed\nana@lab.example,2026-01-05\nbo@lab.example,no\n');
    expect(await statesOf(app)).toEqual({ ana: 'active', bo: 'pending' });
  });

  test('may have the state of a postal address', async () => {
    await using app = await openTestApp();
    expect(await importBytes(app, 'email,city,state\nana@lab.example,Albany,NY\n')).toMatchObject({
      added: 1,
    });
  });

  test('keeps away whom a later line says to have left', async () => {
    await using app = await openTestApp();
    const text =
      'email,status\nana@lab.example,active\nbo@lab.example,left\nAna@lab.example,left\nbo@lab.example,active\n';
    expect(await importBytes(app, text)).toMatchObject({ badLines: [{ line: 5 }] });
    expect(await statesOf(app)).toEqual({ ana: 'unsubscribed', bo: 'unsubscribed' });
  });

  test('changes nothing that it has no column for', async () => {
    await using app = await openTestApp();
    await enrollSubscribers(app, ['ana@lab.example'], {
      timezone: 'Asia/Tokyo',
      topics: ['cs.CL'],
      picks: 3,
    });
    await importBytes(app, 'email,name\nana@lab.example,Ana New\n');
    expect(await findByAddress(app.store.db, 'ana@lab.example')).toMatchObject({
      name: 'Ana New',
      timezone: 'Asia/Tokyo',
      topics: ['cs.CL'],
      picks: 3,
    });
  });
});

describe('who has left', () => {
  test('is listed with the reason when a list has them, and stays away', async () => {
    await using app = await openTestApp();
    await enrollSubscribers(app, ['ana@lab.example', 'bo@lab.example']);
    await removeSubscriber(app, 'ana@lab.example');
    await cli(app, 'subscribers', 'erase', 'bo@lab.example');
    await importBytes(app, 'email\ncy@lab.example\n', { as: 'suppressed' });
    using folder = tempFolder();
    const path = join(folder.path, 'list.csv');
    writeFileSync(path, 'email\nana@lab.example\nbo@lab.example\ncy@lab.example\nda@lab.example\n');
    const { out, err } = await cli(app, 'subscribers', 'import', path);
    expect(err).toBe(
      'line 2: left out: unsubscribed\nline 3: left out: unsubscribed\nline 4: left out: suppressed (by-hand)',
    );
    expect(out).toBe('1 added, 0 updated, 3 left as they are (unsubscribed or suppressed).');
    expect(await statesOf(app)).toEqual({ ana: 'unsubscribed', cy: 'suppressed', da: 'active' });
  });

  test('is mailed nothing more once a list says so, and the books balance', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await enrollSubscribers(app, ['ana@lab.example', 'bo@lab.example', 'cy@lab.example']);
    await cli(app, 'issue', 'build');
    await importBytes(app, 'email,status\nbo@lab.example,unsubscribed\ncy@lab.example,bounced\n');
    await runOnce(app);
    expect(relay.recipients()).toEqual(['ana@lab.example']);
    expect(await wrongBooks(app)).toEqual([]);
  });
});
