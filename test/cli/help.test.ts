import { describe, expect, test } from 'vitest';
import { cli, unopened } from './fake-host.ts';

/** The commands that a help text lists, `help` itself aside. */
function listedIn(help: string): string[] {
  const [, section = ''] = help.split('Commands:\n');
  return [...section.matchAll(/^ {2}([a-z]+)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');
}

async function walk(path: readonly string[] = []): Promise<string[][]> {
  const { out } = await cli(unopened, ...path, '--help');
  const children = await Promise.all(listedIn(out).map((name) => walk([...path, name])));
  return [...(path.length > 0 ? [[...path]] : []), ...children.flat()];
}

const commands = await walk();

test('the commands that stay are all there', () => {
  const top = commands.filter((path) => path.length === 1).map(([name]) => name);
  expect(top.sort()).toEqual(
    [
      'start',
      'worker',
      'once',
      'fetch',
      'rank',
      'preview',
      'issue',
      'send',
      'retry',
      'returns',
      'sources',
      'status',
      'subscribers',
      'secret',
      'migrate',
    ].sort(),
  );
  const nested = commands.filter((path) => path.length === 2).map((path) => path.join(' '));
  expect(nested.sort()).toEqual(
    [
      'sources check',
      ...['list', 'retire'].map((name) => `secret ${name}`),
      ...['build', 'list', 'show', 'cancel', 'hold', 'release'].map((name) => `issue ${name}`),
      ...['list', 'read', 'take'].map((name) => `returns ${name}`),
      ...['import', 'export', 'list', 'add', 'remove', 'erase', 'suppress', 'restore', 'allow'].map(
        (name) => `subscribers ${name}`,
      ),
    ].sort(),
  );
});

describe('help', () => {
  test.each(commands.map((path) => [path.join(' '), path] as const))(
    'of %s says what it does and shows an example',
    async (name, path) => {
      const { code, out, err } = await cli(unopened, ...path, '--help');
      expect([code, err]).toEqual([0, '']);
      expect(out).toContain(`Usage: offprint ${name}`);
      expect(out).toMatch(/Example:\n {2}\$ .*offprint /);
      expect(out).toContain(`offprint ${path[0]}`);
    },
  );

  test('--version is the version of package.json', async () => {
    expect(await cli(unopened, '--version')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });
});

test.each([
  ['an unknown command', ['publish']],
  ['an unknown option', ['once', '--fast']],
  ['a day that is none', ['once', '--date', '2026-02-30']],
  ['a duration that is none', ['once', '--wait', 'soon']],
  ['an instant without its zone', ['once', '--due', '--at', '2026-08-19T07:00']],
  ['a count of none', ['status', '--issues', '0']],
  ['a missing argument', ['issue', 'show']],
  ['a missing option', ['send']],
  ['no command at all', []],
])('%s ends with 2, and says what was expected', async (_, args) => {
  const { code, out, err } = await cli(unopened, ...args);
  expect([code, out]).toEqual([2, '']);
  expect(err).not.toBe('');
});
