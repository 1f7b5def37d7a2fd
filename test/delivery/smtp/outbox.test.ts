import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createOutbox } from '../../../src/delivery/smtp/outbox.ts';
import { tempFolder } from '../../support/app.ts';
import { mailTo } from '../mail.ts';

test('a mail is one whole .eml file, and written again it is the same file', async () => {
  using folder = tempFolder();
  const outbox = createOutbox(join(folder.path, 'outbox'), { connections: 3 });
  const mail = mailTo('ada@example.org');
  const outcome = await outbox.send(mail);
  expect(outcome).toMatchObject({ kind: 'accepted', reply: expect.stringContaining('250 2.0.0') });
  await outbox.send({ ...mail, raw: Buffer.from('second') });
  const files = readdirSync(join(folder.path, 'outbox'));
  expect(files).toEqual([expect.stringMatching(/ada@example\.org.*\.eml$/)]);
  expect(readFileSync(join(folder.path, 'outbox', files[0] ?? ''), 'utf8')).toBe('second');
});

test('two readers never share a file, however odd their addresses', async () => {
  using folder = tempFolder();
  const outbox = createOutbox(folder.path, { connections: 3 });
  const long = 'x'.repeat(64);
  const odd = ["o'brien@example.org", 'o_brien@example.org', '../up@example.org', `${long}@example.org`];
  for (const to of odd) await outbox.send(mailTo(to));
  const files = readdirSync(folder.path);
  expect(files).toHaveLength(odd.length);
  for (const file of files) expect(file).toMatch(/^[\w.@+-]+\.eml$/);
});

test('a folder that cannot be written is about us, not about the reader', async () => {
  using folder = tempFolder();
  writeFileSync(join(folder.path, 'taken'), 'a file');
  const outbox = createOutbox(join(folder.path, 'taken'), { connections: 1 });
  expect((await outbox.send(mailTo('ada@example.org'))).kind).toBe('route');
});
