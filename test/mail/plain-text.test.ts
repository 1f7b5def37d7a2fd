import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clip } from '../../src/domain/clip.ts';
import { encodeMail } from '../../src/mail/mime.ts';
import { plainText } from '../../src/mail/plain-text.ts';

/** Any UTF-16 at all: halves of pairs, noncharacters, controls. */
const anything = fc
  .array(
    fc.oneof(fc.nat(0xffff), fc.constantFrom(0xfffe, 0xffff, 0xfdd0, 0xd83d, 0xdc4d, 0x202e, 10, 32, 97)),
  )
  .map((units) => String.fromCharCode(...units));
const NOT_SHOWN = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u;

test('a plain text never has what cannot be shown on a line, however long it may be', () => {
  fc.assert(
    fc.property(anything, fc.constantFrom(5, 70, Number.POSITIVE_INFINITY), (text, limit) => {
      const plain = plainText(text, limit);
      expect(plain).not.toMatch(NOT_SHOWN);
      expect(plain.length).toBeLessThanOrEqual(Math.min(limit, text.length + 1));
    }),
  );
});

test('a header of a mail never has it either', async () => {
  await fc.assert(
    fc.asyncProperty(anything, async (subject) => {
      const { raw } = await encodeMail({
        letterhead: {
          newsletterName: subject,
          from: 'news@papers.example.org',
          siteUrl: 'https://papers.example.org',
        },
        to: 'ada@example.org',
        subject,
        date: 0,
        key: '0'.repeat(32),
        text: '',
        html: '',
        headers: {},
      });
      const [headers = ''] = raw.toString('latin1').split('\r\n\r\n', 1);
      const words = [...headers.matchAll(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi)];
      for (const [, coding, word = ''] of words) {
        const bytes = coding === 'B' ? Buffer.from(word, 'base64') : fromQ(word);
        expect(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).not.toMatch(NOT_SHOWN);
      }
      expect(headers).toMatch(/^[\t\r\n -~]*$/);
    }),
  );
});

function fromQ(word: string): Buffer {
  const text = word
    .replaceAll('_', ' ')
    .replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(text, 'latin1');
}

test('a text that is cut ends with a word, and not with what stands between words', () => {
  expect(clip(`a word${' – '.repeat(20_000)}`, 50_000)).toBe('a word…');
});
