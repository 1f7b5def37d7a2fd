import { dayAt, startOfDayUtc } from '../domain/day.ts';
import type { PaperIds, SeenEntry, SignalName } from '../domain/entry.ts';
import type { Paper } from '../domain/paper.ts';
import { entryKeys, idKeys, normalIds, titleKey } from './identify.ts';

/** A paper and the entries that it was made of. */
export type Merged<Part extends SeenEntry = SeenEntry> = {
  readonly paper: Paper;
  readonly parts: readonly Part[];
};

/**
 * Of how many entries a paper is made at most. No work has so many; a feed that gives one id to all its items does, and
 * the time that merging takes grows with each.
 */
export const MOST_PARTS = 100;

/** The papers of `mergeWithParts`. */
export function mergeEntries(entries: readonly SeenEntry[]): Paper[] {
  return mergeWithParts(entries).map(({ paper }) => paper);
}

/**
 * Makes one paper of all the entries that speak of the same work: those that share an id or a telling title,
 * unless the first kind of id that both have tells them apart. The order of the entries does not matter. Entries beyond
 * `MOST_PARTS` of one paper are part of none.
 */
export function mergeWithParts<Part extends SeenEntry>(entries: readonly Part[]): Merged<Part>[] {
  const groups: Group<Part>[] = [];
  const byKey = new Map<string, Group<Part>>();
  for (const { entry, keys, ids } of inOrder(entries)) {
    const own = { keys, idsByKind: idsByKind(keys) };
    const found = new Set(keys.flatMap((key) => byKey.get(key) ?? []).map(current));
    const group =
      [...found]
        .filter((known) => agrees(known.idsByKind, own.idsByKind))
        .reduce<Group<Part> | undefined>(join, undefined) ?? newGroup(groups);
    if (group.parts.length >= MOST_PARTS) continue;
    group.parts.push(entry);
    group.ids = { ...ids, ...group.ids };
    learn(group, own);
    for (const key of keys) if (!byKey.has(key)) byKey.set(key, group);
  }
  return groups
    .filter((group) => group.parts.length > 0)
    .map((group) => ({ paper: toPaper(group), parts: group.parts }));
}

/** The ids of some entries by their kind, to see whether they contradict others. */
type IdsByKind = Readonly<Record<'arxiv' | 'doi' | 'pubmed', Set<string>>>;

type Group<Part extends SeenEntry> = {
  readonly parts: Part[];
  readonly keys: Set<string>;
  readonly idsByKind: IdsByKind;
  ids: PaperIds;
  /** The group that has taken this one in. */
  joined?: Group<Part>;
};

function newGroup<Part extends SeenEntry>(groups: Group<Part>[]): Group<Part> {
  const group: Group<Part> = { parts: [], keys: new Set(), idsByKind: idsByKind([]), ids: {} };
  groups.push(group);
  return group;
}

/** The group that stands for one now. */
function current<Part extends SeenEntry>(group: Group<Part>): Group<Part> {
  let last = group;
  while (last.joined) last = last.joined;
  if (last !== group) group.joined = last;
  return last;
}

function idsByKind(keys: Iterable<string>): IdsByKind {
  const ids: IdsByKind = { arxiv: new Set(), doi: new Set(), pubmed: new Set() };
  for (const key of keys) idsOfKind(ids, key)?.add(key);
  return ids;
}

function idsOfKind(ids: IdsByKind, key: string): Set<string> | undefined {
  return ids[key.slice(0, key.indexOf(':')) as keyof IdsByKind];
}

function learn(
  { keys, idsByKind }: Pick<Group<SeenEntry>, 'keys' | 'idsByKind'>,
  other: { readonly keys: Iterable<string> },
): void {
  for (const key of other.keys) {
    keys.add(key);
    idsOfKind(idsByKind, key)?.add(key);
  }
}

