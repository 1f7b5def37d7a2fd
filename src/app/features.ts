import type { Entry } from '../domain/entry.ts';
import { paperFeatures } from '../rank/prior.ts';
import { entriesByKey } from '../store/entries.ts';
import type { Db } from '../store/schema.ts';

/** Some 20 ms of work: pages are answered in between. */
const SLICE = 50;

/** The entries with what the ranker reads of their text: made once, and kept as long as the text stays as it is. */
export async function withFeatures(db: Db, entries: readonly Entry[]): Promise<Entry[]> {
  const done: Entry[] = [];
  for (let start = 0; start < entries.length; start += SLICE) {
    const slice = entries.slice(start, start + SLICE);
    const known = await entriesByKey(db, slice);
    done.push(...slice.map((entry) => withOwn(entry, known.get(entry))));
    await new Promise(setImmediate);
  }
  return done;
}

function withOwn(entry: Entry, known: Entry | undefined): Entry {
  // What a reading lacks, an earlier one may have had: then the text is that.
  const abstract = entry.abstract || (known?.abstract ?? '');
  const isSame = known?.title === entry.title && known.abstract === abstract;
  const features = (isSame && known.features) || paperFeatures({ title: entry.title, abstract });
  return { ...entry, features };
}
