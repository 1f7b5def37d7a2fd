import { expect, test } from 'vitest';
import { readMailbox, readMailboxes } from '../../src/returns/mailbox.ts';
import { findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { dsn } from '../returns/bounce.ts';
import { addresses, enrollSubscribers } from '../support/app.ts';
import { listedDay } from '../support/feeds.ts';
import { NEVER, openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';
import { startDovecot } from './dovecot.ts';

test('a mail that bounces into a mailbox takes its address off the list, and the next issue is not sent to it', async () => {
  await using dovecot = await startDovecot();
  await using room = await openNewsroom({
    BOUNCE_ADDRESS: 'bounces@papers.example.org',
    INBOX_URL: dovecot.url,
  });
  const { app, relay, feeds } = room;
  await enrollSubscribers(app, addresses(3));
  await runOnce(app);
  expect(relay.mails).toHaveLength(3);
  const dead = relay.mails.find(({ to }) => to === 'reader2@example.org');
  const tag = /\+(.*)@/.exec(dead?.from ?? '')?.[1] ?? '';
  dovecot.put(dsn(tag));
  dovecot.put(
    'From: friend@example.com\r\nTo: bounces@papers.example.org\r\nSubject: hello\r\n\r\nHello.\r\n',
  );
  feeds.state.days['2026-08-19'] = listedDay('2026-08-19', 12);
  app.time.advance(24 * 3_600_000);
  await runOnce(app);
  expect((await findByAddress(app.store.db, 'reader2@example.org'))?.state).toBe('suppressed');
  expect(relay.count('reader2@example.org')).toBe(1);
  expect(relay.count('reader1@example.org')).toBe(2);
  expect([dovecot.inbox(), dovecot.taken()]).toEqual([1, 1]);
  expect(await wrongBooks(app)).toEqual([]);
  const [inbox] = app.config.INBOX_URL;
  if (!inbox) throw new Error('no mailbox');
  expect(await readMailbox(app, app.returning, app.secrets, inbox, NEVER)).toEqual({
    read: 0,
    taken: 0,
    unreadable: 0,
  });
});

test('a mailbox with a wrong password is told of once an hour, and keeps nothing else waiting', async () => {
  await using dovecot = await startDovecot();
  await using room = await openNewsroom({
    INBOX_URL: dovecot.url.replace('secret', 'wrong'),
    OPERATOR_EMAIL: 'desk@example.net',
  });
  const { app } = room;
  for (let minutes = 0; minutes < 3; minutes += 1) {
    await readMailboxes(app, app.returning, app.secrets, NEVER);
    app.time.advance(30 * 60_000);
  }
  const told = await app.store.db
    .selectFrom('notices')
    .select('detail')
    .where('kind', '=', 'operator')
    .execute();
  expect(told).toEqual([{ detail: expect.stringContaining('has not been readable for an hour') }]);
});