/** Entries with ids come first, so that those without find them by title. */
function inOrder<Part extends SeenEntry>(entries: readonly Part[]) {
  return entries
    .map((entry) => {
      const ids = normalIds(entry.ids);
      return { entry, ids, idCount: idKeys(ids).length, keys: [...new Set(entryKeys(entry))] };
    })
    .sort(
      (left, right) =>
        right.idCount - left.idCount ||
        compare(left.entry.source, right.entry.source) ||
        compare(left.entry.key, right.entry.key),
    );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function agrees(left: IdsByKind, right: IdsByKind): boolean {
  for (const kind of ['arxiv', 'doi', 'pubmed'] as const)
    if (left[kind].size > 0 && right[kind].size > 0) return !left[kind].isDisjointFrom(right[kind]);
  return true;
}

/** Moves what the second group holds into the first, when an entry shows that both are one work. */
function join<Part extends SeenEntry>(first: Group<Part> | undefined, second: Group<Part>): Group<Part> {
  if (first === undefined) return second;
  const together = first.parts.length + second.parts.length;
  if (together > MOST_PARTS || !agrees(first.idsByKind, second.idsByKind)) return first;
  first.parts.push(...second.parts.splice(0));
  first.ids = { ...second.ids, ...first.ids };
  learn(first, second);
  second.joined = first;
  return first;
}

function toPaper({ parts: entries, ids, keys }: Group<SeenEntry>): Paper {
  const [first, ...rest] = entries as [SeenEntry, ...SeenEntry[]];
  const longest = (pick: (entry: SeenEntry) => string) =>
    rest.reduce((best, entry) => (pick(entry).length > best.length ? pick(entry) : best), pick(first));
  const authors = entries.reduce(
    (best, entry) => (entry.authors.length > best.length ? entry.authors : best),
    first.authors,
  );
  const title = first.title;
  const abstract = longest((entry) => entry.abstract);
  const organization = entries.find((entry) => entry.organization)?.organization;
  const figures = [...new Set(entries.flatMap((entry) => entry.figures ?? []))];
  const known = idKeys(ids);
  const id = known[0] ?? titleKey(first.title);
  return {
    id,
    aliases: [...new Set([id, ...known, ...keys])],
    ids,
    title,
    abstract,
    authors,
    links: Object.assign({}, ...entries.map((entry) => entry.links).reverse()),
    categories: [...new Set(entries.flatMap((entry) => entry.categories))],
    ...(organization && { organization }),
    ...(figures.length > 0 && { figures }),
    sources: [...new Set(entries.map((entry) => entry.source))],
    ...moments(entries),
    signals: newestSignals(entries),
    ...featuresOf(entries, title, abstract),
  };
}

function moments(entries: readonly SeenEntry[]) {
  const firstSeenAt = Math.min(...entries.map((entry) => entry.firstSeenAt));
  const listed = entries.flatMap((entry) => entry.listedOn ?? []).sort()[0];
  const published = entries.flatMap((entry) => entry.publishedAt ?? []).sort((a, b) => a - b)[0];
  const took = entries
    .flatMap((entry) => (entry.listedOn === listed ? (entry.listedAt ?? []) : []))
    .sort((a, b) => a - b)[0];
  const known = {
    ...(published !== undefined && { publishedAt: published }),
    ...(took !== undefined && { listedAt: took }),
  };
  if (listed !== undefined) return { firstSeenAt, day: listed, since: startOfDayUtc(listed), ...known };
  return { firstSeenAt, day: dayAt(firstSeenAt, 'UTC'), since: published ?? firstSeenAt, ...known };
}

function newestSignals(entries: readonly SeenEntry[]): Paper['signals'] {
  const newest: { [name in SignalName]?: { value: number; seenAt: number } } = {};
  for (const signal of entries.flatMap((entry) => entry.signals)) {
    const known = newest[signal.name];
    if (
      !known ||
      signal.seenAt > known.seenAt ||
      (signal.seenAt === known.seenAt && signal.value > known.value)
    ) {
      newest[signal.name] = signal;
    }
  }
  return Object.fromEntries(Object.entries(newest).map(([name, signal]) => [name, signal.value]));
}

/** Those of an entry that has the very words which the paper has. */
function featuresOf(entries: readonly SeenEntry[], title: string, abstract: string): Pick<Paper, 'features'> {
  const same = entries.find(
    (entry) => entry.features !== undefined && entry.title === title && entry.abstract === abstract,
  );
  return same?.features === undefined ? {} : { features: same.features };
}
