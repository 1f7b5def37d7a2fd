import { describe, expect, test } from 'vitest';
import { HOUR } from '../../src/domain/time.ts';
import { findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { addresses } from '../support/app.ts';
import { BASIC, HOOKS, hooksOf, type Made, REQUESTS, TOPIC } from './hook-requests.ts';
import { CERTIFICATE, snsMessage } from './sns.ts';
import { everythingElse, sentIssue, tagOf } from './support.ts';

async function sent() {
  const room = await sentIssue(addresses(2), { HOOKS });
  room.relay.follow(() => undefined);
  const { app, ids } = room;
  await app.store.db
    .updateTable('deliveries')
    .set({ reply: '250 2.0.0 Ok: queued as 62fb66bef54a112e920b5493' })
    .execute();
  const made = (what: Made['what']) => ({
    tag: tagOf(app, ids[0] ?? 0),
    id: ids[0] ?? 0,
    reply: '62fb66bef54a112e920b5493',
    now: app.clock(),
    what,
  });
  return { ...room, made, hooks: hooksOf(app) };
}

const names = Object.keys(REQUESTS);

describe.each(names)('a report of %s', (name) => {
  const request = (made: Made) => REQUESTS[name]?.(made) ?? { body: '', headers: {} };

  test('takes a dead address off the list, and counts once', async () => {
    await using room = await sent();
    const { app, hooks, made } = room;
    expect(await hooks.post(name, request(made('hard')))).toBe(200);
    expect((await findByAddress(app.store.db, 'reader1@example.org'))?.state).toBe('suppressed');
    expect((await findByAddress(app.store.db, 'reader2@example.org'))?.state).toBe('active');
    const before = await everythingElse(app);
    const rows = await app.store.db.selectFrom('returns').selectAll().execute();
    expect(rows.filter(({ effect }) => effect === 'suppressed')).toHaveLength(1);
    expect(await hooks.post(name, request(made('hard')))).toBe(200);
    expect(await everythingElse(app)).toBe(before);
    expect(await app.store.db.selectFrom('returns').selectAll().execute()).toEqual(rows);
  });

  test('of a complaint ends the mails', async () => {
    await using room = await sent();
    expect(await room.hooks.post(name, request(room.made('complaint')))).toBe(200);
    const { effect } = await room.app.store.db
      .selectFrom('returns')
      .select('effect')
      .executeTakeFirstOrThrow();
    expect(effect).toBe('complained');
  });

  test('changes nothing when it is unsigned, changed, or about no mail of ours', async () => {
    await using room = await sent();
    const { app, hooks, made } = room;
    const good = request(made('hard'));
    const before = await everythingElse(app);
    const refused = name === 'mailgun' ? 406 : 401;
    expect(
      await hooks.post(name, { body: good.body.replace(/"signature"/, '"unsigned"'), headers: {} }),
    ).toBe(refused);
    expect(await hooks.post(name, { body: '{"broken', headers: {} })).toBe(refused);
    const forged = request({
      ...made('hard'),
      tag: 'd-1-1-00000000000000000000',
      reply: 'another-id-of-theirs',
    });
    expect(await hooks.post(name, forged)).toBe(200);
    expect(await everythingElse(app)).toBe(before);
  });
});

describe('a hook', () => {
  test('that is old is refused, and many bad proofs are turned away', async () => {
    await using room = await sent();
    const { app, hooks, made } = room;
    const old = REQUESTS.resend?.(made('hard')) ?? { body: '', headers: {} };
    app.time.advance(HOUR);
    expect(await hooks.post('resend', old)).toBe(401);
    for (let tries = 0; tries < 9; tries += 1) await hooks.post('postmark', { body: '{}', headers: {} });
    expect(await hooks.post('postmark', { body: '{}', headers: {} })).toBe(429);
    app.time.advance(HOUR);
    expect(await hooks.post('postmark', { body: '{}', headers: BASIC })).toBe(200);
  });

  test('of SES with another topic, an evil certificate or none asks for nothing', async () => {
    await using room = await sent();
    const { app, hooks } = room;
    const before = await everythingElse(app);
    const base = {
      Type: 'Notification',
      MessageId: '1',
      TopicArn: TOPIC,
      Message: '{}',
      Timestamp: new Date(app.clock()).toISOString(),
      SignatureVersion: '2',
      Signature: 'AAAA',
    };
    const evil = [
      'http://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem',
      'https://sns.us-east-1.amazonaws.com.evil.example/SimpleNotificationService-0.pem',
      'https://evil.example/SimpleNotificationService-0.pem',
      'https://sns.us-east-1.amazonaws.com@evil.example/SimpleNotificationService-0.pem',
      'https://sns.us-east-1.amazonaws.com:8443/SimpleNotificationService-0.pem',
      'https://sns.us-east-1.amazonaws.com/../SimpleNotificationService-0.pem?x',
      '',
    ];
    for (const SigningCertURL of evil.slice(0, 7))
      expect(
        await hooks.post('ses', { body: JSON.stringify({ ...base, SigningCertURL }), headers: {} }),
      ).toBe(403);
    const other = {
      ...base,
      TopicArn: `${TOPIC}2`,
      SigningCertURL: 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem',
    };
    expect(await hooks.post('ses', { body: JSON.stringify(other), headers: {} })).toBe(403);
    expect(hooks.asked).toEqual([]);
    expect(await everythingElse(app)).toBe(before);
  });

  test.each(['1', '2'] as const)(
    'of SES is believed by the certificate of SNS, asked for once (version %s)',
    async (version) => {
      await using room = await sentIssue(addresses(2), {
        HOOKS,
        BOUNCE_ADDRESS: 'bounces@papers.example.org',
      });
      const { app, ids } = room;
      // The certificate is younger than the days in which other tests play.
      app.time.set('2027-08-19T05:00:00Z');
      const hooks = hooksOf(app, CERTIFICATE);
      const fields = {
        Type: 'Notification',
        TopicArn: TOPIC,
        Timestamp: new Date(app.clock()).toISOString(),
        SigningCertURL: 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0a1b.pem',
      };
      const send = (MessageId: string, message: object) => {
        const { SigningCertURL, ...signed } = fields;
        const body = snsMessage({ ...signed, MessageId, Message: JSON.stringify(message) }, version);
        return hooks.post('ses', {
          body: JSON.stringify({ ...JSON.parse(body), SigningCertURL }),
          headers: {},
        });
      };
      const mail = (id: number) => ({
        source: `bounces+${tagOf(app, id)}@papers.example.org`,
        messageId: '0100-ses',
        headers: [],
      });
      const bounce = {
        bounceType: 'Permanent',
        bounceSubType: 'General',
        bouncedRecipients: [{ emailAddress: 'reader1@example.org', status: '5.1.1' }],
      };
      expect(await send('m1', { notificationType: 'Bounce', mail: mail(ids[0] ?? 0), bounce })).toBe(200);
      const complaint = {
        complainedRecipients: [{ emailAddress: 'reader2@example.org' }],
        complaintFeedbackType: 'abuse',
      };
      expect(await send('m2', { eventType: 'Complaint', mail: mail(ids[1] ?? 0), complaint })).toBe(200);
      const rows = await app.store.db.selectFrom('returns').select('effect').orderBy('id').execute();
      expect(rows.map(({ effect }) => effect)).toEqual(['suppressed', 'complained']);
      expect(hooks.asked).toEqual([fields.SigningCertURL]);
    },
  );

  test('that HOOKS does not name is not there', async () => {
    await using room = await sentIssue([], { HOOKS: 'postmark:user:password' });
    expect(await hooksOf(room.app).post('brevo', { body: '{}', headers: BASIC })).toBe(404);
  });
});
