import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { allMails, DOMAIN, dkim, SELECTOR } from './mails.ts';
import { mailFolder, PYTHON, run } from './tools.ts';

type Checked = {
  defects: string[];
  repeated: string[];
  names: string[];
  structure: string[];
  parts: { type: string; content: string }[];
  signed: string[];
  verifies: boolean;
  stillVerifies: string[];
};

const mails = await allMails();
const files = mailFolder(mails);
afterAll(files.remove);
const script = join(import.meta.dirname, 'check.py');
const checked: Checked[] = JSON.parse(run(PYTHON, [script, dkim.record, ...files.paths]));

/** What RFC 8058 wants signed, and what else a receiver acts on. */
const MUST_SIGN = [
  'from',
  'to',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'content-type',
  'auto-submitted',
];
const MUST_SIGN_IN_BULK = [
  'list-unsubscribe',
  'list-unsubscribe-post',
  'list-id',
  'list-help',
  'list-archive',
  'feedback-id',
  'precedence',
];

describe.each(mails.map((mail, index) => [mail.name, mail, checked[index]] as const))(
  '%s',
  (_, mail, seen) => {
    test("has no defect for Python's strict parser, and no field twice", () => {
      expect(seen?.defects).toEqual([]);
      expect(seen?.repeated).toEqual([]);
      expect(seen?.structure).toEqual(['multipart/alternative', 'text/plain', 'text/html']);
    });

    test('is read as it was rendered', () => {
      const lines = (text = '') => text.replace(/\r\n/g, '\n').trim();
      expect(lines(seen?.parts[0]?.content)).toBe(lines(mail.text));
      expect(lines(seen?.parts[1]?.content)).toBe(lines(mail.html));
    });

    test('verifies for dkimpy, and with nothing changed that counts', () => {
      expect(seen?.verifies).toBe(true);
      expect(seen?.stillVerifies).toEqual([]);
    });

    test('has its fields signed, each once more than it is there', () => {
      const bulk = mail.kind === 'issue' ? MUST_SIGN_IN_BULK : [];
      for (const name of [...MUST_SIGN, ...bulk]) {
        expect(seen?.names).toContain(name);
        expect(seen?.signed.filter((one) => one === name)).toHaveLength(2);
      }
      if (mail.kind === 'notice') expect(seen?.names.join()).not.toMatch(/list-|precedence|feedback/);
    });
  },
);

test('verifies for OpenDKIM too', () => {
  const keys = join(files.folder, 'keys');
  const config = join(files.folder, 'opendkim.conf');
  writeFileSync(keys, `${SELECTOR}._domainkey.${DOMAIN} ${dkim.record}\n`);
  writeFileSync(config, `Mode v\nTestPublicKeys ${keys}\n`);
  for (const path of files.paths) {
    // It ends with 0 whatever it finds: its words count.
    expect(run('/usr/sbin/opendkim', ['-x', config, '-t', path, '-vv'])).toMatch(
      /verification \(s=s1, d=news\.example\.org, 2048-bit key\) succeeded/,
    );
  }
});

test('SpamAssassin gives none of them a point', () => {
  const said = run('/usr/bin/spamassassin', ['--local', '--test-mode', ...files.paths]);
  const scores = [...said.matchAll(/^X-Spam-Status: .*?score=(-?[\d.]+)/gm)].map(([, score]) =>
    Number(score),
  );
  expect(scores).toHaveLength(mails.length);
  for (const [index, score] of scores.entries()) expect(score, mails[index]?.name).toBeLessThanOrEqual(0);
});
