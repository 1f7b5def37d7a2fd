import type { Db } from '../src/db/schema.ts';
import type { KnownPaper } from '../src/domain/known-paper.ts';
import { savePaper } from '../src/papers/papers-table.ts';
import { randomFrom } from './made-up.ts';

const SYLLABLES = 'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu'.split(' ');
const CATEGORIES = ['cs.LG', 'cs.CL', 'cs.CV', 'cs.AI', 'stat.ML', 'cs.RO', 'math.OC', 'q-bio.NC'];
const VOCABULARY = 40_000;

/** The word of a rank in a made-up language; rank 0 is the most common one. */
export function wordOf(rank: number): string {
  let word = '';
  for (let rest = rank + 400; rest > 0; rest = Math.floor(rest / 20)) word += SYLLABLES[rest % 20];
  return word;
}

/** So many papers that nobody wrote, in a language whose words are as unequally common as those of a real one. */
function* madeUpLibrary(count: number): Generator<KnownPaper> {
  const random = randomFrom(7);
  const word = () => wordOf(Math.floor(VOCABULARY ** random()) - 1);
  const text = (words: number) => Array.from({ length: words }, word).join(' ');
  for (let index = 0; index < count; index++) {
    const id = `arxiv:${index}`;
    const day = new Date(Date.UTC(2021, 0, 1) + Math.floor((index / count) * 2000) * 864e5);
    yield {
      id,
      aliases: [id],
      ids: { arxiv: String(index) },
      title: text(10),
      abstract: text(180),
      authors: Array.from({ length: 5 }, () => `${wordOf(Math.floor(random() * 3000))} ${word()}`),
      links: { abstract: `https://papers.example/abs/${index}` },
      categories: [CATEGORIES[Math.floor(CATEGORIES.length * random() ** 2)] ?? 'cs.LG'],
      sources: ['made-up'],
      day: day.toISOString().slice(0, 10),
      firstSeenAt: day.getTime(),
    };
  }
}

/** Fills the table of papers. */
export async function fillLibrary(db: Db, count: number): Promise<void> {
  const papers = madeUpLibrary(count);
  for (let done = false; !done; ) {
    await db.transaction().execute(async (trx) => {
      for (let index = 0; index < 2000 && !done; index++) {
        const next = papers.next();
        done = next.done ?? false;
        if (!next.done) await savePaper(trx, next.value, undefined, []);
      }
    });
  }
}
