import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseSourceList } from '../../src/domain/source-list.ts';
import { expandSourceFiles } from '../../src/sources/source-files.ts';
import { openTestApp, tempFolder } from '../support/app.ts';
import { scriptedServer } from '../support/scripted-server.ts';
import { cli } from './fake-host.ts';

const RSS =
  '<rss><channel><item><title>A made-up work</title><link>https://lab.example/1</link></item></channel></rss>';
const JSON_FEED = JSON.stringify({
  version: 'https://jsonfeed.org/version/1.1',
  title: 'Lab',
  items: [{ id: '1', url: 'https://lab.example/2', title: 'Another made-up work' }],
});

async function check(body: string, path: string, ...rest: string[]) {
  await using server = await scriptedServer((_, response) => response.end(body));
  await using app = await openTestApp();
  const result = await cli(app, 'sources', 'check', path.replace('BASE', server.url), ...rest);
  const kept = await app.store.db.selectFrom('entries').select('key').execute();
  expect(kept).toEqual([]);
  return result;
}

describe('sources check', () => {
  test('explains an RSS address, a JSON Feed address and a source', async () => {
    const rss = await check(RSS, 'BASE/f.xml');
    expect(rss.code).toBe(0);
    expect(rss.out).toContain('A made-up work');
    expect(rss.out).toContain('It gives no dates');
    const json = await check(JSON_FEED, 'BASE/feed');
    expect(json).toMatchObject({ code: 0, out: expect.stringContaining('Another made-up work') });
    expect((await check(RSS, 'rss:BASE/f.xml')).code).toBe(0);
  });

  test('says why an address cannot be read, and ends with 1', async () => {
    const { code, out, err } = await check('<html><p>Hello</p></html>', 'BASE/');
    expect(code).toBe(1);
    expect(out).toContain('expected RSS or Atom, got an element <html>');
    expect(err).toContain('NO_SOURCE_ANSWERED');
  });

  test('refuses what is no source, and ends with 2', async () => {
    expect(await check('', 'nonsense')).toMatchObject({
      code: 2,
      err: expect.stringContaining('unknown kind'),
    });
    expect((await check('', 'huggingface, arxiv:cs.CL')).code).toBe(2);
    expect(await check('', 'github')).toMatchObject({ code: 2, err: expect.stringContaining('signals') });
  });
});

describe('fetch', () => {
  test('ends with 1 when only a source of signals answered', async () => {
    await using news = await scriptedServer((_, response) => response.end('{"hits":[]}'));
    await using app = await openTestApp({
      SOURCES: `huggingface@http://127.0.0.1:1, hackernews@${news.url}`,
    });
    expect(await cli(app, 'fetch')).toMatchObject({
      code: 1,
      err: expect.stringContaining('NO_SOURCE_ANSWERED'),
    });
  });
});

describe('a list of sources in a file', () => {
  test('stands where SOURCES names it', () => {
    using folder = tempFolder();
    const path = join(folder.path, 'sources.txt');
    writeFileSync(path, '# ours\nhuggingface\nrss:https://lab.example/f.xml label="Lab, news"\n');
    const { specs, problems } = parseSourceList(expandSourceFiles(`arxiv:cs.CL, file:${path}, hackernews`));
    expect(problems).toEqual([]);
    expect(specs.map(({ name }) => name)).toEqual([
      'arxiv:cs.CL',
      'huggingface',
      'rss:https://lab.example/f.xml',
      'hackernews',
    ]);
  });

  test('that is not there is an error that names it', () => {
    expect(() => expandSourceFiles('file:/nowhere/sources.txt')).toThrow('/nowhere/sources.txt');
  });
});
