import * as z from 'zod';
import { dayAt } from '../../domain/day.ts';
import type { Entry } from '../../domain/entry.ts';
import { cleanAbstract, cleanTitle } from '../text/clean-text.ts';
import { feedDate } from '../text/dates.ts';
import { idsIn } from '../text/identifiers.ts';
import { jsonList, namedList, optionalText } from '../text/json.ts';
import { cleanNames } from '../text/names.ts';
import { paperLinks } from '../text/web-links.ts';
import { readItems } from './read-items.ts';
import type { Origin, Reading, Source } from './source.ts';

const BASE = 'https://api.semanticscholar.org';
const FIELDS =
  'title,abstract,authors,externalIds,url,publicationDate,venue,openAccessPdf,citationCount,fieldsOfStudy';

const FOUND = z.object({
  paperId: z.string().regex(/^[\w-]{1,64}$/),
  title: optionalText,
  abstract: optionalText,
  authors: namedList,
  externalIds: z
    .object({ ArXiv: optionalText, DOI: optionalText, PubMed: optionalText })
    .catch({ ArXiv: undefined, DOI: undefined, PubMed: undefined }),
  url: optionalText,
  publicationDate: optionalText,
  openAccessPdf: z.object({ url: optionalText }).optional().catch(undefined),
  fieldsOfStudy: z.array(z.string()).catch([]),
});

/** What a search in the Academic Graph finds among the papers published since the first of the days. */
export const semanticscholar: Source = async ({ spec, read, parse, clock, days }) => {
  const since = days[0] ?? dayAt(clock(), 'UTC');
  const asked = `query=${encodeURIComponent(spec.argument)}&sort=publicationDate:desc&fields=${FIELDS}`;
  const url = `${spec.base ?? BASE}/graph/v1/paper/search/bulk?${asked}&publicationDateOrYear=${since}:`;
  const reply = await read(url, 'application/json');
  return parse(parseSemanticScholar, reply, { source: spec.name, seenAt: clock() });
};

/**
 * Reads an answer of `paper/search` or `paper/search/bulk`. Any field of a paper may be null but its id.
 * @throws NotAList
 */
export function parseSemanticScholar(json: string, origin: Origin): Reading {
  return readItems(jsonList(json, { key: 'data', isQuiet: ({ total }) => total === 0 }), (value) => {
    const parsed = FOUND.safeParse(value);
    return parsed.success ? entryOf(parsed.data, origin) : 'expected a paper with a paperId';
  });
}

function entryOf(found: z.infer<typeof FOUND>, origin: Origin): Entry | string {
  const { paperId, externalIds } = found;
  const title = cleanTitle(found.title ?? '');
  if (title === '') return `${paperId} has no title`;
  const ids = idsIn([
    ...(externalIds.ArXiv ? [`arXiv:${externalIds.ArXiv}`] : []),
    externalIds.DOI ?? '',
    ...(externalIds.PubMed ? [`pubmed:${externalIds.PubMed}`] : []),
  ]);
  const date = feedDate(found.publicationDate, origin.seenAt);
  const page = found.url ?? `https://www.semanticscholar.org/paper/${paperId}`;
  return {
    source: origin.source,
    key: paperId,
    ids,
    title,
    abstract: cleanAbstract(found.abstract ?? ''),
    authors: cleanNames(found.authors.map(({ name }) => name ?? '')),
    links: paperLinks(ids, { page, pdf: found.openAccessPdf?.url }),
    categories: [...new Set(cleanNames(found.fieldsOfStudy))],
    ...(date && { listedOn: date.day, publishedAt: date.at }),
    signals: [],
  };
}
