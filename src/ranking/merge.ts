import { dayAt, startOfDayUtc } from '../domain/day.ts';
import { isPreprintDoi } from '../domain/doi.ts';
import type { PaperIds, PaperLinks, SeenEntry, SignalName } from '../domain/entry.ts';
import type { Paper } from '../domain/paper.ts';
import { finish, type Steps } from '../domain/slices.ts';
import { paperLinks } from '../sources/text/web-links.ts';
import { type EntryKeys, entryKeys, idKeys, normalIds } from './identify.ts';
import { agree, isSameByTitle } from './same-work.ts';

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

/** Works of one title are compared with each other; what is beyond them would make every further entry dearer. */
const MOST_OF_ONE_KEY = 8;

/**
 * Makes one paper of all the entries that speak of the same work: those that share a name, or a telling title and
 * nothing that speaks against it. The order of the entries does not matter.
 */
export function mergeEntries(entries: readonly SeenEntry[]): Paper[] {
  return finish(mergeSteps(entries)).map(({ paper }) => paper);
}

/** {@link mergeEntries} in steps, with the entries of each paper. */
export function* mergeSteps(entries: readonly SeenEntry[]): Steps<Merged[]> {
  const groups: Group[] = [];
  const byKey: ByKey = new Map();
  const known: Known[] = [];
  for (const [index, entry] of entries.entries()) {
    if (index % STEP === STEP - 1) yield;
    known.push({ entry, ...entryKeys(entry), ids: idKeys(entry.ids).length });
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
type Known = EntryKeys & { readonly entry: SeenEntry; readonly ids: number };

/** Groups by their names and by what hints at them. */
type ByKey = Map<string, Group[]>;

function addToGroup(groups: Group[], byKey: ByKey, known: Known): void {
  const { entry, names, hints } = known;
  const own = new Set(names);
  const found = withKeys(byKey, names).filter((one) => agree(one.names, own));
  const group = found.reduce<Group | undefined>(join, undefined) ?? byTitle(byKey, known) ?? newGroup(groups);
  group.entries.push(entry);
  group.ids = joinedIds(group.ids, normalIds(entry.ids));
  learn(group, names);
  for (const hint of hints) if (group.hints.size < MOST_KEYS) group.hints.add(hint);
  for (const key of [...group.names, ...group.hints]) remember(byKey, key, group);
}

function withKeys(byKey: ByKey, keys: Iterable<string>): Group[] {
  const found = new Set<Group>();
  for (const key of keys)
    for (const group of byKey.get(key) ?? []) if (group.entries.length > 0) found.add(group);
  return [...found];
}

/** Titles join an entry to what is there already, and never two groups. */
function byTitle(byKey: ByKey, { entry, names, hints }: Known): Group | undefined {
  const groups = withKeys(byKey, hints);
  if (groups.length === 0) return undefined;
  const both = new Set([...names, ...hints]);
  return groups.find(
    (group) => agree(new Set([...group.names, ...group.hints]), both) && isSameByTitle(entry, group.entries),
  );
}

function remember(byKey: ByKey, key: string, group: Group): void {
  const known = byKey.get(key);
  if (known === undefined) byKey.set(key, [group]);
  else if (!known.includes(group)) {
    const left = known.filter(({ entries }) => entries.length > 0);
    if (left.length < MOST_OF_ONE_KEY) byKey.set(key, [...left, group]);
  }
}

type Group = {
  readonly entries: SeenEntry[];
  /** What the paper is called for good, by which it is known again. */
  readonly names: Set<string>;
  readonly hints: Set<string>;
  ids: PaperIds;
};

function newGroup(groups: Group[]): Group {
  const group: Group = { entries: [], names: new Set(), hints: new Set(), ids: {} };
  groups.push(group);
  return group;
}

function learn({ names }: Group, more: Iterable<string>): void {
  for (const name of more) if (names.size < MOST_KEYS) names.add(name);
}

/** The first of each kind, but a journal's DOI before that of a preprint. */
function joinedIds(first: PaperIds, second: PaperIds): PaperIds {
  const joined = { ...second, ...first };
  const isBetter = first.doi && second.doi && isPreprintDoi(first.doi) && !isPreprintDoi(second.doi);
  return isBetter ? { ...joined, doi: second.doi } : joined;
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

/** Moves what the second group holds into the first, when an entry shows that both are one work. */
function join(first: Group | undefined, second: Group): Group {
  if (first === undefined) return second;
  if (!agree(first.names, second.names)) return first;
  for (const entry of second.entries.splice(0)) first.entries.push(entry);
  first.ids = joinedIds(first.ids, second.ids);
  learn(first, second.names);
  for (const hint of second.hints) first.hints.add(hint);
  return first;
}

function toPaper({ entries, ids, names }: Group): Paper {
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
  const [id = ''] = known.length > 0 ? known : entryKeys(first).names;
  return {
    id,
    aliases: [...new Set([id, ...known, ...names])],
    ids,
    title,
    abstract,
    authors,
    links: joinedLinks(entries, ids),
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

/**
 * The first link of each kind. Of a preprint and its journal version the preprint comes first, which everybody may read,
 * and the journal has a link of its own.
 */
function joinedLinks(entries: readonly SeenEntry[], { doi }: PaperIds): PaperLinks {
  const links: PaperLinks = Object.assign({}, ...entries.map((entry) => entry.links).reverse());
  const preprint = entries.find(({ ids }) => ids.arxiv !== undefined || isPreprintDoi(ids.doi ?? ''));
  const journal = doi === undefined || isPreprintDoi(doi) ? undefined : paperLinks({ doi }).abstract;
  const abstract = preprint?.links.abstract;
  if (journal === undefined || abstract === undefined || abstract === journal) return links;
  return { ...links, abstract, journal };
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
