import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import pretty from 'pino-pretty';
import { describe, expect, test } from 'vitest';
import { progressLine } from '../../src/cli/progress-line.ts';
import { loadConfig } from '../../src/config/load.ts';
import { logTo } from '../../src/runtime/log.ts';
import { enrollSubscribers, openTestApp, tempFolder } from '../support/app.ts';
import { openNewsroom } from '../support/newsroom.ts';
import { actingIn, HOSTILE_TEXT } from '../support/terminal.ts';
import { cli } from './fake-host.ts';

/** Answers every request with the same text. */
async function answering(body: string) {
  const server = createServer((_, response) => response.end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { url, [Symbol.asyncDispose]: close };
}

describe('nothing that a command prints acts on the terminal', () => {
  test('when a feed is hostile: fetch, status, sources check', async () => {
    await using feed = await answering(
      `<${HOSTILE_TEXT}rss><channel><title>${HOSTILE_TEXT}</title></channel></rss>`,
    );
    await using app = await openTestApp({ SOURCES: `rss:${feed.url}` });
    for (const line of [
      ['fetch'],
      ['fetch', '--json'],
      ['status'],
      ['status', '--json'],
      ['sources', 'check', `rss:${feed.url}`],
      ['sources', 'check', `rss:${feed.url}`, '--json'],
    ]) {
      const { out, err } = await cli(app, ...line);
      expect([line, actingIn(out + err)]).toEqual([line, []]);
      expect(out).toContain('owned');
    }
  });

  test('when a relay is hostile: once, status of an issue, send, issue show', async () => {
    await using room = await openNewsroom();
    await enrollSubscribers(room.app, ['ada@example.org'], { name: `Ada ${HOSTILE_TEXT}` });
    room.relay.follow(({ stage }) =>
      stage === 'rcpt' ? `550 5.1.1 nobody ${HOSTILE_TEXT.replace('\r', '')}` : undefined,
    );
    for (const line of [
      ['once'],
      ['status', '2026-08-19'],
      ['issue', 'show', '2026-08-19'],
      ['send', '--test', 'me@example.org'],
      ['subscribers', 'list'],
    ]) {
      const { out, err } = await cli(room.app, ...line);
      expect([line, actingIn(out + err)]).toEqual([line, []]);
    }
    const { out } = await cli(room.app, 'status', '2026-08-19');
    expect(out).toContain('\\u001b]0;owned');
  });

  test('when a file, a setting or an argument is hostile', async () => {
    using folder = tempFolder();
    await using app = await openTestApp();
    const path = join(folder.path, 'list.csv');
    writeFileSync(path, `email\n${HOSTILE_TEXT.replace('\r', '')}\n`);
    for (const line of [
      ['subscribers', 'import', path],
      ['subscribers', 'add', HOSTILE_TEXT],
      ['subscribers', 'remove', `${HOSTILE_TEXT}@example.org`],
      ['rank', '--explain', HOSTILE_TEXT],
      ['rank', '--limit', HOSTILE_TEXT],
      [HOSTILE_TEXT],
    ]) {
      const { code, out, err } = await cli(app, ...line);
      expect([line, code > 0, actingIn(out + err)]).toEqual([line, true, []]);
    }
  });
});

test('settings that cannot be read are told without what they would do', async () => {
  const open = async () => {
    loadConfig({ PORT: HOSTILE_TEXT, LANGUAGE: HOSTILE_TEXT });
    throw new Error('the settings were taken');
  };
  const { code, err } = await cli(open, 'status');
  expect([code, actingIn(err), err.includes('owned')]).toEqual([2, [], true]);
});

test('a table keeps its rows and columns, whatever is in a cell', async () => {
  await using app = await openTestApp();
  await enrollSubscribers(app, ['ada@example.org'], { name: 'one\ntwo\tthree\rfour' });
  await enrollSubscribers(app, ['bea@example.org'], { name: 'Bea' });
  const lines = (await cli(app, 'subscribers', 'list')).out.split('\n');
  expect(lines).toHaveLength(4);
  expect(new Set(lines.slice(2).map((line) => line.indexOf('active'))).size).toBe(1);
});

test('an export for another program is exact, and safe only where a person would see it', async () => {
  await using app = await openTestApp();
  await enrollSubscribers(app, ['ada@example.org'], { name: 'می‌خواهم' });
  expect((await cli(app, 'subscribers', 'export')).out).toContain('می‌خواهم');
});

test('the progress line moves its own cursor, and shows of a source no more than text', () => {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { columns: 120 });
  progressLine(stream).draw(0.5, `3 of 6 sources · ${HOSTILE_TEXT}\nrss: failed`);
  const written = String(stream.read());
  const [ours, end] = ['\u001b[1G', '\u001b[0K\r'];
  expect(written.startsWith(ours) && written.endsWith(end)).toBe(true);
  const shown = written.slice(ours.length, -end.length);
  expect([actingIn(shown), shown.includes('\n')]).toEqual([[], false]);
});

describe('the log', () => {
  const hostile = {
    source: HOSTILE_TEXT,
    err: new Error(`550 ${HOSTILE_TEXT}\n[12:00:00] INFO: all is well`),
  };

  test('at a terminal keeps its colours and no more than its colours, a value in one line', async () => {
    const stream = new PassThrough({ encoding: 'utf8' });
    const target = pretty({ colorize: true, sync: true, destination: stream });
    logTo('info', target, { pretty: true }).warn(hostile, `refused: ${HOSTILE_TEXT}\nand a line of its own`);
    await new Promise(setImmediate);
    const text = String(stream.read());
    expect(text).toContain('\u001b[33mWARN');
    expect(actingIn(stripVTControlCharacters(text))).toEqual([]);
    expect(text).toContain('owned');
    expect(text).not.toMatch(/^and a line/m);
  });

  test('of a machine is JSON with the same values', () => {
    const lines: string[] = [];
    logTo('info', { write: (line) => lines.push(line) }).warn(hostile, HOSTILE_TEXT);
    expect(actingIn(lines[0] ?? '')).toEqual([]);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ source: HOSTILE_TEXT, msg: HOSTILE_TEXT });
  });
});

test('an error that nobody expected is printed without what it would do', () => {
  using folder = tempFolder();
  mkdirSync(join(folder.path, 'data'));
  const bug = `throw new Error(${JSON.stringify(HOSTILE_TEXT)})`;
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      '--import',
      `data:text/javascript,process.nextTick(() => setImmediate(() => { ${encodeURIComponent(bug)} }))`,
      'bin/offprint.js',
      'status',
    ],
    {
      cwd: join(import.meta.dirname, '../..'),
      encoding: 'utf8',
      env: { PATH: process.env.PATH, DATABASE_URL: join(folder.path, 'data/offprint.db') },
    },
  );
  expect(status).toBe(1);
  expect(stderr).toContain('owned');
  expect(actingIn(stderr)).toEqual([]);
});
