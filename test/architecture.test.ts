import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FAULTS } from '../src/domain/fault.ts';
import { breaches } from './support/architecture.ts';
import { realTimeIn } from './support/real-time.ts';

const ROOT = join(import.meta.dirname, '..');

function filesIn(folder: 'src' | 'test'): Map<string, string> {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  const paths = names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
  return new Map(paths.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
}

describe('the layout of src/', () => {
  test('keeps every rule', () => {
    const sources = filesIn('src');
    expect(sources.size).toBeGreaterThan(50);
    expect(breaches(sources)).toEqual([]);
  });
});

describe('the checker of the layout', () => {
  const check = (files: Record<string, string>) => breaches(new Map(Object.entries(files)));

  test('lets through what is allowed', () => {
    expect(
      check({
        'src/main.ts': "import { run } from './cli/program.ts';\n",
        'src/cli/program.ts':
          "import { open } from '../runtime/open.ts';\nimport { Fault } from '../domain/fault.ts';\n",
        'src/runtime/open.ts':
          "import { rank } from '../ranking/rank.ts';\nexport const now = Date.now;\nexport type { Day } from '../domain/day.ts';\nsetTimeout(now, 1);\n",
        'src/ranking/rank.ts':
          "import { score } from './score.ts';\nimport { z } from 'zod';\nimport type { Day } from '../domain/day.ts';\n// Date.now() is not for us, import x from '../app.ts' neither\n",
        'src/ranking/score.ts': 'export const day = new Date(0);\n',
        'src/db/wait.ts': "import { setTimeout } from 'node:timers/promises';\n",
        'src/domain/day.ts': "import { readFileSync } from 'node:fs';\n",
        'src/domain/fault.ts': '',
        'src/core.ts':
          'export type Core = { readonly store: Store; readonly log: Log; readonly clock: Clock };\n',
        'src/issues/gather.ts': 'export function gather(core: Core, http: Http, wait: Wait): void {}\n',
      }),
    ).toEqual([]);
  });

  test.each([
    ['a room that imports a later one', 'src/papers/x.ts', '../issues/y.ts', 'papers imports issues'],
    ['a room that imports the app', 'src/web/x.ts', '../app.ts', 'web imports app.ts'],
    ['the core that imports a room', 'src/core.ts', './sources/y.ts', 'core.ts imports sources'],
    ['domain that imports a room', 'src/domain/x.ts', '../config/y.ts', 'domain imports config'],
    ['ranking that imports mail', 'src/ranking/x.ts', '../mail/y.ts', 'ranking imports mail'],
    ['mail that imports ranking', 'src/mail/x.ts', '../ranking/y.ts', 'mail imports ranking'],
    ['the runtime that imports cli', 'src/runtime/x.ts', '../cli/y.ts', 'runtime imports cli'],
    ['anybody that imports main', 'src/cli/x.ts', '../main.ts', 'cli imports main.ts'],
    ['ranking that knows the database', 'src/ranking/x.ts', '../db/y.ts', 'knows the database'],
    ['mail that knows the core', 'src/mail/x.ts', '../core.ts', 'knows the database'],
    ['a parser that knows the database', 'src/sources/text/x.ts', '../../db/y.ts', 'knows the database'],
    ['an import from outside', 'src/cli/x.ts', '../../test/y.ts', 'imports what is not in src/'],
  ])('finds %s, however it is imported', (_, path, target, expected) => {
    for (const statement of [
      `import { a } from '${target}';`,
      `import type { A } from '${target}';`,
      `import {\n  a,\n  type B,\n} from '${target}';`,
      `export * from '${target}';`,
      `export { a } from "${target}";`,
      `import '${target}';`,
      `await import('${target}');`,
      `let a: import('${target}').A;`,
    ]) {
      const found = check({ [path]: statement });
      expect([statement, found]).toEqual([statement, [expect.stringContaining(`${path}: `)]]);
      expect(found[0]).toContain(expected);
    }
  });

  test.each([
    ['an import without its ending', 'src/ranking/x.ts', "import { a } from './y';", 'import without .ts'],
    ['a file named utils', 'src/ranking/utils.ts', '', 'nothing is named utils'],
    ['a folder named helpers', 'src/ranking/helpers/x.ts', '', 'nothing is named helpers'],
    ['a folder named lib', 'src/ranking/lib/x.ts', '', 'nothing is named lib'],
    ['a file named common', 'src/web/common.ts', '', 'nothing is named common'],
    ['a barrel', 'src/ranking/index.ts', "export * from './x.ts';", 'no barrels'],
    ['a folder that is no room', 'src/extras/x.ts', '', 'src/extras is not in the list of rooms'],
    ['Date.now before the app', 'src/ranking/x.ts', 'const a = Date.now();', 'reads the clock'],
    ['Date.now handed on', 'src/domain/x.ts', 'const clock = Date.now;', 'reads the clock'],
    ['a Date of now', 'src/ledger/x.ts', 'const a = new Date();', 'reads the clock'],
    ['a Date of now without brackets', 'src/ledger/x.ts', 'const a = new Date;', 'reads the clock'],
    ['Temporal.Now', 'src/domain/x.ts', 'Temporal.Now.instant();', 'reads the clock'],
    ['a timeout', 'src/sources/x.ts', 'setTimeout(stop, 10);', 'sets a timer'],
    ['an interval', 'src/web/x.ts', 'setInterval(look, 10);', 'sets a timer'],
    ['a signal that fires by itself', 'src/papers/x.ts', 'AbortSignal.timeout(10);', 'sets a timer'],
    ['a timer that is awaited', 'src/delivery/x.ts', "import 'node:timers/promises';", 'sets a timer'],
    ['ticks of the machine', 'src/delivery/x.ts', 'performance.now();', 'sets a timer'],
    ['a long file', 'src/ranking/x.ts', 'a;\n'.repeat(251), '251 lines'],
    [
      'a type with seven live objects',
      'src/issues/x.ts',
      `type Tools = { db: Db; log: Log; clock: Clock; http: Http; wait: Wait } & More;
       type More = { readonly pause: Pause; readonly templates: () => Promise<MailTemplates> };`,
      'Tools has 7 live objects',
    ],
    [
      'a parameter with seven live objects',
      'src/issues/x.ts',
      `type Core = { db: Db; log: Log; clock: Clock };
       const build = (core: Core & { http: Http; wait: Wait; pause: Pause; routes: Routes }) => core;`,
      'a parameter has 7 live objects',
    ],
  ])('finds %s', (_, path, text, expected) => {
    const found = check({ [path]: text });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${path}: `);
    expect(found[0]).toContain(expected);
  });

  test('takes a file of exactly the limit', () => {
    expect(check({ 'src/ranking/x.ts': 'a;\n'.repeat(250) })).toEqual([]);
  });

  test.each(['import { c } from', 'import type { c } from', 'export * from'])(
    'finds a cycle of imports, however long, also by %s',
    (way) => {
      const found = check({
        'src/ranking/a.ts': "import { b } from './b.ts';",
        'src/ranking/b.ts': `${way} './c.ts';`,
        'src/ranking/c.ts': "import { a } from './a.ts';",
      });
      expect(found).toEqual([
        'src/ranking/a.ts: import cycle src/ranking/a.ts → src/ranking/b.ts → src/ranking/c.ts → src/ranking/a.ts',
      ]);
    },
  );
});

describe('the tests', () => {
  test('depend neither on real time nor on the speed of the machine', () => {
    expect(realTimeIn(filesIn('test'))).toEqual([]);
  });

  test.each([
    'await vi.waitFor(() => expect(mails).toHaveLength(2));',
    'await expect.poll(() => mails.length).toBe(2);',
    'setTimeout(resolve, 2);',
    "import { setTimeout as sleep } from 'node:timers/promises';",
    'const start = performance.now();',
    'const start = Date.now();',
    'const today = new Date();',
    'Temporal.Now.instant();',
    'AbortSignal.timeout(50);',
  ])('are found when they say %j, unless they are slow ones', (text) => {
    expect(realTimeIn(new Map([['test/web/x.test.ts', text]]))).toHaveLength(1);
    expect(realTimeIn(new Map([['test/web/x.slow.test.ts', text]]))).toEqual([]);
  });
});

test('every source file is one that Node reads by stripping its types', () => {
  for (const [path, text] of filesIn('src')) expect(() => stripTypeScriptTypes(text), path).not.toThrow();
});

test('a comment that says what to see names something that is there', () => {
  const sources = [...filesIn('src')];
  const code = sources.map(([, text]) => text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')).join('\n');
  const gone = sources.flatMap(([path, text]) =>
    [...text.matchAll(/[Ss]ee `(\w+)`/g)]
      .filter(([, name]) => !new RegExp(`\\b${name}\\b`).test(code))
      .map(([see]) => `${path}: ${see}`),
  );
  expect(gone).toEqual([]);
});

describe('docs/errors.md', () => {
  const text = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `([A-Z_]+)` \|.*\| (\d) \|/gm)].map(([, code, exit]) => [
    code,
    Number(exit),
  ]);

  test('explains every code with its exit code, and no other', () => {
    expect(Object.fromEntries(rows)).toEqual(FAULTS);
    expect(rows).toHaveLength(Object.keys(FAULTS).length);
  });
});
