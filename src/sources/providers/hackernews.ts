import * as z from 'zod';
import { arxivIdIn } from '../../domain/arxiv-id.ts';
import type { PaperSignal } from '../../domain/entry.ts';
import { messageOf } from '../../domain/failure.ts';
import { DAY, SECOND } from '../../domain/time.ts';
import { doiIn } from '../text/identifiers.ts';
import { webLink } from '../text/web-links.ts';
import type { SignalSource, SignalTarget } from './signal-source.ts';
import type { Origin } from './source.ts';

const BASE = 'https://hn.algolia.com';
/** What the addresses of stories are searched for; asked only when papers have ids of that kind. */
const ARXIV_SITES = ['arxiv.org', 'huggingface.co/papers', 'alphaxiv.org'];
const DOI_SITES = ['doi.org', 'biorxiv.org', 'medrxiv.org'];
/** A list of papers goes back a week, and a story may be older than the list. */
const OLDEST_STORY = 14 * DAY;
/** The most that Algolia gives to one search; the newest come first. */
const MOST_HITS = 1000;
/** Whatever an answer holds. */
const MOST_READ = 20_000;
/** bioRxiv and medRxiv write the version, and the form of the text, after the DOI. */
const PREPRINT_TAIL = /v\d+(?:\.(?:full|abstract)[a-z.-]*)?$/;

const count = z.number().int().nonnegative().max(1e9).optional().catch(undefined);
const HIT = z.object({
  url: z.string().optional().catch(undefined),
  points: count,
  num_comments: count,
});
const ANSWER = z.object({ hits: z.array(z.unknown()) });

/** A story that links to something. What is not known of it is absent. */
export type Story = { readonly url: string; readonly points?: number; readonly comments?: number };

/** Points and comments of the papers that Hacker News talks about: one search a site, whatever the papers. */
export const hackernews: SignalSource = async ({ spec, read, parse, clock, targets }) => {
  const since = Math.floor((clock() - OLDEST_STORY) / SECOND);
  const search = async (site: string) => {
    const reply = await read(
      `${spec.base ?? BASE}/api/v1/search_by_date?${query(site, since)}`,
      'application/json',
    );
    return parse(parseStories, reply);
  };
  const answers = await Promise.allSettled(sitesFor(targets).map(search));
  const failures = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  if (failures.length > 0 && failures.length === answers.length) throw failures[0];
  const lists = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const stories = lists.flatMap((list) => list.stories);
  return {
    signals: storySignals(stories, targets, { source: spec.name, seenAt: clock() }),
    problems: [...failures.map(messageOf), ...lists.flatMap((list) => list.problems)],
  };
};

function query(site: string, since: number): URLSearchParams {
  return new URLSearchParams({
    tags: 'story',
    query: site,
    restrictSearchableAttributes: 'url',
    numericFilters: `created_at_i>${since}`,
    hitsPerPage: String(MOST_HITS),
  });
}

function sitesFor(targets: readonly SignalTarget[]): string[] {
  return [
    ...(targets.some(({ ids }) => ids.arxiv !== undefined) ? ARXIV_SITES : []),
    ...(targets.some(({ ids }) => ids.doi !== undefined) ? DOI_SITES : []),
  ];
}

/**
 * Reads one answer of `search_by_date`. A story without an address (a question, say) is left out.
 * @throws Error when it is no list of stories
 */
export function parseStories(json: string): { stories: Story[]; problems: string[] } {
  const stories: Story[] = [];
  let unreadable = 0;
  const hits = hitsIn(json).slice(0, MOST_READ);
  for (const value of hits) {
    const hit = HIT.safeParse(value);
    if (!hit.success) {
      unreadable++;
      continue;
    }
    const { url: given, points, num_comments: comments } = hit.data;
    const url = webLink(given);
    if (url === undefined) continue;
    stories.push({
      url,
      ...(points !== undefined && { points }),
      ...(comments !== undefined && { comments }),
    });
  }
  const problems = unreadable === 0 ? [] : [`${unreadable} of ${hits.length} stories: expected an object`];
  return { stories, problems };
}

function hitsIn(json: string): unknown[] {
  try {
    return ANSWER.parse(JSON.parse(json)).hits;
  } catch {
    const start = json.slice(0, 80).replace(/[\s\p{C}]+/gu, ' ');
    throw new Error(`expected a list of stories in "hits", got ${JSON.stringify(start)}`);
  }
}

/** The signals of each paper's best story: the one of most points, and of these the one of most comments. */
export function storySignals(
  stories: readonly Story[],
  targets: readonly SignalTarget[],
  { source, seenAt }: Origin,
): PaperSignal[] {
  const paperOf = papersById(targets);
  const best = new Map<string, Story>();
  for (const story of stories) {
    const paperId = keysOf(story).flatMap((key) => paperOf.get(key) ?? [])[0];
    if (paperId === undefined) continue;
    const other = best.get(paperId);
    if (other === undefined || isBetter(story, other)) best.set(paperId, story);
  }
  return [...best].flatMap(([paperId, story]) =>
    (['points', 'comments'] as const).flatMap((name) => {
      const value = story[name];
      return value === undefined ? [] : [{ paperId, source, name, value, seenAt }];
    }),
  );
}

function papersById(targets: readonly SignalTarget[]): Map<string, string> {
  const papers = new Map<string, string>();
  for (const { paperId, ids } of targets) {
    if (ids.arxiv !== undefined) papers.set(`arxiv:${ids.arxiv}`, paperId);
    if (ids.doi !== undefined) papers.set(`doi:${ids.doi}`, paperId);
  }
  return papers;
}

/** What the story may be about. An arXiv address in the query of another one is only mentioned. */
function keysOf({ url }: Story): string[] {
  const arxiv = arxivIdIn(url.replace(/[?#].*$/s, ''));
  const doi = doiIn(url);
  return [
    ...(arxiv === undefined ? [] : [`arxiv:${arxiv}`]),
    ...(doi === undefined ? [] : [`doi:${doi}`, `doi:${doi.replace(PREPRINT_TAIL, '')}`]),
  ];
}

function isBetter(story: Story, other: Story): boolean {
  const [points, others] = [story.points ?? -1, other.points ?? -1];
  return points > others || (points === others && (story.comments ?? -1) > (other.comments ?? -1));
}
