import { describe, expect, test } from 'vitest';
import type { HttpReply } from '../../../src/sources/http/http.ts';
import { HttpFailure } from '../../../src/sources/http/http-failure.ts';
import { github, parseStars, repositoryIn } from '../../../src/sources/providers/github.ts';
import { parseHere } from '../../../src/sources/providers/parsers.ts';
import type { SignalTarget } from '../../../src/sources/providers/signal-source.ts';

const NOW = Date.parse('2026-01-06T05:00:00Z');

/** GitHub's answer about a repository, in short. */
const repository = (stars: unknown) =>
  JSON.stringify({
    id: 1296269,
    name: 'made-up',
    full_name: 'ada-example/made-up',
    private: false,
    owner: { login: 'ada-example', id: 1, type: 'User' },
    html_url: 'https://github.com/ada-example/made-up',
    stargazers_count: stars,
    watchers_count: 80,
    forks_count: 9,
    archived: false,
  });

const target = (number: number, code?: string): SignalTarget => ({
  paperId: `arxiv:2601.${90_000 + number}`,
  ids: { arxiv: `2601.${90_000 + number}` },
  title: `Made-up ${number}`,
  ...(code !== undefined && { code }),
});

/** Runs the source; `answer` gives a body or a status for a path, and what was asked is remembered. */
async function run(
  targets: readonly SignalTarget[],
  answer: (path: string) => string | number,
  options: { token?: string } = {},
) {
  const asked: { path: string; accept: string; headers: object | undefined }[] = [];
  const reading = await github({
    spec: { name: 'github', kind: 'github', argument: '' },
    clock: () => NOW,
    targets,
    ...options,
    parse: parseHere,
    read: async (url, accept, headers) => {
      const path = url.replace('https://api.github.com', '');
      asked.push({ path, accept, headers });
      const given = answer(path);
      if (typeof given === 'string') return reply(url, given);
      throw new HttpFailure('status', url, `answered ${given}`, { status: given });
    },
  });
  return { asked, paths: asked.map(({ path }) => path), reading };
}

const reply = (url: string, text: string): HttpReply => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: Buffer.from(text),
  url,
});

describe('the address of code', () => {
  test.each([
    ['https://github.com/ada-example/made-up', 'ada-example/made-up'],
    ['http://www.github.com/ada-example/made_up.js/', 'ada-example/made_up.js'],
    ['https://github.com/ada-example/made-up.git', 'ada-example/made-up'],
    ['https://github.com/ada-example/made-up/tree/main/src?tab=readme#install', 'ada-example/made-up'],
    ['https://github.com//ada-example//made-up//', 'ada-example/made-up'],
  ])('%s is of %s', (address, name) => {
    expect(repositoryIn(address)).toBe(name);
  });

  test.each([
    '',
    'ada-example/made-up',
    'https://github.com/',
    'https://github.com/ada-example',
    'https://github.com/orgs/ada-example/repositories',
    'https://github.com/topics/made-up',
    'https://gist.github.com/ada-example/0123456789abcdef',
    'https://ada-example.github.io/made-up',
    'https://gitlab.com/ada-example/made-up',
    'https://github.com.example.org/ada-example/made-up',
    'https://github.com@example.org/ada-example/made-up',
    'https://github.com/ada-example/..%2f..%2fuser',
    'https://github.com/ada-example/%2e%2e',
    'https://github.com/ada-example/.git',
    'https://github.com/ada%0d%0aexample/made-up',
    'javascript://github.com/ada-example/made-up',
    'ssh://git@github.com/ada-example/made-up.git',
  ])('%s is of no repository', (address) => {
    expect(repositoryIn(address)).toBeUndefined();
  });
});

describe('the stars in an answer', () => {
  test('are a whole number, and zero is one', () => {
    expect(parseStars(repository(80)).stars).toBe(80);
    expect(parseStars(repository(0)).stars).toBe(0);
  });

  test.each([
    repository('80'),
    repository(null),
    repository(-1),
    repository(1.5),
    repository(1e12),
    '{}',
    '[]',
    'null',
    '"80"',
    '<html>',
    '',
  ])('are unknown in %s', (json) => {
    expect(parseStars(json).stars).toBeUndefined();
  });
});

