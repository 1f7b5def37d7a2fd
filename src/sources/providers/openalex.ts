import * as z from 'zod';
import { dayAt } from '../../domain/day.ts';
import type { Entry } from '../../domain/entry.ts';
import { cleanAbstract, cleanTitle } from '../text/clean-text.ts';
import { feedDate } from '../text/dates.ts';
import { idsIn } from '../text/identifiers.ts';
import { jsonList, optionalText } from '../text/json.ts';
import { cleanNames } from '../text/names.ts';
import { paperLinks } from '../text/web-links.ts';
import { invertedText } from './inverted-text.ts';
import { readItems } from './read-items.ts';
import type { Origin, Reading, Source } from './source.ts';

const BASE = 'https://api.openalex.org';
const PAGE = 100;
/** A whole record is some 20 kB: only what is read is asked for. */
const FIELDS =
  'id,doi,ids,title,publication_date,authorships,primary_location,best_oa_location,open_access,locations,topics,' +
  'abstract_inverted_index,is_retracted,is_paratext';

const flag = z.boolean().catch(false);
const named = z.object({ display_name: optionalText }).catch({ display_name: undefined });
const location = z
  .object({ landing_page_url: optionalText, pdf_url: optionalText })
  .catch({ landing_page_url: undefined, pdf_url: undefined });
const WORK = z.object({
  id: z.string().regex(/^(?:https:\/\/openalex\.org\/)?W\d{1,15}$/),
  doi: optionalText,
  ids: z.object({ pmid: optionalText }).catch({ pmid: undefined }),
  title: optionalText,
  display_name: optionalText,
  publication_date: optionalText,
  authorships: z.array(z.object({ author: named }).catch({ author: { display_name: undefined } })).catch([]),
  primary_location: location,
  best_oa_location: location,
  open_access: z.object({ oa_url: optionalText }).catch({ oa_url: undefined }),
  locations: z.array(location).catch([]),
  topics: z.array(named).catch([]),
  abstract_inverted_index: z.record(z.string(), z.array(z.number())).optional().catch(undefined),
  is_retracted: flag,
  is_paratext: flag,
});
type Work = z.infer<typeof WORK>;

/** What a search finds among the works published on the days: the hundred newest. */
export const openalex: Source = async ({ spec, read, parse, clock, days }) => {
  const today = dayAt(clock(), 'UTC');
  const filter = `from_publication_date:${days[0] ?? today},to_publication_date:${days.at(-1) ?? today}`;
  const asked = `search=${encodeURIComponent(spec.argument)}&filter=${filter}&sort=publication_date:desc`;
  const url = `${spec.base ?? BASE}/works?${asked}&per-page=${PAGE}&select=${FIELDS}`;
  const reply = await read(url, 'application/json');
  return parse(parseOpenAlex, reply, { source: spec.name, seenAt: clock() });
};

/**
 * Reads an answer of `/works`. Retracted works, and what is no work of its own (covers, tables of contents), are
 * left out.
 * @throws NotAList
 */
export function parseOpenAlex(json: string, origin: Origin): Reading {
  return readItems(jsonList(json, { key: 'results' }), (value) => {
    const parsed = WORK.safeParse(value);
    if (!parsed.success) return 'expected a work with an OpenAlex id';
    return parsed.data.is_retracted || parsed.data.is_paratext ? undefined : entryOf(parsed.data, origin);
  });
}

function entryOf(work: Work, origin: Origin): Entry | string {
  const key = work.id.replace(/^.*\//, '');
  const title = cleanTitle(work.title ?? work.display_name ?? '');
  if (title === '') return `${key} has no title`;
  const pages = [work.primary_location, ...work.locations].map((place) => place.landing_page_url ?? '');
  const ids = idsIn([work.doi ?? '', work.ids.pmid ?? '', ...pages]);
  const date = feedDate(work.publication_date, origin.seenAt);
  const pdf = work.best_oa_location.pdf_url ?? work.primary_location.pdf_url ?? work.open_access.oa_url;
  return {
    source: origin.source,
    key,
    ids,
    title,
    abstract: cleanAbstract(invertedText(work.abstract_inverted_index ?? {})),
    authors: cleanNames(work.authorships.map(({ author }) => author.display_name ?? '')),
    links: paperLinks(ids, {
      page: pages.find((page) => page !== '') ?? `https://openalex.org/${key}`,
      pdf,
    }),
    categories: cleanNames(work.topics.map(({ display_name }) => display_name ?? '')),
    ...(date && { listedOn: date.day, publishedAt: date.at }),
    signals: [],
  };
}
