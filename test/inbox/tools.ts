import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MadeMail } from './mails.ts';

/** Debian's own Python, which has Debian's packages. */
export const PYTHON = '/usr/bin/python3';
export const CHROMIUM = '/usr/bin/chromium';

/** The mails as files in a folder that goes away. */
export function mailFolder(mails: readonly MadeMail[]) {
  const folder = mkdtempSync(join(tmpdir(), 'offprint-mails-'));
  const paths = mails.map(({ name }) => join(folder, `${name}.eml`));
  for (const [index, { raw }] of mails.entries()) writeFileSync(paths[index] ?? '', raw);
  return { folder, paths, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What a tool prints. A tool that is not on the machine is a failure, never a skipped test. */
export function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 150_000,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
