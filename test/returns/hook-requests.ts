import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { Hono } from 'hono';
import { SECOND } from '../../src/domain/time.ts';
import { hookRoutes } from '../../src/returns/hook-routes.ts';
import type { TestApp } from '../support/app.ts';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const WHSEC = `whsec_${Buffer.from('a key of twenty-four bytes').toString('base64')}`;
export const TOPIC = 'arn:aws:sns:us-east-1:123456789012:offprint';
export const HOOKS = [
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

export const BASIC = { authorization: `Basic ${Buffer.from('user:password').toString('base64')}` };

export type Signed = { readonly body: string; readonly headers: Record<string, string> };
export type Made = {
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
export const REQUESTS: Record<string, (made: Made) => Signed> = {
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

/** @param answer what SNS answers; without it, nothing may be asked for */
export function hooksOf(app: TestApp, answer?: string) {
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
