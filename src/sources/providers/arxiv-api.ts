import { arxivIdIn } from '../../domain/arxiv-id.ts';
import type { Entry } from '../../domain/entry.ts';
import { messageOf } from '../../domain/failure.ts';
import { type After, SECOND } from '../../domain/time.ts';
import { within } from '../http/deadline.ts';
import type { Read } from '../http/polite-reader.ts';
import { Unchanged } from '../http/politeness.ts';
import { cleanAbstract, cleanTitle } from '../text/clean-text.ts';
import { withinLimits } from '../text/entry-limits.ts';
import { doiIn } from '../text/identifiers.ts';
import { cleanNames } from '../text/names.ts';
import { isWithdrawn } from '../text/withdrawn.ts';
import { type FeedElement, FeedUnreadable, textOf, textsOf } from './feed-elements.ts';
import { parseFeed } from './feed-parser.ts';
import type { Parse } from './parse.ts';
import type { Reading } from './source.ts';

const BASE = 'https://export.arxiv.org';
const ACCEPT = 'application/atom+xml, application/xml;q=0.9';
const BATCH = 100;
const LIMIT_MS = 25 * SECOND;

/** How the API is asked, and its answers read. */
export type Ask = { readonly read: Read; readonly parse: Parse; readonly after: After };

/** What the API knows of a paper, clean. */
export type ArxivDetails = {
  readonly title: string;
  readonly abstract: string;
  readonly authors: readonly string[];
  /** The primary one first. */
  readonly categories: readonly string[];
  readonly doi?: string;
  /** What the authors note beside the abstract; empty when they note nothing. */
  readonly comment: string;
};

/**
 * Reads an answer of `api/query`, Atom with arXiv's own elements.
 * @param asked ids: what is told beside them is left out
 * @returns the details by arXiv id (no version); papers that the API does not know are missing
 * @throws FeedUnreadable, also for the feed of one entry named `Error` that the API answers a bad query with
 */
export function parseArxivApi(
  text: string,
  asked?: readonly string[],
): { readonly details: readonly (readonly [id: string, found: ArxivDetails])[] } {
  const feed = parseFeed(text);
  const details = new Map<string, ArxivDetails>();
  for (const { elements } of feed.items) {
    const id = arxivIdIn(textOf(elements, 'id') ?? '');
    const abstract = () => cleanAbstract(textOf(elements, 'summary') ?? '');
    if (id === undefined && textOf(elements, 'title')?.trim().toLowerCase() === 'error') {
      throw new FeedUnreadable(`expected papers, got an error: ${abstract().slice(0, 200)}`);
    }
    if (id === undefined || asked?.includes(id) === false) continue;
    const doi = doiIn(textOf(elements, 'arxiv:doi') ?? '');
    details.set(id, {
      title: cleanTitle(textOf(elements, 'title') ?? ''),
      abstract: abstract(),
      authors: cleanNames(textsOf(elements, 'author')),
      categories: [
        ...new Set(
          cleanNames([...termsOf(elements, 'arxiv:primary_category'), ...termsOf(elements, 'category')]),
        ),
      ],
      ...(doi !== undefined && { doi }),
      comment: cleanAbstract(textOf(elements, 'arxiv:comment') ?? ''),
    });
  }
  return { details: [...details] };
}

function termsOf(elements: readonly FeedElement[], name: string): string[] {
  return elements.flatMap((element) => (element.name === name ? [element.attributes.term ?? ''] : []));
}

/**
 * Asks arXiv's API, in batches, for the papers whose entries lack authors or abstract; what an entry has stays. Papers
 * that are withdrawn by their comment are left out. When the API fails, its entries stay as they were and one problem
 * says so; then it is not asked again.
 * @param base asked in place of https://export.arxiv.org
 * @param limitMs after which the entries are given as they are: the feed must not be lost to a slow API
 */
export async function enrich(
  entries: readonly Entry[],
  ask: Ask,
  base = BASE,
  limitMs = LIMIT_MS,
): Promise<Reading> {
  const ids = entries.filter(isLacking).flatMap(({ ids }) => ids.arxiv ?? []);
  const details = new Map<string, ArxivDetails>();
  const problems: string[] = [];
  try {
    await within({ after: ask.after, limitMs }, undefined, async (signal) => {
      for (let from = 0; from < ids.length && !signal.aborted; from += BATCH) {
        const found = await askArxiv(ids.slice(from, from + BATCH), ask, base);
        for (const [id, each] of found) details.set(id, each);
      }
    });
  } catch (error) {
    if (!(error instanceof Unchanged)) problems.push(`arXiv's API: ${messageOf(error)}`);
  }
  const known = entries.flatMap((entry) => {
    const found = details.get(entry.ids.arxiv ?? '');
    if (found === undefined) return [entry];
    if (isWithdrawn({ ...entry, ...found })) return [];
    const { entry: whole, problem } = withinLimits(enriched(entry, found));
    if (problem !== undefined) problems.push(`arXiv's API: ${problem}`);
    return [whole];
  });
  return { entries: known, problems };
}

/**
 * The details of at most a hundred papers by their ids.
 * @throws HttpFailure, FeedUnreadable
 */
export async function askArxiv(
  ids: readonly string[],
  { read, parse }: Ask,
  base = BASE,
): Promise<Map<string, ArxivDetails>> {
  const query = `id_list=${ids.join(',')}&max_results=${BATCH}`;
  const reply = await read(`${base}/api/query?${query}`, ACCEPT, { 'cache-control': 'no-cache' });
  return new Map((await parse(parseArxivApi, reply, ids)).details);
}

function isLacking({ authors, abstract }: Entry): boolean {
  return authors.length === 0 || abstract === '';
}

function enriched(entry: Entry, found: ArxivDetails): Entry {
  return {
    ...entry,
    ids: { ...(found.doi !== undefined && { doi: found.doi }), ...entry.ids },
    abstract: entry.abstract || found.abstract,
    authors: entry.authors.length > 0 ? entry.authors : found.authors,
    categories: found.categories.length > 0 ? found.categories : entry.categories,
  };
}
