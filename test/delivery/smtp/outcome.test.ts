import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outcomeOf } from '../../../src/delivery/smtp/outcome.ts';
import { enhancedCode } from '../../../src/domain/failure-class.ts';

const hard = { kind: 'failed', class: 'hard', suppress: true };
const soft = { kind: 'failed', class: 'soft', suppress: false };
const policy = { kind: 'failed', class: 'policy', suppress: false };
const refused = { kind: 'failed', class: 'refused', suppress: false };
const deferred = { kind: 'deferred' };
const route = { kind: 'route' };

describe('a reply becomes an outcome by its code, enhanced code and stage', () => {
  test.each([
    ['RCPT TO', '550 5.1.1 <nobody@example.org>: user unknown', hard],
    ['RCPT TO', '550-5.1.1 The account does not exist.\n550 5.1.1 Try another.', hard],
    ['RCPT TO', '553 5.1.3 bad mailbox syntax', hard],
    ['RCPT TO', '550 5.1.2 no such domain', hard],
    ['RCPT TO', '551 5.1.6 has moved', hard],
    ['RCPT TO', '556 5.1.10 the domain takes no mail', hard],
    ['DATA', '550 5.1.1 no mailbox here', hard],
    ['RCPT TO', '450 4.2.0 greylisted, come back', deferred],
    ['RCPT TO', '421 4.7.0 too many at once', deferred],
    ['DATA', '451 4.3.0 try again', deferred],
    ['DATA', '452 4.3.1 disk full', deferred],
    ['RCPT TO', '550 user unknown', refused],
    ['RCPT TO', '550 no thanks 5.1.1', refused],
    ['DATA', '554 refused', refused],
    ['RCPT TO', '552 5.2.2 mailbox full', soft],
    ['RCPT TO', '550 5.2.1 mailbox disabled', soft],
    ['DATA', '550 5.7.26 unauthenticated mail', policy],
    ['DATA', '554 5.7.1 looks like spam', policy],
    ['RCPT TO', '553 5.1.8 sender has no domain', route],
    ['RCPT TO', '550 5.1.7 bad sender', route],
    ['MAIL FROM', '421 4.7.0 busy', route],
    ['MAIL FROM', '550 5.7.1 not from you', route],
    ['EHLO', '550 5.5.2 who are you', route],
    ['AUTH PLAIN', '535 5.7.8 bad credentials', route],
    ['STARTTLS', '454 4.7.0 no TLS now', route],
  ])('%s answered %j', (command, reply, expected) => {
    const code = Number(reply.slice(0, 3));
    expect(outcomeOf({ code, command, reply, reachedEnvelope: true, dataBegan: command === 'DATA' })).toEqual(
      { ...expected, reply },
    );
  });

  // In the shapes that the large providers and servers give, with made-up ids.
  test.each([
    // Gmail
    [
      'RCPT TO',
      '550-5.1.1 The email account that you tried to reach does not exist. Please try\n550-5.1.1 double-checking the address for typos.\n550 5.1.1  https://support.example/mail/?p=NoSuchUser a1-2b.3 - gsmtp',
      hard,
    ],
    [
      'RCPT TO',
      "452-4.2.2 The recipient's inbox is out of storage space.\n452 4.2.2 https://support.example/mail/?p=OverQuotaTemp a1 - gsmtp",
      deferred,
    ],
    [
      'RCPT TO',
      "552-5.2.2 The recipient's inbox is out of storage space and inactive.\n552 5.2.2 https://support.example a1 - gsmtp",
      soft,
    ],
    [
      'RCPT TO',
      '550-5.2.1 The email account that you tried to reach is disabled.\n550 5.2.1 https://support.example a1 - gsmtp',
      soft,
    ],
    [
      'DATA',
      '421-4.7.28 Gmail has detected an unusual rate of mail originating from your\n421 4.7.28 SPF domain. a1 - gsmtp',
      deferred,
    ],
    [
      'DATA',
      '550-5.7.26 Your email has been blocked because the sender is unauthenticated.\n550 5.7.26 a1 - gsmtp',
      policy,
    ],
    [
      'DATA',
      '550-5.7.1 Our system has detected that this message is likely unsolicited mail.\n550 5.7.1 a1 - gsmtp',
      policy,
    ],
    [
      'RCPT TO',
      '450-4.2.1 The user you are trying to contact is receiving mail at a rate that\n450 4.2.1 prevents additional messages from being delivered. a1 - gsmtp',
      deferred,
    ],
    // Yahoo
    [
      'DATA',
      "554 delivery error: dd This user doesn't have a yahoo.example account (reader@yahoo.example) [0] - mta1",
      refused,
    ],
    [
      'DATA',
      '421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints',
      deferred,
    ],
    [
      'RCPT TO',
      '554 5.7.9 Message not accepted for policy reasons.  See https://postmaster.example/error-codes',
      policy,
    ],
    ['RCPT TO', '552 1 Requested mail action aborted, mailbox not found', soft],
    // Microsoft
    [
      'RCPT TO',
      '550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [AM1.example 2026-08-19T05:00:00.000Z 08DB]',
      refused,
    ],
    [
      'RCPT TO',
      '550 5.4.1 Recipient address rejected: Access denied. [AM2.example 2026-08-19T05:00:00.000Z 08DB]',
      refused,
    ],
    [
      'RCPT TO',
      '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
      hard,
    ],
    [
      'DATA',
      '550 5.7.515 Access denied, sending domain papers.example does not meet the required authentication level.',
      policy,
    ],
    [
      'RCPT TO',
      '451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77719) [AM3.example]',
      deferred,
    ],
    ['RCPT TO', '550 5.7.1 Service unavailable, Client host [192.0.2.1] blocked using Spamhaus.', policy],
    // Apple
    ['RCPT TO', '550 5.1.1 <reader@icloud.example>: inactive email address', hard],
    ['RCPT TO', '552 5.2.2 <reader@icloud.example>: user is over quota', soft],
    [
      'DATA',
      '554 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.example/',
      policy,
    ],
    ['DATA', '450 4.7.1 [HME1] Message could not be delivered. Please try again later.', deferred],
    // Proofpoint, Mimecast, Barracuda
    ['RCPT TO', '550 5.1.1 User Unknown', hard],
    ['DATA', '554 5.7.0 Reject, id=12345-01 - spam', policy],
    [
      'DATA',
      '550 Rejected by header based manually Blocked Senders - https://community.example/docs/DOC-1369#550 [abc.uk1]',
      refused,
    ],
    ['RCPT TO', '550 Invalid Recipient - https://community.example/docs/DOC-1369#550 [abc.uk1]', refused],
    [
      'RCPT TO',
      '451 Internal resources are temporarily unavailable - https://community.example/docs/DOC-1369#451 [abc.uk1]',
      deferred,
    ],
    ['RCPT TO', '550 permanent failure for one or more recipients (reader@example.org:blocked)', refused],
    // Postfix, Exim, Sendmail, qmail
    [
      'RCPT TO',
      '550 5.1.1 <reader@example.org>: Recipient address rejected: User unknown in local recipient table',
      hard,
    ],
    ['RCPT TO', '450 4.2.0 <reader@example.org>: Recipient address rejected: Greylisted', deferred],
    ['RCPT TO', '554 5.7.1 <reader@example.org>: Relay access denied', policy],
    ['RCPT TO', '550 Unknown user', refused],
    ['RCPT TO', '451 Temporary local problem - please try later', deferred],
    ['RCPT TO', '553 5.3.0 <reader@example.org>... No such user here', soft],
    ['RCPT TO', "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", refused],
    ['DATA', '552 5.3.4 Error: message file too big', soft],
    ['DATA', '554 5.6.0 Message content rejected', soft],
    ['RCPT TO', '556 5.1.10 Recipient address has null MX', hard],
    // A class that contradicts the reply code counts for nothing.
    ['RCPT TO', '550 4.7.1 try later', refused],
    ['RCPT TO', '450 5.1.1 odd', deferred],
    // About us, whoever it is for.
    ['MAIL FROM', '530 5.7.0 Must issue a STARTTLS command first', route],
    ['MAIL FROM', '554 5.5.1 Error: no valid recipients', route],
    ['MAIL FROM', '451 4.3.5 Server configuration problem', route],
    [
      'AUTH LOGIN',
      '454 4.7.0 Temporary authentication failure: Connection lost to authentication server',
      route,
    ],
    ['EHLO', '550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)', route],
    ['RCPT TO', '550 5.1.8 Access denied, bad outbound sender AS(42004)', route],
  ])('%s answered by a provider with %j', (command, reply, expected) => {
    const code = Number(reply.slice(0, 3));
    const met = outcomeOf({ code, command, reply, reachedEnvelope: true, dataBegan: command === 'DATA' });
    expect(met).toEqual({ ...expected, reply });
  });

  test('a refusal at connect is about us, whatever its code', () => {
    for (const reply of ['554 5.7.1 blocked', '421 4.3.2 closing', '550 5.1.1 odd']) {
      const refusal = { code: Number(reply.slice(0, 3)), command: 'CONN', reply };
      expect(outcomeOf({ ...refusal, reachedEnvelope: false, dataBegan: false }).kind).toBe('route');
    }
  });

  test('silence is about us before an envelope, about the message in it, and in doubt once the message began', () => {
    const silence = { reply: 'Connection closed unexpectedly' };
    expect(outcomeOf({ ...silence, reachedEnvelope: false, dataBegan: false }).kind).toBe('route');
    expect(outcomeOf({ ...silence, reachedEnvelope: true, dataBegan: false }).kind).toBe('deferred');
    expect(outcomeOf({ ...silence, reachedEnvelope: true, dataBegan: true }).kind).toBe('lost');
  });

  test('the words of a reply never decide', () => {
    const words = fc.string().filter((text) => !/^[245]\.\d/.test(text));
    fc.assert(
      fc.property(
        fc.constantFrom(450, 550, 554),
        fc.constantFrom('RCPT TO', 'DATA'),
        words,
        (code, command, text) => {
          const at = { code, command, reachedEnvelope: true, dataBegan: false };
          const { kind } = outcomeOf({ ...at, reply: `${code} ${text}` });
          expect(kind).toBe(outcomeOf({ ...at, reply: `${code} refused` }).kind);
        },
      ),
    );
  });
});

test('an enhanced code is read only from its place', () => {
  expect(enhancedCode('550 5.1.1 gone')).toBe('5.1.1');
  expect(enhancedCode('550-5.7.26 first\n550 5.7.26 second')).toBe('5.7.26');
  expect(enhancedCode('550 5.1.10')).toBe('5.1.10');
  expect(enhancedCode('550 gone (5.1.1)')).toBeUndefined();
  expect(enhancedCode('550-first line\n550 5.1.1 second')).toBe('5.1.1');
  expect(enhancedCode('550 5.1.1.2 odd')).toBeUndefined();
  expect(enhancedCode('550 4.7.1 odd')).toBeUndefined();
  expect(enhancedCode('gone')).toBeUndefined();
});
