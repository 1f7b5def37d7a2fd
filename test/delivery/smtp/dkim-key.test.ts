import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { verifies } from '../../../src/delivery/smtp/dkim.ts';
import { composeIssue } from '../../../src/mail/compose-issue.ts';
import { start } from '../../../src/runtime/start.ts';
import { sendTest } from '../../../src/web/preview/preview-data.ts';
import { enrollSubscribers, tempFolder } from '../../support/app.ts';
import { makeDkimKey, pemOf } from '../../support/dkim-key.ts';
import { NEVER, openNewsroom, runOnce } from '../../support/newsroom.ts';

const folder = tempFolder();
afterAll(() => folder.remove());

function settings(pem: string | undefined) {
  const file = join(folder.path, `${crypto.randomUUID()}.pem`);
  if (pem !== undefined) writeFileSync(file, pem);
  return { DKIM_DOMAIN: 'papers.example.org', DKIM_SELECTOR: 's1', DKIM_KEY_FILE: file };
}

const good = makeDkimKey();

test('every mail that leaves is signed, and the signature verifies', async () => {
  await using room = await openNewsroom(settings(good.pem));
  await enrollSubscribers(room.app, ['ada@example.org', 'bo@example.org']);
  await runOnce(room.app);
  expect(room.relay.mails).toHaveLength(2);
  for (const { raw } of room.relay.mails) expect(verifies(raw, good.publicKey)).toBe(true);
});

test.each([
  ['is not there', undefined, /cannot be read \(ENOENT\)/],
  ['is no key', 'hello', /no private key in PEM/],
  ['is the public half', good.publicKey.export({ type: 'spki', format: 'pem' }).toString(), /public half/],
  [
    'has a passphrase',
    good.privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
      .toString(),
    /a key with a passphrase/,
  ],
  ['is too short', makeDkimKey(1024).pem, /1024 bits; it must have 2048/],
  ['is of another kind', pemOf(generateKeyPairSync('ed25519').privateKey), /kind ed25519/],
])('nothing is sent when the key %s', async (_, pem, reason) => {
  await using room = await openNewsroom(settings(pem));
  const fault = { code: 'DKIM_KEY_UNUSABLE', exitCode: 2, message: expect.stringMatching(reason) };
  await expect(runOnce(room.app)).rejects.toMatchObject(fault);
  await expect(start(room.app, NEVER, () => {})).rejects.toMatchObject(fault);
  const issue = composeIssue([], {
    kind: 'daily',
    date: '2026-08-19',
    number: 1,
    sample: false,
    frozenAt: 0,
    picks: 10,
    words: room.app.languages().of('en'),
  });
  await expect(
    sendTest(room.app, room.app, room.app.sending, issue, 'ada@example.org'),
  ).rejects.toMatchObject(fault);
  expect(room.relay.mails).toEqual([]);
  expect(room.relay.state.connections).toBe(0);
});

test('settings that belong together are named when one is missing', async () => {
  await using room = await openNewsroom({ DKIM_DOMAIN: 'papers.example.org' });
  await expect(runOnce(room.app)).rejects.toThrow('DKIM_SELECTOR and DKIM_KEY_FILE are not set');
});
