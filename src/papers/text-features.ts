import type { Core, Log } from '../core.ts';
import { firstDayOf } from '../domain/candidates.ts';
import type { Day } from '../domain/day.ts';
import { type Entry, entrySize, type PaperFeatures } from '../domain/entry.ts';
import { giveWay, slicesOf } from '../domain/slices.ts';
import type { SourceSpec } from '../domain/source.ts';
import { DEFAULT_MODEL } from '../ranking/default-model.ts';
import { isCurrentVector } from '../ranking/vector.ts';
import { slicesOfDays } from '../sources/entries-of-days.ts';
import { ENTRY_SLICE, entriesByKey, saveFeatures } from '../sources/entries-table.ts';

export type PaperText = Pick<Entry, 'title' | 'abstract'>;

/** What the ranker reads of each text, in order. */
export type FeaturesOf = (papers: readonly PaperText[]) => Promise<PaperFeatures[]>;

/** The entries with what the ranker reads of their text: made once, and kept as long as the text stays as it is. */
export async function withFeatures(
  core: Core,
  featuresOf: FeaturesOf,
  entries: readonly Entry[],
): Promise<Entry[]> {
  const done: Entry[] = [];
  for (const slice of slicesOf(entries, ENTRY_SLICE, entrySize)) {
    const known = await entriesByKey(core.store.db, slice);
    const kept = slice.map((entry) => keptFeatures(entry, known.get(entry)));
    const lacking = slice.filter((_, index) => kept[index] === undefined);
    const made = await makeFeatures(
      core.log,
      featuresOf,
      lacking.map((entry) => textOf(entry, known.get(entry))),
    );
    const fresh = new Map(lacking.map((entry, index) => [entry, made[index]]));
    for (const [index, entry] of slice.entries()) {
      const features = kept[index] ?? fresh.get(entry);
      done.push({ ...entry, ...(features && { features }) });
    }
    await giveWay();
  }
  return done;
}

/**
 * Makes the features of what the issue of a date may choose from again where another version of the program made
 * them: their sources may not give those papers again.
 */
export async function renewFeatures(
  core: Core,
  featuresOf: FeaturesOf,
  sources: readonly SourceSpec[],
  date: Day,
): Promise<void> {
  const { db } = core.store;
  const names = sources.map(({ name }) => name);
  for await (const slice of slicesOfDays(db, names, firstDayOf(date), date, Number.MAX_SAFE_INTEGER)) {
    const old = slice.filter(({ features }) => !isCurrent(features));
    const made = await makeFeatures(core.log, featuresOf, old);
    const renewed = old.flatMap((entry, index) => {
      const features = made[index];
      return features === undefined ? [] : [{ entry, features }];
    });
    if (renewed.length > 0) await saveFeatures(db, renewed);
  }
}

/** None when they cannot be made: the entries are kept without them, and the next reading tries again. */
async function makeFeatures(
  log: Log,
  featuresOf: FeaturesOf,
  papers: readonly PaperText[],
): Promise<readonly PaperFeatures[]> {
  if (papers.length === 0) return [];
  const texts = papers.map(({ title, abstract }) => ({ title, abstract }));
  return featuresOf(texts).catch((error: unknown) => {
    log.warn({ err: error }, 'the features of some papers could not be made');
    return [];
  });
}

/** What a reading lacks, an earlier one may have had: then the text is that. */
function textOf({ title, abstract }: Entry, known: Entry | undefined): PaperText {
  return { title, abstract: abstract || (known?.abstract ?? '') };
}

function keptFeatures(entry: Entry, known: Entry | undefined): PaperFeatures | undefined {
  const { title, abstract } = textOf(entry, known);
  const isSame = known?.title === title && known.abstract === abstract;
  return isSame && isCurrent(known.features) ? known.features : undefined;
}

function isCurrent(features: PaperFeatures | undefined): features is PaperFeatures {
  return features?.model === DEFAULT_MODEL.name && isCurrentVector(features.vector);
}
