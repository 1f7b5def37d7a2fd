import { dayAt, startOfDayUtc } from '../domain/day.ts';
import type { PaperIds, SeenEntry, SignalName } from '../domain/entry.ts';
import type { Paper } from '../domain/paper.ts';
import { finish, type Steps } from '../domain/slices.ts';
import { entryKeys, idKeys, normalIds, titleKey } from './identify.ts';

/** A paper with the entries that it is made of. */
export type Merged = { readonly paper: Paper; readonly entries: readonly SeenEntry[] };

/** Entries, or papers, of one step: some milliseconds of work. */
const STEP = 500;
/**
 * No work has so many names. What would be beyond them is not learned: a source that gives one id a new title each
 * time would otherwise make every further entry dearer.
 */
const MOST_KEYS = 60;
const MOST_CATEGORIES = 40;
const MOST_FIGURES = 10;

/**
 * Makes one paper of all the entries that speak of the same work: those that share an id or a telling title,
 * unless the first kind of id that both have tells them apart. The order of the entries does not matter.
 */
export function mergeEntries(entries: readonly SeenEntry[]): Paper[] {
  return finish(mergeSteps(entries)).map(({ paper }) => paper);
}

/** {@link mergeEntries} in steps, with the entries of each paper. */
export function* mergeSteps(entries: readonly SeenEntry[]): Steps<Merged[]> {
  const groups: Group[] = [];
  const byKey = new Map<string, Group>();
  const known: Known[] = [];
  for (const [index, entry] of entries.entries()) {
    if (index % STEP === STEP - 1) yield;
    known.push({ entry, keys: entryKeys(entry), ids: idKeys(entry.ids).length });
  }
  for (const [index, one] of known.sort(byOrder).entries()) {
    if (index % STEP === STEP - 1) yield;
    addToGroup(groups, byKey, one);
  }
  const merged: Merged[] = [];
  for (const group of groups) {
    if (group.entries.length === 0) continue;
    if (merged.length % STEP === STEP - 1) yield;
    merged.push({ paper: toPaper(group), entries: group.entries });
  }
  return merged;
}

/** `ids`: how many it has. */
type Known = { readonly entry: SeenEntry; readonly keys: readonly string[]; readonly ids: number };

function addToGroup(groups: Group[], byKey: Map<string, Group>, { entry, keys }: Known): void {
  const own = new Set(keys);
  const found = new Set(keys.flatMap((key) => byKey.get(key) ?? []));
  const group =
    [...found].filter((one) => agrees(one.keys, own)).reduce<Group | undefined>(join, undefined) ??
    newGroup(groups);
  group.entries.push(entry);
  group.ids = { ...normalIds(entry.ids), ...group.ids };
  learn(group, keys);
  for (const key of group.keys) if (!byKey.get(key)?.entries.length) byKey.set(key, group);
}

type Group = { readonly entries: SeenEntry[]; readonly keys: Set<string>; ids: PaperIds };

function newGroup(groups: Group[]): Group {
  const group: Group = { entries: [], keys: new Set(), ids: {} };
  groups.push(group);
  return group;
}

function learn({ keys }: Group, more: Iterable<string>): void {
  for (const key of more) if (keys.size < MOST_KEYS) keys.add(key);
}

/** Entries with ids come first, so that those without find them by title. */
function byOrder(left: Known, right: Known): number {
  return (
    right.ids - left.ids ||
    compare(left.entry.source, right.entry.source) ||
    compare(left.entry.key, right.entry.key)
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function agrees(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  for (const kind of ['arxiv:', 'doi:', 'pubmed:']) {
    const [one, other] = [left, right].map((keys) => [...keys].filter((key) => key.startsWith(kind)));
    if (one?.length && other?.length) return one.some((key) => right.has(key));
  }
  return true;
}

/** Moves what the second group holds into the first, when an entry shows that both are one work. */
function join(first: Group | undefined, second: Group): Group {
  if (first === undefined) return second;
  if (!agrees(first.keys, second.keys)) return first;
  for (const entry of second.entries.splice(0)) first.entries.push(entry);
  first.ids = { ...second.ids, ...first.ids };
  learn(first, second.keys);
  return first;
}

function toPaper({ entries, ids, keys }: Group): Paper {
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
  const summary = entries.find((entry) => entry.summary)?.summary;
  const figures = [...new Set(entries.flatMap((entry) => entry.figures ?? []))].slice(0, MOST_FIGURES);
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
    categories: [...new Set(entries.flatMap((entry) => entry.categories))].slice(0, MOST_CATEGORIES),
    ...(organization && { organization }),
    ...(summary && { summary }),
    ...(figures.length > 0 && { figures }),
    ...(entries.some((entry) => entry.hasMedia) && { hasMedia: true }),
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
