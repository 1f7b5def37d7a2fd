import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { enhancedCode, outcomeOf } from '../../src/deliver/outcome.ts';

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
  expect(enhancedCode('gone')).toBeUndefined();
});
