// Makes src/ranking/prior.json and bench/rank/baselines.json from recorded days:
// npm run bench:learn -- --data DIR [--until 2025-08-01]. Neither file holds any text.
import { createHash } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { examplesOf } from './examples.ts';
import { learnBaselines } from './fitted.ts';
import { learn } from './learn.ts';
import { readRows } from './rows.ts';

const { values } = parseArgs({ options: { data: { type: 'string' }, until: { type: 'string' } } });
if (values.data === undefined) throw new Error('--data DIR is missing');
const until = values.until ?? '9999';
const rows = readRows(values.data).filter(({ date }) => date < until);
const examples = examplesOf(rows);
const [first, last] = [examples[0]?.date, examples.at(-1)?.date];
const model = learn(examples, '');
const digest = createHash('sha256').update(JSON.stringify(model)).digest('hex').slice(0, 8);
write('../../src/ranking/prior.json', { ...model, name: `${first}..${last}/${digest}` });
write('baselines.json', learnBaselines(examples));
console.log(`${examples.length} papers of ${first} to ${last}`);
console.log({ ...model.trend, level: model.level });
for (const [name, { weight }] of Object.entries(model.features))
  console.log(`${weight.toFixed(3).padStart(7)}  ${name}`);

function write(name: string, value: unknown): void {
  const path = join(import.meta.dirname, name);
  writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`);
  console.log(`${path}: ${(statSync(path).size / 1000).toFixed(0)} kB`);
}
