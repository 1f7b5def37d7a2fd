import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { DAY, MINUTE } from '../../src/domain/time.ts';
import { enrollSubscriber, eraseByAddress, removeSubscriber } from '../../src/subscribers/admin.ts';
import { findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { suppressSubscriber } from '../../src/subscribers/suppress.ts';
import { sendHooks } from '../../src/webhooks/webhooks.ts';
import { openTestApp } from '../support/app.ts';
import { NEVER, openNewsroom, runOnce } from '../support/newsroom.ts';
import { receiver } from '../support/receiver.ts';

const WEBHOOK_SECRET = 'whsec_c2VjcmV0LW9mLXRoZS1ob29r';

describe('other programs', () => {
  test('are told of readers who come, leave and bounce, signed as Standard Webhooks', async () => {
    const hook = await receiver();
    await using app = await openTestApp({ WEBHOOK_URLS: hook.url, WEBHOOK_SECRET });
    await enrollSubscriber(app, 'ada@example.org');
    await enrollSubscriber(app, 'bea@example.org');
    await removeSubscriber(app, 'ada@example.org');
    await suppressSubscriber(app, (await findByAddress(app.store.db, 'bea@example.org'))?.id ?? 0, {
      reason: 'hard',
      reply: '550 5.1.1 no such mailbox',
    });
    await sendHooks(app, NEVER);
    await sendHooks(app, NEVER);
    expect(hook.types()).toEqual(['subscribed', 'subscribed', 'unsubscribed', 'bounced']);
    const [{ headers, body } = { headers: {}, body: '' }] = hook.got;
    expect(JSON.parse(body).data.subscriber).toEqual({ id: 1, email: 'ada@example.org' });
    const key = Buffer.from(WEBHOOK_SECRET.slice(6), 'base64');
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const mac = createHmac('sha256', key).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${mac}`);
  });

  test('are told once that an issue was sent, also when somebody joins later', async () => {
    const hook = await receiver();
    await using room = await openNewsroom({ WEBHOOK_URLS: hook.url, WEBHOOK_SECRET });
    await enrollSubscriber(room.app, 'ada@example.org');
    await runOnce(room.app);
    await enrollSubscriber(room.app, 'bea@example.org');
    room.app.time.advance(DAY / 4);
    await runOnce(room.app);
    expect(hook.types().filter((type) => type === 'issue.sent')).toHaveLength(1);
    const sent = hook.got.map(({ body }) => JSON.parse(body)).find(({ type }) => type === 'issue.sent');
    expect(sent.data.issue).toMatchObject({
      slug: '2026-08-19',
      url: 'https://papers.example.org/issues/2026-08-19',
    });
  });

  test('are tried again after a while when they fail, with the same id, and given up at last', async () => {
    const hook = await receiver(500, 302);
    await using app = await openTestApp({ WEBHOOK_URLS: hook.url, WEBHOOK_SECRET });
    await enrollSubscriber(app, 'ada@example.org');
    for (const wait of [0, 0, MINUTE, MINUTE, 4 * MINUTE]) {
      app.time.advance(wait);
      await sendHooks(app, NEVER);
    }
    expect(hook.got).toHaveLength(3);
    expect(new Set(hook.got.map(({ headers }) => headers['webhook-id'])).size).toBe(1);

    const dead = await receiver(...Array.from({ length: 20 }, () => 503));
    await using other = await openTestApp({ WEBHOOK_URLS: dead.url, WEBHOOK_SECRET });
    await enrollSubscriber(other, 'ada@example.org');
    for (let days = 0; days < 20; days++) {
      await sendHooks(other, NEVER);
      other.time.advance(DAY);
    }
    expect(dead.got).toHaveLength(8);
  });

  test('are not told the address of a reader who was erased meanwhile', async () => {
    const hook = await receiver();
    await using app = await openTestApp({ WEBHOOK_URLS: hook.url, WEBHOOK_SECRET });
    await enrollSubscriber(app, 'ada@example.org');
    await eraseByAddress(app, 'ada@example.org');
    await sendHooks(app, NEVER);
    expect(hook.types()).toEqual(['subscribed', 'unsubscribed']);
    expect(JSON.stringify(hook.got)).not.toContain('ada@');
  });

  test('are reached only at addresses that the sources may have too', async () => {
    const hook = await receiver();
    await using app = await openTestApp({
      ...{ WEBHOOK_URLS: hook.url, WEBHOOK_SECRET, ALLOW_PRIVATE_FEEDS: 'false' },
    });
    await enrollSubscriber(app, 'ada@example.org');
    await sendHooks(app, NEVER);
    expect(hook.got).toEqual([]);
    expect(app.logged).toContain('a webhook call was not accepted');
  });

  test('are not told unsigned', async () => {
    const open = openTestApp({ WEBHOOK_URLS: 'https://example.org/hook' });
    await expect(open).rejects.toMatchObject({ code: 'SETTINGS_INVALID' });
  });
});
