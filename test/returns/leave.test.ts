import { describe, expect, test } from 'vitest';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { addresses } from '../support/app.ts';
import { runOnce } from '../support/newsroom.ts';
import { linkIn, openPages } from '../support/pages.ts';
import { everythingElse, sentIssue, take } from './support.ts';

const LEAVE = 'leave@papers.example.org';

let made = 0;

const toLeave = (change: { from?: string; to?: string; more?: string } = {}) => {
  made += 1;
  const { from = 'A Reader <Reader1@example.org>', to = LEAVE, more = '' } = change;
  return `From: ${from}\r\nTo: <${to}>\r\nMessage-ID: <leave-${made}@example.org>\r\nSubject: please take me off\r\n${more}\r\nThank you.\r\n`;
};

describe('a mail to UNSUBSCRIBE_ADDRESS without a token', () => {
  test('gets an active subscriber the link with the button, and nothing else changes before they press it', async () => {
    await using room = await sentIssue(addresses(2), { UNSUBSCRIBE_ADDRESS: LEAVE });
    const { app, relay } = room;
    expect(await take(app, toLeave())).toEqual(['none']);
    expect((await findByAddress(app.store.db, 'reader1@example.org'))?.state).toBe('active');
    await runOnce(app);
    const mail = relay.mails.at(-1);
    expect([mail?.to, relay.count('reader1@example.org'), relay.mails]).toEqual([
      'reader1@example.org',
      2,
      expect.objectContaining({ length: 3 }),
    ]);
    expect(mail?.raw.toString()).toContain('Subject: Do you want to leave');
    const pages = openPages(app);
    const link = await linkIn(mail?.raw, 'unsubscribe');
    expect((await pages.get(link)).text).toContain('<button');
    await pages.post(link);
    expect((await findByAddress(app.store.db, 'reader1@example.org'))?.state).toBe('unsubscribed');
  });

  test('gets one a day, however many are written', async () => {
    await using room = await sentIssue(addresses(1), { UNSUBSCRIBE_ADDRESS: LEAVE });
    const { app } = room;
    const notices = async () => (await app.store.db.selectFrom('notices').select('kind').execute()).length;
    await take(app, toLeave(), toLeave(), toLeave());
    app.time.advance(23 * HOUR);
    await take(app, toLeave());
    expect(await notices()).toBe(1);
    app.time.advance(DAY);
    await take(app, toLeave());
    expect(await notices()).toBe(2);
  });

  test.each([
    ['nobody on the list', { from: 'somebody@example.net' }],
    ['two senders', { from: 'reader1@example.org, reader2@example.org' }],
    ['a program', { more: 'Auto-Submitted: auto-replied\r\n' }],
    ['nobody, as a bounce', { more: 'Return-Path: <>\r\n' }],
    ['a subscriber who writes elsewhere', { to: 'desk@papers.example.org' }],
  ])('changes nothing and leaves no row when it is from %s', async (_, change) => {
    await using room = await sentIssue(addresses(2), { UNSUBSCRIBE_ADDRESS: LEAVE });
    const { app } = room;
    const before = await everythingElse(app);
    expect(await take(app, toLeave(change))).toEqual(['unmatched']);
    expect(await everythingElse(app)).toBe(before);
    expect(await app.store.db.selectFrom('returns').selectAll().execute()).toEqual([]);
  });

  test('is left alone where answers to our mails arrive as well', async () => {
    await using room = await sentIssue(addresses(1), {
      UNSUBSCRIBE_ADDRESS: LEAVE,
      MAIL_REPLY_TO: `Desk <${LEAVE}>`,
    });
    expect(await take(room.app, toLeave())).toEqual(['unmatched']);
  });
});