describe('reading the stars', () => {
  test('asks each repository once, in the order of the papers, and gives the stars to each of them', async () => {
    const targets = [
      target(1, 'https://github.com/ada-example/made-up'),
      target(2),
      target(3, 'https://github.com/bruno/second.git'),
      target(4, 'https://github.com/Ada-Example/Made-Up/tree/main'),
    ];
    const { asked, paths, reading } = await run(targets, (path) =>
      repository(path.includes('bruno') ? 0 : 7),
    );
    expect(paths).toEqual(['/repos/ada-example/made-up', '/repos/bruno/second']);
    expect(asked[0]).toMatchObject({ accept: 'application/vnd.github+json', headers: {} });
    const common = { source: 'github', name: 'stars', seenAt: NOW };
    expect(reading).toEqual({
      signals: [
        { ...common, paperId: 'arxiv:2601.90001', value: 7 },
        { ...common, paperId: 'arxiv:2601.90004', value: 7 },
        { ...common, paperId: 'arxiv:2601.90003', value: 0 },
      ],
      problems: [],
    });
  });

  const many = Array.from({ length: 600 }, (_, index) => target(index, `https://github.com/ada/n${index}`));

  test('asks for the first 50 without a token and sends none', async () => {
    const { paths, reading } = await run(many, () => repository(1));
    expect(paths).toEqual(Array.from({ length: 50 }, (_, index) => `/repos/ada/n${index}`));
    expect(reading.problems).toEqual([]);
  });

  test('asks for the first 500 with a token, each time with it', async () => {
    const { asked } = await run(many, () => repository(1), { token: 'made-up-token' });
    expect(asked).toHaveLength(500);
    for (const { headers } of asked) expect(headers).toEqual({ authorization: 'Bearer made-up-token' });
  });

  test.each([404, 410, 451])('takes a repository that answers %i as gone', async (status) => {
    const { reading } = await run(many.slice(0, 3), (path) => (path.endsWith('n1') ? status : repository(5)));
    expect(reading.signals.map(({ paperId }) => paperId)).toEqual(['arxiv:2601.90000', 'arxiv:2601.90002']);
    expect(reading.problems).toEqual([]);
    expect((await run(many.slice(0, 3), () => status)).reading).toEqual({ signals: [], problems: [] });
  });

  test.each([403, 429, 401, 500])(
    'ends with an answer of %i, one problem and what it has',
    async (status) => {
      const { paths, reading } = await run(many.slice(0, 9), (path) =>
        path.endsWith('n2') ? status : repository(5),
      );
      expect(paths).toHaveLength(3);
      expect(reading.signals).toHaveLength(2);
      expect(reading.problems).toEqual([
        `GET https://api.github.com/repos/ada/n2: answered ${status}; 7 of 9 repositories not read`,
      ]);
    },
  );

  test('asks nobody after a rate limit when it asks several at once', async () => {
    const { paths } = await run(many, (path) => (path.endsWith('n2') ? 403 : repository(5)), { token: 't' });
    expect(paths.length).toBeLessThan(10);
  });

  test('has failed when nothing could be read', async () => {
    await expect(run(many.slice(0, 9), () => 403)).rejects.toThrow(/answered 403; 9 of 9/);
    await expect(run(many.slice(0, 2), () => '<html>')).rejects.toThrow(
      'ada/n0: expected a repository with stargazers_count',
    );
  });

  test('names each repository whose answer has the wrong shape', async () => {
    const { reading } = await run(many.slice(0, 3), (path) => repository(path.endsWith('n1') ? '5' : 5));
    expect(reading.signals).toHaveLength(2);
    expect(reading.problems).toEqual(['ada/n1: expected a repository with stargazers_count']);
  });

  test('asks nobody when no paper has code', async () => {
    expect((await run([target(1), target(2)], () => 500)).paths).toEqual([]);
  });
});
