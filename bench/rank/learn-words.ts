// Makes src/rank/words.json, how common each term is, from recorded days:
// npm run bench:learn-words -- --data DIR [--until 2025-08-01]. The file holds no text.
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { termId } from '../../src/rank/terms.ts';
import { type PackedWords, termsOf } from '../../src/rank/vector.ts';
import { readRows } from './rows.ts';

/** A term of fewer papers is as telling as one of this many: what is rarer is chance, or a slip of the keys. */
const FEWEST_PAPERS = 20;
const STEP = 1 / 32;

const { values } = parseArgs({ options: { data: { type: 'string' }, until: { type: 'string' } } });
if (values.data === undefined) throw new Error('--data DIR is missing');
const until = values.until ?? '9999';
const rows = readRows(values.data).filter(({ date }) => date < until);
const papers = [...new Map(rows.map((row) => [row.arxivId, row])).values()];
const words = packed(papers.map(({ title, abstract }) => [...termsOf(title), ...termsOf(abstract)]));
const path = join(import.meta.dirname, '../../src/rank/words.json');
writeFileSync(path, `${JSON.stringify(words, undefined, 2)}\n`);
console.log(`${papers.length} papers; ${path}: ${(statSync(path).size / 1000).toFixed(0)} kB`);

function packed(texts: readonly (readonly string[])[]): PackedWords {
  const seen = new Map<number, number>();
  for (const terms of texts)
    for (const id of new Set(terms.map(termId))) seen.set(id, (seen.get(id) ?? 0) + 1);
  const idf = (count: number) => Math.log((texts.length + 1) / (count + 1));
  const common = [...seen].filter(([, count]) => count > FEWEST_PAPERS).sort(([one], [other]) => one - other);
  const bytes = Buffer.alloc(common.length * 4);
  for (const [index, [id, count]] of common.entries()) {
    bytes.writeUIntBE(id, index * 4, 3);
    bytes[index * 4 + 3] = Math.min(255, Math.round(idf(count) / STEP));
  }
  return { rare: Number(idf(FEWEST_PAPERS).toFixed(4)), step: STEP, terms: bytes.toString('base64') };
}
