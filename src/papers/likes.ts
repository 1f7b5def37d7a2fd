import type { Core } from '../core.ts';
import { giveWay } from '../domain/slices.ts';
import { DAY } from '../domain/time.ts';
import { papersNamedIn, parseInterest } from '../ranking/interest.ts';
import { type Fetching, fetchLiked } from '../sources/fetch-sources.ts';
import { storedPoliteness } from '../sources/http/stored-politeness.ts';
import type { ReadOptions } from '../sources/source-runs.ts';
import { saveAskedIds, topicsAfter, unknownIds } from './likes-table.ts';

/** What one request to arXiv's API may ask for. */
const MOST_ASKED = 100;
/** A paper that arXiv did not know is asked for again after so long. */
const MEMORY = 7 * DAY;
const SLICE = 2000;
/** An arXiv id, old or new, may stand in the text. */
const HAS_ID = /\d{4}\.\d{4}|\/\d{7}/;

/**
 * Asks arXiv for papers that active subscribers like or mute and no source has brought, so that they can be compared with
 * candidates. They are no candidates, and no part of the library: that would tell what subscribers like.
 */
export async function fetchUnknownLikes(
  core: Core,
  { http, wait, parseUntil }: Fetching,
  { signal }: Pick<ReadOptions, 'signal'>,
) {
  const { clock, after, config, store } = core;
  const since = clock() - MEMORY;
  const ids = await unknownLikes(core, since);
  if (ids.length === 0) return undefined;
  const base = config.SOURCES.find(({ kind }) => kind === 'arxiv')?.base;
  const politeness = storedPoliteness(store.db);
  const result = await fetchLiked(ids, base, {
    http,
    wait,
    parseUntil,
    politeness,
    clock,
    after,
    signal,
    days: [],
  });
  signal.throwIfAborted();
  if (!result.failed) await saveAskedIds(store.db, ids, clock(), since);
  return result;
}

async function unknownLikes(core: Core, since: number): Promise<string[]> {
  const unknown = new Set<string>();
  for (let last = 0; unknown.size < MOST_ASKED; ) {
    const subscribers = await topicsAfter(core.store.db, last, SLICE);
    const topics = subscribers.flatMap((subscriber) =>
      subscriber.topics.filter((topic) => HAS_ID.test(topic)),
    );
    for (const id of await unknownIds(core.store.db, namedIn(topics), since)) unknown.add(id);
    if (subscribers.length < SLICE) break;
    last = subscribers.at(-1)?.id ?? last;
    await giveWay();
  }
  return [...unknown].slice(0, MOST_ASKED);
}

function namedIn(topics: readonly string[]): string[] {
  return [
    ...new Set([...new Set(topics)].flatMap((topic) => papersNamedIn(parseInterest([topic]).interest))),
  ];
}
