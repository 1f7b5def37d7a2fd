import type { Day } from '../domain/day.ts';
import type { Entry, PaperFeatures } from '../domain/entry.ts';
import type { SourceSpec } from '../domain/source.ts';
import { firstDayOf } from '../rank/candidates.ts';
import { paperFeatures } from '../rank/prior.ts';
import { SHIPPED } from '../rank/shipped.ts';
import { decodeVector } from '../rank/vector.ts';
import { entriesByKey, entriesOfDays, keepFeatures } from '../store/entries.ts';
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

/**
 * Makes the features of what the issue of a date may choose from anew where another version of the program made
 * them: their sources may not give those papers again.
 */
export async function renewFeatures(db: Db, sources: readonly SourceSpec[], date: Day): Promise<void> {
  const names = sources.map(({ name }) => name);
  const entries = await entriesOfDays(db, names, firstDayOf(date), date, Number.MAX_SAFE_INTEGER);
  const old = entries.filter(({ features }) => !isCurrent(features));
  for (let start = 0; start < old.length; start += SLICE) {
    const slice = old.slice(start, start + SLICE);
    await keepFeatures(
      db,
      slice.map((entry) => ({ entry, features: paperFeatures(entry) })),
    );
    await new Promise(setImmediate);
  }
}

function withOwn(entry: Entry, known: Entry | undefined): Entry {
  // What a reading lacks, an earlier one may have had: then the text is that.
  const abstract = entry.abstract || (known?.abstract ?? '');
  const isSame = known?.title === entry.title && known.abstract === abstract;
  const kept = isSame && isCurrent(known.features) ? known.features : undefined;
  return { ...entry, features: kept ?? paperFeatures({ title: entry.title, abstract }) };
}

function isCurrent(features: PaperFeatures | undefined): features is PaperFeatures {
  return features?.model === SHIPPED.name && decodeVector(features.vector) !== undefined;
}
