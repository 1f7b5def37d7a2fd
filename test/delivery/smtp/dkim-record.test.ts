import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { checkDkimRecord } from '../../../src/delivery/smtp/dkim-record.ts';
import { tempFolder } from '../../support/app.ts';
import { dnsRecord, makeDkimKey } from '../../support/dkim-key.ts';

const folder = tempFolder();
afterAll(() => folder.remove());

const NAME = 's1._domainkey.papers.example.org';
const key = makeDkimKey();
const file = join(folder.path, 'dkim.pem');
writeFileSync(file, key.pem);
const config = loadConfig({
  SITE_URL: 'https://papers.example.org',
  DKIM_DOMAIN: 'papers.example.org',
  DKIM_SELECTOR: 's1',
  DKIM_KEY_FILE: file,
});

const published = (...records: string[][]) =>
  checkDkimRecord(config, async (name) => (name === NAME ? records : []));
const failing = (code: string) =>
  checkDkimRecord(config, async () => {
    throw Object.assign(new Error('no answer'), { code });
  });

test('our key is found, in pieces as DNS gives it, with white space, and in either form', async () => {
  const spki = key.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const pkcs1 = key.publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64');
  for (const record of [
    [key.record],
    [key.record.slice(0, 250), key.record.slice(250)],
    [`v=DKIM1; k=rsa; h=sha1:sha256; s=email; p=${spki.slice(0, 40)} ${spki.slice(40)};`],
    [`p=${pkcs1}`],
  ]) {
    expect(await published(record)).toEqual({ state: 'ours', text: `DKIM: the key at ${NAME} is ours.` });
  }
  expect((await published([`${key.record}; t=y`]))?.text).toContain('only testing');
});

test.each([
  ['holds another key than ours', [dnsRecord(makeDkimKey().publicKey)]],
  ['holds another key than ours', ['v=DKIM1; p=aGVsbG8=']],
  ['is revoked', ['v=DKIM1; p=']],
  ['has no key', ['v=DKIM1; k=rsa']],
  ['is for a key of the kind ed25519', [key.record.replace('k=rsa', 'k=ed25519')]],
  ['does not allow sha256', [`${key.record}; h=sha1`]],
  ['is not for mail', [`${key.record}; s=chat`]],
  ['does not begin with v=DKIM1', [key.record.replace('DKIM1', 'DKIM2')]],
])('a record that %s is told, with the one to publish', async (what, record) => {
  const check = await published(record);
  expect(check).toMatchObject({ state: 'wrong', text: expect.stringContaining(what) });
  expect(check?.text.endsWith(`${NAME}:\n${key.record}`)).toBe(true);
});

test('no record, and more than one, are told', async () => {
  expect((await failing('ENOTFOUND'))?.text).toContain(`there is no record at ${NAME}`);
  expect((await failing('ENODATA'))?.state).toBe('wrong');
  expect((await published([key.record], [key.record]))?.text).toContain('has 2 TXT records');
});

test('a DNS that cannot be asked says nothing about the key', async () => {
  for (const code of ['ETIMEOUT', 'ECONNREFUSED', 'ESERVFAIL'])
    expect(await failing(code)).toMatchObject({ state: 'unknown', text: expect.stringContaining(code) });
});

test('nothing is asked when mails are not signed here', async () => {
  const unsigned = loadConfig({ SITE_URL: 'https://papers.example.org' });
  expect(await checkDkimRecord(unsigned, () => expect.unreachable('nobody is to be asked'))).toBeUndefined();
});
