import { createTransport } from 'nodemailer';
import { expect, test } from 'vitest';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { listenForReturns } from '../../src/returns/listener.ts';
import { findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { addresses } from '../support/app.ts';
import { dsn } from './bounce.ts';
import { everythingElse, sentIssue, tagOf } from './support.ts';

test.each([true, false])(
  'a listener takes what comes back to a signed address, and nothing else (LMTP: %s)',
  async (lmtp) => {
    await using room = await sentIssue(addresses(2), { COMPLAINT_ADDRESS: 'fbl@papers.example.org' });
    const { app, ids } = room;
    const listener = await listenForReturns(app, app.returning, app.secrets, {
      lmtp,
      host: '127.0.0.1',
      port: 0,
    });
    const client = createTransport({ host: '127.0.0.1', port: listener.port, lmtp, ignoreTLS: true });
    const tag = tagOf(app, ids[0] ?? 0);
    const send = (to: string, raw: string) =>
      client.sendMail({ envelope: { from: '', to }, raw }).then(
        ({ response }) => response ?? 'taken',
        (error: { responseCode: number }) => error.responseCode,
      );
    const before = await everythingElse(app);
    const forged = tag.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect(await send(`bounces+${forged}@papers.example.org`, dsn(forged))).toBe(550);
    expect(await send('reader1@example.org', dsn(tag))).toBe(550);
    expect(await send('fbl@papers.example.org', dsn(forged))).toContain('taken');
    expect(await everythingElse(app)).toBe(before);
    expect(await send(`bounces+${tag}@papers.example.org`, dsn(tag))).toContain('taken');
    expect((await findByAddress(app.store.db, 'reader1@example.org'))?.state).toBe('suppressed');
    expect((await findByAddress(app.store.db, 'reader2@example.org'))?.state).toBe('active');
    client.close();
    await listener.close();
  },
);

test('mails that cannot be read are counted over a day, and the operator is told of many', async () => {
  const fbl = 'fbl@papers.example.org';
  await using room = await sentIssue(addresses(1), {
    COMPLAINT_ADDRESS: fbl,
    OPERATOR_EMAIL: 'desk@example.net',
  });
  const { app } = room;
  const listener = await listenForReturns(app, app.returning, app.secrets, {
    lmtp: true,
    host: '127.0.0.1',
    port: 0,
  });
  const client = createTransport({ host: '127.0.0.1', port: listener.port, lmtp: true, ignoreTLS: true });
  const raw = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\n'.repeat(1100)}`;
  const send = async (count: number) => {
    for (let sent = 0; sent < count; sent += 1)
      await client.sendMail({ envelope: { from: '', to: fbl }, raw });
    const told = await app.store.db.selectFrom('notices').select('detail').execute();
    return told.filter(({ detail }) => detail.includes('could not be read')).length;
  };
  expect(await send(10)).toBe(0);
  app.time.advance(DAY + HOUR);
  expect(await send(19)).toBe(0);
  app.time.advance(HOUR);
  expect([await send(1), await send(5)]).toEqual([1, 1]);
  client.close();
  await listener.close();
});
