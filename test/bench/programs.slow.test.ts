import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { tempFolder } from '../support/app.ts';

const run = promisify(execFile);
const BENCH = join(import.meta.dirname, '../../bench');

/** The programs of `bench/` read the product's own templates, tables and commands: they break when those change. */
async function bench(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await run(process.execPath, [join(BENCH, program), ...args], {
    env: { ...process.env, LOG_LEVEL: 'error', ...env },
  });
  return stdout;
}

test('bench:mail renders every theme, and a whole template beside our join', async () => {
  expect(await bench('mail.ts', [])).toMatch(/Handlebars for each reader against the join\s+[\d.]+ ×/);
});

test('bench:send makes its subscribers, plans an issue for them and knows how large their mails are', async () => {
  using folder = tempFolder();
  const env = {
    DATABASE_URL: join(folder.path, 'bench.db'),
    SITE_URL: 'https://papers.example.org',
    MAIL_FROM: 'papers@papers.example.org',
    THEME: 'plain',
  };
  await bench('send/ours.ts', ['subscribers', '3'], env);
  expect(JSON.parse(await bench('send/ours.ts', ['plan'], env))).toMatchObject({
    planMs: expect.any(Number),
  });
  expect(JSON.parse(await bench('send/ours.ts', ['sizes'], env)).least).toBeGreaterThan(10_000);
});
