// Makes src/ranking/words.json (how common each term is) and src/ranking/themes.json (which words go together)
// from recorded days: npm run bench:learn-words -- --data DIR [--until 2025-08-01]. Neither holds any text.
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { termId } from '../../src/ranking/terms.ts';
import { type PackedThemes, packThemes } from '../../src/ranking/themes.ts';
import { type PackedWords, termsOf, unpackWords, weightsOf } from '../../src/ranking/vector.ts';
import { directions } from './latent.ts';
import { type Row, readRows } from './rows.ts';

/** A term of fewer papers is as telling as one of this many: what is rarer is chance, or a slip of the keys. */
const FEWEST_PAPERS = 20;
const STEP = 1 / 32;
/** So many words have a place in the space of themes, and so wide it is. */
const PLACED = 4000;
const SIZE = 64;

const { values } = parseArgs({ options: { data: { type: 'string' }, until: { type: 'string' } } });
if (values.data === undefined) throw new Error('--data DIR is missing');
const until = values.until ?? '9999';
const rows = readRows(values.data).filter(({ date }) => date < until);
const papers = [...new Map(rows.map((row) => [row.arxivId, row])).values()];
const words = learnWords(papers);
write('words.json', words);
write('themes.json', learnThemes(papers, words));
console.log(`${papers.length} papers`);

function learnWords(texts: readonly Row[]): PackedWords {
  const idf = (count: number) => Math.log((texts.length + 1) / (count + 1));
  const common = [...papersOfTerms(texts, () => true)]
    .filter(([, count]) => count > FEWEST_PAPERS)
    .sort(([one], [other]) => one - other);
  const bytes = Buffer.alloc(common.length * 4);
  for (const [index, [id, count]] of common.entries()) {
    bytes.writeUIntBE(id, index * 4, 3);
    bytes[index * 4 + 3] = Math.min(255, Math.round(idf(count) / STEP));
  }
  return { rare: Number(idf(FEWEST_PAPERS).toFixed(4)), step: STEP, terms: bytes.toString('base64') };
}

function learnThemes(texts: readonly Row[], packed: PackedWords): PackedThemes {
  const single = papersOfTerms(texts, (term) => !term.includes(' '));
  const placed = [...single]
    .sort((one, other) => other[1] - one[1] || one[0] - other[0])
    .slice(0, PLACED)
    .map(([id]) => id);
  const columnOf = new Map(placed.map((id, column) => [id, column]));
  const idf = unpackWords(packed);
  const matrix = texts.map(({ title, abstract }) => {
    const weights = [...weightsOf(title, abstract ?? '', idf)];
    const length = Math.hypot(...weights.map(([, weight]) => weight)) || 1;
    return new Map(
      weights.flatMap(([id, weight]): [number, number][] => {
        const column = columnOf.get(id);
        return column === undefined ? [] : [[column, weight / length]];
      }),
    );
  });
  return packThemes(placed, directions(matrix, placed.length, SIZE));
}

function papersOfTerms(texts: readonly Row[], isWanted: (term: string) => boolean): Map<number, number> {
  const seen = new Map<number, number>();
  for (const { title, abstract } of texts) {
    const terms = [...termsOf(title), ...termsOf(abstract ?? '')].filter(isWanted);
    for (const id of new Set(terms.map(termId))) seen.set(id, (seen.get(id) ?? 0) + 1);
  }
  return seen;
}

function write(name: string, value: unknown): void {
  const path = join(import.meta.dirname, '../../src/ranking', name);
  writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`);
  console.log(`${path}: ${(statSync(path).size / 1000).toFixed(0)} kB`);
}
