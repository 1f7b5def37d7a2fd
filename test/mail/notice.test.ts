import { simpleParser } from 'mailparser';
import { expect, test } from 'vitest';
import { compileTemplates } from '../../src/mail/mail-templates.ts';
import { composeNotice, type Notice } from '../../src/mail/notice.ts';
import { FILES, letterhead, SENT } from './support.ts';

const templates = await compileTemplates(FILES);
const confirm: Notice = { kind: 'confirm', confirmUrl: 'https://news.example.org/confirm/token?a=1&b=2' };
const known: Notice = {
  kind: 'known',
  preferencesUrl: 'https://news.example.org/preferences/p',
  unsubscribeUrl: 'https://news.example.org/unsubscribe/u',
};

const compose = (notice: Notice, id = 1) =>
  composeNotice(templates, 'reader@example.com', notice, { letterhead, date: SENT, id });

test('the confirmation has its link in each part, as text as well, and no List header', async () => {
  const { raw, envelope } = await compose(confirm);
  const mail = await simpleParser(raw);
  expect(envelope).toEqual({ from: 'papers@news.example.org', to: 'reader@example.com' });
  expect(mail.subject).toBe('Confirm your subscription to The Morning Offprint');
  expect(mail.text).toContain('\nhttps://news.example.org/confirm/token?a=1&b=2\n');
  expect((mail.html || '').match(/news\.example\.org\/confirm\//g)).toHaveLength(3);
  expect((mail.html || '') + mail.text).not.toMatch(/unsubscribe|preferences|{{/i);
  expect([...mail.headers.keys()].filter((name) => /^(list|precedence|feedback)/.test(name))).toEqual([]);
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
});

test('the notice to a reader who is known has the links to preferences and unsubscribing', async () => {
  const mail = await simpleParser((await compose(known)).raw);
  for (const part of [mail.text, mail.html || '']) {
    expect(part).toContain('https://news.example.org/preferences/p');
    expect(part).toContain('https://news.example.org/unsubscribe/u');
    expect(part).toContain('You are already subscribed');
  }
});

test('a notice is the same at each attempt and its Message-ID its own', async () => {
  const first = await compose(confirm);
  expect((await compose(confirm)).raw.equals(first.raw)).toBe(true);
  expect((await compose(confirm, 2)).messageId).not.toBe(first.messageId);
  expect((await compose(known)).messageId).not.toBe(first.messageId);
});

test.each<[Notice, string]>([
  [{ kind: 'address', confirmUrl: 'https://news.example.org/address/a' }, 'Is this your new address?'],
  [{ kind: 'erase', eraseUrl: 'https://news.example.org/erase/e' }, 'Delete everything?'],
  [{ kind: 'manage', manageUrl: 'https://news.example.org/manage/m' }, 'Here is your link'],
])('%j has its one link in each part, and no List header', async (notice, headline) => {
  const mail = await simpleParser((await compose(notice)).raw);
  const url = Object.values(notice).find((value) => value.startsWith('https:')) ?? '';
  expect(mail.text).toContain(`\n${url}\n`);
  expect((mail.html || '').split(`"${url}"`)).toHaveLength(3);
  for (const part of [mail.text, mail.html || '']) expect(part).toContain(headline);
  expect(mail.html).not.toMatch(/Is this you\?|on the list already|{{/);
  expect([...mail.headers.keys()].filter((name) => /^(list|precedence|feedback)/.test(name))).toEqual([]);
});
