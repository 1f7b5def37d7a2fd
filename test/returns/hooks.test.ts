import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { HOUR, SECOND } from '../../src/domain/time.ts';
import { hookRoutes } from '../../src/returns/hook-routes.ts';
import { findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { addresses, type TestApp } from '../support/app.ts';
import { CERTIFICATE, snsMessage } from './sns.ts';
import { everythingElse, sentIssue, tagOf } from './support.ts';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const WHSEC = `whsec_${Buffer.from('a key of twenty-four bytes').toString('base64')}`;
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:offprint';
const HOOKS = [
  'mailgun:key-of-mailgun',
  `sendgrid:${publicKey.export({ format: 'der', type: 'spki' }).toString('base64')}`,
  'postmark:user:password',
  'brevo:token-of-brevo',
  'sparkpost:user:password',
  `resend:${WHSEC}`,
  'mailjet:user:password',
  'mailersend:key-of-mailersend',
  `generic:${WHSEC}`,
  `ses:${TOPIC}`,
].join(', ');

const BASIC = { authorization: `Basic ${Buffer.from('user:password').toString('base64')}` };

type Signed = { readonly body: string; readonly headers: Record<string, string> };
type Made = {
  readonly tag: string;
  readonly id: number;
  readonly reply: string;
  readonly now: number;
  readonly what: 'hard' | 'complaint';
};

const svix = (prefix: string, body: string, now: number, id = 'msg_1'): Signed => {
  const time = String(Math.floor(now / SECOND));
  const key = Buffer.from(WHSEC.slice(6), 'base64');
  const mac = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64');
  return {
    body,
    headers: { [`${prefix}-id`]: id, [`${prefix}-timestamp`]: time, [`${prefix}-signature`]: `v1,${mac}` },
  };
};

/** A request of each provider in its own shape, signed. */
const REQUESTS: Record<string, (made: Made) => Signed> = {
  mailgun: ({ tag, now, what }) => {
    const timestamp = String(Math.floor(now / SECOND));
    const token = `token-${what}`;
    const signature = createHmac('sha256', 'key-of-mailgun')
      .update(timestamp + token)
      .digest('hex');
    const failed = {
      event: 'failed',
      severity: 'permanent',
      reason: 'bounce',
      'delivery-status': { code: 550, 'enhanced-code': '5.1.1', message: 'no such user' },
    };
    const data = what === 'hard' ? failed : { event: 'complained' };
    const message = { headers: { 'message-id': `${tag}@papers.example.org` } };
    return {
      body: JSON.stringify({
        signature: { timestamp, token, signature },
        'event-data': {
          ...data,
          id: 'x',
          timestamp: now / SECOND,
          recipient: 'reader1@example.org',
          message,
        },
      }),
      headers: {},
    };
  },
  sendgrid: ({ tag, now, what }) => {
    const timestamp = String(Math.floor(now / SECOND));
    const event =
      what === 'hard'
        ? {
            event: 'bounce',
            type: 'bounce',
            status: '5.1.1',
            bounce_classification: 'Invalid Address',
            reason: '550 5.1.1 unknown',
          }
        : { event: 'spamreport' };
    const body = JSON.stringify([
      { ...event, email: 'reader1@example.org', sg_event_id: what, timestamp: now / SECOND, offprint: tag },
      { event: 'open', sg_event_id: 'o' },
    ]);
    const signature = sign('sha256', Buffer.from(timestamp + body), privateKey).toString('base64');
    return {
      body,
      headers: {
        'x-twilio-email-event-webhook-signature': signature,
        'x-twilio-email-event-webhook-timestamp': timestamp,
      },
    };
  },
  postmark: ({ tag, what }) => ({
    body: JSON.stringify({
      RecordType: what === 'hard' ? 'Bounce' : 'SpamComplaint',
      ID: 42,
      Type: 'HardBounce',
      Email: 'reader1@example.org',
      Metadata: { offprint: tag },
      Details: 'unknown',
    }),
    headers: BASIC,
  }),
  brevo: ({ tag, what }) => ({
    body: JSON.stringify({
      event: what === 'hard' ? 'hard_bounce' : 'spam',
      email: 'reader1@example.org',
      'message-id': '<1@relay>',
      ts_event: 1_600_000_000,
      'X-Mailin-custom': tag,
    }),
    headers: { authorization: 'Bearer token-of-brevo' },
  }),
  sparkpost: ({ tag, what }) => ({
    body: JSON.stringify([
      {
        msys: {
          message_event: {
            type: what === 'hard' ? 'bounce' : 'spam_complaint',
            bounce_class: '10',
            event_id: '77',
            rcpt_meta: { offprint: tag },
            rcpt_to: 'reader1@example.org',
          },
        },
      },
      { msys: {} },
    ]),
    headers: BASIC,
  }),
  resend: ({ tag, now, what }) =>
    svix(
      'svix',
      JSON.stringify({
        type: what === 'hard' ? 'email.bounced' : 'email.complained',
        created_at: new Date(now).toISOString(),
        data: {
          email_id: 'e1',
          to: ['reader1@example.org'],
          headers: [{ name: 'Message-ID', value: `<${tag}@papers.example.org>` }],
          bounce: { type: 'Permanent' },
        },
      }),
      now,
      `msg_${what}`,
    ),
  mailjet: ({ tag, what }) => ({
    body: JSON.stringify({
      event: what === 'hard' ? 'bounce' : 'spam',
      time: 1_600_000_000,
      MessageID: 9,
      email: 'reader1@example.org',
      CustomID: tag,
      hard_bounce: true,
    }),
    headers: BASIC,
  }),
  mailersend: ({ reply, what }) => {
    const body = JSON.stringify({
      type: what === 'hard' ? 'activity.hard_bounced' : 'activity.spam_complaint',
      data: {
        id: `a-${what}`,
        email: { message: { id: reply }, recipient: { email: 'reader1@example.org' } },
      },
    });
    return {
      body,
      headers: { signature: createHmac('sha256', 'key-of-mailersend').update(body).digest('hex') },
    };
  },
  generic: ({ tag, now, what }) =>
    svix(
      'webhook',
      JSON.stringify({
        tag,
        kind: what === 'hard' ? 'bounce' : 'complaint',
        class: 'hard',
        status: '5.1.1',
        at: new Date(now).toISOString(),
      }),
      now,
      `g-${what}`,
    ),
};

function hooksOf(app: TestApp, answer?: string) {
  const asked: string[] = [];
  const http = {
    ...app.publishing.http,
    get: async (url: string) => {
      asked.push(url);
      if (answer === undefined) throw new Error('nothing is to be asked for');
      return { status: 200, headers: {}, body: Buffer.from(answer), url };
    },
  };
  const routes = hookRoutes(app, {
    returning: app.returning,
    secrets: app.secrets,
    http,
    networkOf: () => 'here',
  });
  const web = new Hono().route('/hooks', routes);
  const post = async (provider: string, { body, headers }: Signed) =>
    (await web.request(`/hooks/${provider}`, { method: 'POST', body, headers })).status;
  return { post, asked };
}

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
