import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { exampleDocs, exampleEnv } from '../../src/config/example.ts';
import { loadConfig } from '../../src/config/load.ts';
import { SETTINGS } from '../../src/config/table.ts';

const MEND = 'the table of settings has changed: run "npm run env:example"';

describe('what is made from the table of settings', () => {
  test('.env.example is what the table makes', () => {
    expect(read('.env.example'), MEND).toBe(exampleEnv());
  });

  test('docs/settings.md is what the table makes', () => {
    expect(read('docs/settings.md'), MEND).toBe(exampleDocs());
  });

  test('.env.example, uncommented, changes nothing', () => {
    const lines = exampleEnv().matchAll(/^#([A-Z_]+)=(.*)$/gm);
    const environment = Object.fromEntries([...lines].map(([, name = '', value]) => [name, value]));
    expect(Object.keys(environment)).toEqual(Object.keys(SETTINGS));
    expect(loadConfig(environment)).toEqual(loadConfig({}));
  });

  test('docs/settings.md has one row of three cells for each setting', () => {
    const rows = exampleDocs()
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows.map((row) => /^\| `([A-Z_]+)`/.exec(row)?.[1])).toEqual(Object.keys(SETTINGS));
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(4);
  });
});

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}
