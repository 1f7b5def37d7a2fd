import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FAULTS } from '../src/domain/fault.ts';
import { breaches } from './support/architecture.ts';

const ROOT = join(import.meta.dirname, '..');

function sourceFiles(): Map<string, string> {
  const names = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const paths = names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `src/${name.replaceAll('\\', '/')}`);
  return new Map(paths.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
}

describe('the layout of src/', () => {
  test('keeps every rule', () => {
    const sources = sourceFiles();
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
          "import { open } from '../app/open.ts';\nimport { Fault } from '../domain/fault.ts';\n",
        'src/app/open.ts':
          "import { rank } from '../rank/rank.ts';\nexport const now = Date.now;\nexport type { Day } from '../domain/day.ts';\n",
        'src/rank/rank.ts':
          "import { score } from './score.ts';\nimport { z } from 'zod';\nimport type { Day } from '../domain/day.ts';\n// Date.now() is not for us, import x from '../app/open.ts' neither\n",
        'src/rank/score.ts': "import type { Rank } from './rank.ts';\nexport const day = new Date(0);\n",
        'src/domain/day.ts': "import { readFileSync } from 'node:fs';\n",
        'src/domain/fault.ts': '',
      }),
    ).toEqual([]);
  });

  test.each([
    [
      'a step that imports another step',
      'src/rank/x.ts',
      "import { a } from '../store/y.ts';",
      'rank imports store',
    ],
    ['a step that imports app', 'src/web/x.ts', "import type { A } from '../app/y.ts';", 'web imports app'],
    ['a re-export across steps', 'src/fetch/x.ts', "export * from '../rank/y.ts';", 'fetch imports rank'],
    ['a lazy import across steps', 'src/fetch/x.ts', "await import('../rank/y.ts');", 'fetch imports rank'],
    ['an import for its effect', 'src/fetch/x.ts', "import '../rank/y.ts';", 'fetch imports rank'],
    [
      'an import over several lines',
      'src/fetch/x.ts',
      "import {\n  a,\n  type B,\n} from '../web/y.ts';",
      'fetch imports web',
    ],
    [
      'domain that imports a step',
      'src/domain/x.ts',
      "import { a } from '../rank/y.ts';",
      'domain imports rank',
    ],
    [
      'a command that imports a step',
      'src/cli/x.ts',
      "import { a } from '../store/y.ts';",
      'cli imports store',
    ],
    ['main that imports app', 'src/main.ts', "import { a } from './app/y.ts';", 'main.ts imports app'],
    ['app that imports cli', 'src/app/x.ts', "import { a } from '../cli/y.ts';", 'app imports cli'],
    ['anybody that imports main', 'src/cli/x.ts', "import '../main.ts';", 'cli imports main.ts'],
    ['an import without its ending', 'src/rank/x.ts', "import { a } from './y';", 'import without .ts'],
    ['a file named utils', 'src/rank/utils.ts', '', 'nothing is named utils'],
    ['a folder named helpers', 'src/rank/helpers/x.ts', '', 'nothing is named helpers'],
    ['a folder named lib', 'src/rank/lib/x.ts', '', 'nothing is named lib'],
    ['a file named common', 'src/web/common.ts', '', 'nothing is named common'],
    ['a barrel', 'src/rank/index.ts', "export * from './x.ts';", 'no barrels'],
    ['a folder without a rule', 'src/extras/x.ts', '', 'no rule for src/extras'],
    ['Date.now below app', 'src/rank/x.ts', 'const a = Date.now();', 'reads the clock'],
    ['Date.now handed on', 'src/domain/x.ts', 'const clock = Date.now;', 'reads the clock'],
    ['a Date of now', 'src/store/x.ts', 'const a = new Date();', 'reads the clock'],
    ['a Date of now without brackets', 'src/store/x.ts', 'const a = new Date;', 'reads the clock'],
    ['Temporal.Now', 'src/schedule/x.ts', 'Temporal.Now.instant();', 'reads the clock'],
    ['a long file', 'src/rank/x.ts', 'a;\n'.repeat(251), '251 lines'],
  ])('finds %s', (_, path, text, expected) => {
    const found = check({ [path]: text });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${path}: `);
    expect(found[0]).toContain(expected);
  });

  test('takes a file of exactly the limit', () => {
    expect(check({ 'src/rank/x.ts': 'a;\n'.repeat(250) })).toEqual([]);
  });

  test('finds a cycle of imports, however long', () => {
    const found = check({
      'src/rank/a.ts': "import { b } from './b.ts';",
      'src/rank/b.ts': "import { c } from './c.ts';",
      'src/rank/c.ts': "import { a } from './a.ts';",
    });
    expect(found).toEqual([
      'src/rank/a.ts: import cycle src/rank/a.ts → src/rank/b.ts → src/rank/c.ts → src/rank/a.ts',
    ]);
  });
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
