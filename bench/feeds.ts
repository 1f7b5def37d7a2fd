// How far the parser of feeds agrees with what real feeds say: node bench/feeds.ts --data DIR. DIR holds feeds whose
// files are named for their hosts, as in bench/feed-rules.ts; the others are left out. --wrong names each item.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decodeText } from '../src/sources/http/charset.ts';
import { agreementOf, FIELDS, type Tally } from './feed-agreement.ts';

const { values } = parseArgs({ options: { data: { type: 'string' }, wrong: { type: 'boolean' } } });
if (values.data === undefined) throw new Error('Use: node bench/feeds.ts --data DIR [--wrong]');
const all: Tally = { items: 0, lost: 0, title: 0, link: 0, day: 0, abstract: 0, authors: 0, wrong: [] };
for (const file of readdirSync(values.data).sort()) {
  const text = decodeText(readFileSync(join(values.data, file)), 'text/xml');
  const tally = await agreementOf(file, text);
  if (tally === undefined) console.log(`${file.slice(0, 40)}: no rule for it`);
  else {
    for (const key of [...FIELDS, 'items', 'lost'] as const) all[key] += tally[key];
    print(file.slice(0, 40), tally);
  }
}
print('all', all);

function print(name: string, tally: Tally): void {
  const parts = FIELDS.map((field) => `${field} ${((tally[field] / tally.items) * 100 || 0).toFixed(1)} %`);
  const counts = `${String(tally.items).padStart(4)} items, ${tally.lost} lost`;
  console.log(`${name.padEnd(40)} ${counts}; ${parts.join(', ')}`);
  if (values.wrong) for (const wrong of tally.wrong) console.log(`  ${wrong}`);
}
