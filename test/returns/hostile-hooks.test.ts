import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseShallowJson } from '../../src/domain/shallow-json.ts';
import { brevo } from '../../src/returns/providers/brevo.ts';
import { generic } from '../../src/returns/providers/generic.ts';
import { mailersend } from '../../src/returns/providers/mailersend.ts';
import { mailgun } from '../../src/returns/providers/mailgun.ts';
import { mailjet } from '../../src/returns/providers/mailjet.ts';
import { postmark } from '../../src/returns/providers/postmark.ts';
import { type Provider, returnOf } from '../../src/returns/providers/provider.ts';
import { resend } from '../../src/returns/providers/resend.ts';
import { sendgrid } from '../../src/returns/providers/sendgrid.ts';
import { createSes } from '../../src/returns/providers/ses.ts';
import { sparkpost } from '../../src/returns/providers/sparkpost.ts';
import { addresses } from '../support/app.ts';
import { FROZEN } from '../support/makers.ts';
import { BASIC, HOOKS, hooksOf, REQUESTS, type Signed } from './hook-requests.ts';
import { everythingElse, sentIssue } from './support.ts';

const ses = createSes({ get: async () => undefined });
const PROVIDERS = {
  brevo,
  generic,
  mailersend,
  mailgun,
  mailjet,
  postmark,
  resend,
  sendgrid,
  sparkpost,
  ses,
} satisfies Record<string, Provider>;

const FORGED = {
  tag: 'd-1-1-00000000000000000000',
  id: 1,
  reply: 'another-id-of-theirs',
  now: FROZEN,
} as const;

const SES_BODY = JSON.stringify({
  Type: 'Notification',
  MessageId: '1',
  Message: JSON.stringify({
    notificationType: 'Bounce',
    mail: { source: 'bounces@papers.example.org', messageId: '0100', headers: [{ name: 'a', value: 'b' }] },
    bounce: { bounceType: 'Permanent', bouncedRecipients: [{ emailAddress: 'reader1@example.org' }] },
  }),
});

/** What a provider sends, with any part of it replaced by any other JSON, and sometimes all of it. */
function oddBodies(name: string): fc.Arbitrary<string> {
  const bodies = (['hard', 'complaint'] as const).map(
    (what) => REQUESTS[name]?.({ ...FORGED, what }).body ?? SES_BODY,
  );
  const changed = fc.tuple(fc.constantFrom(...bodies), fc.nat(40), fc.jsonValue()).map(([body, at, odd]) => {
    let count = 0;
    const swap = (_: string, value: unknown) => {
      count += 1;
      return count === at + 1 ? odd : value;
    };
    return JSON.stringify(JSON.parse(body), swap) ?? 'null';
  });
  return fc.oneof({ weight: 4, arbitrary: changed }, { weight: 1, arbitrary: fc.json() });
}

function requestOf({ body, headers }: Signed) {
  const json = parseShallowJson(body, 20);
  return { header: (name: string) => headers[name] ?? '', body: Buffer.from(body), json, now: FROZEN };
}

describe.each(Object.entries(PROVIDERS))('%s', (name, provider) => {
  test('reads any JSON without an error, and finds no mail of ours in it', () => {
    fc.assert(
      fc.property(oddBodies(name), (body) => {
        for (const event of provider.events(requestOf({ body, headers: {} }))) {
          const { about, key, kind, status } = returnOf(name as 'ses', ['a secret'], event);
          expect(about === undefined || 'acceptedAs' in about).toBe(true);
          expect([typeof key, typeof kind]).toEqual(['string', 'string']);
          expect(status).toMatch(/^([245]\.\d{1,3}\.\d{1,3})?$/);
        }
      }),
    );
  });
});

test('nothing changes without a proof, whatever is sent to whichever hook', async () => {
  await using room = await sentIssue(addresses(2), { HOOKS });
  const { app } = room;
  const hooks = hooksOf(app);
  const before = await everythingElse(app);
  const sent = fc
    .constantFrom(...Object.keys(PROVIDERS))
    .chain((name) => fc.tuple(fc.constant(name), oddBodies(name)));
  await fc.assert(
    fc.asyncProperty(sent, async ([name, body]) => {
      // Mailgun signs in the body, and only a time and a token.
      const unsigned = body.replaceAll(/[0-9a-f]{64}/g, '0'.repeat(64));
      expect([401, 403, 406, 429]).toContain(await hooks.post(name, { body: unsigned, headers: {} }));
      app.time.advance(10_000);
    }),
  );
  expect(hooks.asked).toEqual([]);
  expect(await everythingElse(app)).toBe(before);
  expect(await app.store.db.selectFrom('returns').selectAll().execute()).toEqual([]);
});

test('nothing but the list of returns changes without a tag of ours, however well a request is proven', async () => {
  await using room = await sentIssue(addresses(2), { HOOKS });
  const { app } = room;
  const hooks = hooksOf(app);
  const before = await everythingElse(app);
  const sent = fc
    .constantFrom('postmark', 'sparkpost', 'mailjet')
    .chain((name) => fc.tuple(fc.constant(name), oddBodies(name)));
  await fc.assert(
    fc.asyncProperty(sent, async ([name, body]) => {
      expect(await hooks.post(name, { body, headers: BASIC })).toBe(200);
    }),
  );
  expect(await everythingElse(app)).toBe(before);
});
