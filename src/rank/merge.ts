import { dayAt, startOfDayUtc } from '../domain/day.ts';
import type { PaperIds, SeenEntry, SignalName } from '../domain/entry.ts';
import type { Paper } from '../domain/paper.ts';
import { entryKeys, idKeys, isTelling, normalIds, titleKey } from './identify.ts';

/**
 * Makes one paper of all the entries that speak of the same work: those that share an id or a telling title,
 * unless their ids of one kind differ. The order of the entries does not matter.
 */
export function mergeEntries(entries: readonly SeenEntry[]): Paper[] {
  const groups: Group[] = [];
  const byKey = new Map<string, Group>();
  const sorted = [...entries].sort((a, b) => order(a).localeCompare(order(b)));
  for (const entry of sorted) {
    const keys = entryKeys(entry);
    const found = [...new Set(keys.map((key) => byKey.get(key)).filter((group) => group !== undefined))];
    const group =
      found
        .filter((candidate) => agrees(candidate.ids, entry.ids))
        .reduce<Group | undefined>(join, undefined) ?? newGroup(groups);
    group.entries.push(entry);
    group.ids = { ...normalIds(entry.ids), ...group.ids };
    for (const key of [...keys, ...group.keys]) {
      group.keys.add(key);
      if (!byKey.has(key) || found.includes(byKey.get(key) as Group)) byKey.set(key, group);
    }
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
function order(entry: SeenEntry): string {
  return `${3 - idKeys(entry.ids).length} ${entry.source} ${entry.key}`;
}

function agrees(left: PaperIds, right: PaperIds): boolean {
  const other = normalIds(right);
  return (['arxiv', 'doi', 'pubmed'] as const).every(
    (kind) => !left[kind] || !other[kind] || left[kind] === other[kind],
  );
}

/** Moves what the second group holds into the first, when an entry shows that both are one work. */
function join(first: Group | undefined, second: Group): Group {
  if (first === undefined) return second;
  if (!agrees(first.ids, second.ids)) return first;
  first.entries.push(...second.entries.splice(0));
  first.ids = { ...second.ids, ...first.ids };
  for (const key of second.keys) first.keys.add(key);
  return first;
}

function toPaper({ entries, ids }: Group): Paper {
  const [first, ...rest] = entries as [SeenEntry, ...SeenEntry[]];
  const longest = (pick: (entry: SeenEntry) => string) =>
    rest.reduce((best, entry) => (pick(entry).length > best.length ? pick(entry) : best), pick(first));
  const authors = entries.reduce(
    (best, entry) => (entry.authors.length > best.length ? entry.authors : best),
    first.authors,
  );
  const organization = entries.find((entry) => entry.organization)?.organization;
  const title = titleKey(first.title);
  const keys = idKeys(ids);
  return {
    id: keys[0] ?? title,
    aliases: keys.length === 0 || isTelling(title) ? [...keys, title] : keys,
    ids,
    title: first.title,
    abstract: longest((entry) => entry.abstract),
    authors,
    links: Object.assign({}, ...entries.map((entry) => entry.links).reverse()),
    categories: [...new Set(entries.flatMap((entry) => entry.categories))],
    ...(organization && { organization }),
    sources: [...new Set(entries.map((entry) => entry.source))],
    ...moments(entries),
    signals: newestSignals(entries),
  };
}

function moments(entries: readonly SeenEntry[]) {
  const firstSeenAt = Math.min(...entries.map((entry) => entry.firstSeenAt));
  const listed = entries.flatMap((entry) => entry.listedOn ?? []).sort()[0];
  const published = entries.flatMap((entry) => entry.publishedAt ?? []).sort((a, b) => a - b)[0];
  if (listed !== undefined) return { firstSeenAt, day: listed, since: startOfDayUtc(listed) };
  return { firstSeenAt, day: dayAt(firstSeenAt, 'UTC'), since: published ?? firstSeenAt };
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
