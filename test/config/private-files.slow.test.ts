import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readEnvFile } from '../../src/config/env-file.ts';
import { guardSettings } from '../../src/config/private-files.ts';
import { once } from '../../src/runtime/run-once.ts';
import { cli } from '../cli/fake-host.ts';
import { enrollSubscribers, openTestApp, tempFolder } from '../support/app.ts';
import { makeDkimKey } from '../support/dkim-key.ts';

const PROJECT = join(import.meta.dirname, '../..');

/** Rights as `ls` has them, in octal. */
const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8);

describe.skipIf(process.platform === 'win32')('what Offprint writes', () => {
  test('is for its own user alone, whatever the umask of whoever starts it', () => {
    using folder = tempFolder();
    // As a process of its own: only one that begins in main.ts sets the umask.
    const run = (line: string) =>
      execFileSync(
        'sh',
        ['-c', `umask 022; exec "${process.execPath}" "${PROJECT}/bin/offprint.js" ${line}`],
        {
          cwd: folder.path,
          env: { PATH: process.env.PATH, LOG_LEVEL: 'silent' },
        },
      );
    run('subscribers add ada@example.org');
    run('subscribers export list.csv');
    const files = ['data', 'data/offprint.db', 'list.csv'].map((name) => join(folder.path, name));
    expect(files.map(modeOf)).toEqual(['700', '600', '600']);
  });

  test('is taken from others also where it was open before, with the log of the database and each mail', async () => {
    using folder = tempFolder();
    const data = join(folder.path, 'data');
    const database = join(data, 'offprint.db');
    const outbox = join(data, 'outbox');
    mkdirSync(outbox, { recursive: true });
    writeFileSync(join(outbox, 'old.eml'), 'To: ada@example.org');
    const elsewhere = join(folder.path, 'elsewhere');
    writeFileSync(elsewhere, '');
    symlinkSync(elsewhere, join(outbox, 'link.eml'));
    for (const path of [data, outbox]) chmodSync(path, 0o755);
    for (const name of ['', '-wal', '-shm']) {
      writeFileSync(database + name, '');
      chmodSync(database + name, 0o644);
    }
    await using app = await openTestApp({ DATABASE_URL: database });
    await enrollSubscribers(app, ['ada@example.org']);
    expect([data, outbox, join(outbox, 'old.eml')].map(modeOf)).toEqual(['700', '700', '600']);
    expect(['', '-wal', '-shm'].map((name) => modeOf(database + name))).toEqual(['600', '600', '600']);
    expect(modeOf(elsewhere)).toBe('644');
  });

  test('keeps what the group may do in a folder that was made its own, and nothing of others', async () => {
    using folder = tempFolder();
    const data = join(folder.path, 'data');
    const database = join(data, 'offprint.db');
    mkdirSync(data);
    writeFileSync(database, '');
    chmodSync(data, 0o2755);
    chmodSync(database, 0o644);
    await using app = await openTestApp({ DATABASE_URL: database });
    await enrollSubscribers(app, ['ada@example.org']);
    expect([modeOf(data), modeOf(database), modeOf(`${database}-wal`)]).toEqual(['2750', '640', '640']);
  });

  test('leaves a folder alone that has other things in it', async () => {
    using folder = tempFolder();
    writeFileSync(join(folder.path, 'README'), '');
    chmodSync(folder.path, 0o755);
    await using app = await openTestApp({ DATABASE_URL: join(folder.path, 'offprint.db') });
    expect(app.logged.join()).not.toContain('users of this machine');
    expect([modeOf(folder.path), modeOf(join(folder.path, 'offprint.db'))]).toEqual(['755', '600']);
  });

  test('as a mail in the outbox, an export or a preview is private by itself', async () => {
    using folder = tempFolder();
    await using app = await openTestApp({ SOURCES: 'huggingface@http://127.0.0.1:1' });
    await enrollSubscribers(app, ['ada@example.org']);
    await once(app, { due: false, at: app.clock(), wait: 0 }, new AbortController().signal);
    const outbox = app.sending.routes.name;
    const mails = execFileSync('ls', [outbox], { encoding: 'utf8' }).trim().split('\n');
    expect(mails).toHaveLength(1);
    expect([modeOf(outbox), modeOf(join(outbox, mails[0] ?? ''))]).toEqual(['700', '600']);
    const open = join(folder.path, 'open.csv');
    writeFileSync(open, '');
    chmodSync(open, 0o664);
    for (const file of [open, join(folder.path, 'new.csv')]) await cli(app, 'subscribers', 'export', file);
    expect([modeOf(open), modeOf(join(folder.path, 'new.csv'))]).toEqual(['660', '600']);
    const shots = join(folder.path, 'shots');
    const { out } = await cli(app, 'preview', '--out', shots);
    const eml = out.split('\n').find((path) => path.endsWith('.eml')) ?? '';
    expect([existsSync(eml), modeOf(shots), modeOf(eml)]).toEqual([true, '700', '600']);
  });
});

describe.skipIf(process.platform === 'win32')('a key or a setting that everybody may read', () => {
  test('is warned of', async () => {
    using folder = tempFolder();
    const key = join(folder.path, 'dkim.pem');
    writeFileSync(key, makeDkimKey().pem);
    const settings = { DKIM_DOMAIN: 'example.org', DKIM_SELECTOR: 's', DKIM_KEY_FILE: key };
    chmodSync(key, 0o644);
    {
      await using app = await openTestApp(settings);
      expect(app.logged).toContain(
        `every user of this machine may read ${key}, the key that signs mails: chmod 600 ${key}`,
      );
    }
    chmodSync(key, 0o640);
    await using app = await openTestApp(settings);
    expect(app.logged.join()).not.toContain('every user');
  });

  test.each([
    ['SECRET=correct horse', 1],
    ['  export SMTP_URL="smtp://relay.example.org"', 1],
    ['DATABASE_URL=postgres://offprint:word@db/offprint', 1],
    ['#SECRET=correct horse', 0],
    ['SECRET=\nPORT=8080', 0],
    ['MAIL_FROM=Offprint <papers@example.org>', 0],
  ])('only where it is a secret: %s', (text, warnings) => {
    using folder = tempFolder();
    const path = join(folder.path, '.env');
    writeFileSync(path, text);
    chmodSync(path, 0o644);
    const warned: string[] = [];
    const log = { warn: (line: string) => void warned.push(line) };
    guardSettings(path, readEnvFile(path), log as never);
    expect(warned).toHaveLength(warnings);
  });
});
