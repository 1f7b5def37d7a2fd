import { dayAt, startOfDayUtc } from '../domain/day.ts';
import type { PaperIds, SeenEntry, SignalName } from '../domain/entry.ts';
import type { Paper } from '../domain/paper.ts';
import { entryKeys, idKeys, normalIds, titleKey } from './identify.ts';

/**
 * Makes one paper of all the entries that speak of the same work: those that share an id or a telling title,
 * unless the first kind of id that both have tells them apart. The order of the entries does not matter.
 */
export function mergeEntries(entries: readonly SeenEntry[]): Paper[] {
  const groups: Group[] = [];
  const byKey = new Map<string, Group>();
  for (const entry of [...entries].sort(byOrder)) {
    const keys = new Set(entryKeys(entry));
    const found = new Set([...keys].flatMap((key) => byKey.get(key) ?? []));
    const group =
      [...found].filter((known) => agrees(known.keys, keys)).reduce<Group | undefined>(join, undefined) ??
      newGroup(groups);
    group.entries.push(entry);
    group.ids = { ...normalIds(entry.ids), ...group.ids };
    for (const key of keys) group.keys.add(key);
    for (const key of group.keys) if (!byKey.get(key)?.entries.length) byKey.set(key, group);
  }
  return groups.filter((group) => group.entries.length > 0).map(toPaper);
}

type Group = { entries: SeenEntry[]; keys: Set<string>; ids: PaperIds };

function newGroup(groups: Group[]): Group {
  const group: Group = { entries: [], keys: new Set(), ids: {} };
  groups.push(group);
  return group;
}

/** Entries with ids come first, so that those without find them by title. */
function byOrder(left: SeenEntry, right: SeenEntry): number {
  const byIds = idKeys(right.ids).length - idKeys(left.ids).length;
  return byIds || compare(left.source, right.source) || compare(left.key, right.key);
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
  first.entries.push(...second.entries.splice(0));
  first.ids = { ...second.ids, ...first.ids };
  for (const key of second.keys) first.keys.add(key);
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
