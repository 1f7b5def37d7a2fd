import type { Entry } from '../../domain/entry.ts';
import { cleanAbstract, cleanTitle } from '../text/clean-text.ts';
import { firstDate } from '../text/dates.ts';
import { idsIn } from '../text/identifiers.ts';
import { familyFirstNames } from '../text/names.ts';
import { webLink } from '../text/web-links.ts';
import { type FeedItem, textOf, textsOf } from './feed-elements.ts';
import { parseFeed } from './feed-parser.ts';
import { readFeed, withUnreadDates } from './read-items.ts';
import type { Origin, Reading, Source } from './source.ts';

const ACCEPT = 'application/rdf+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.1';
const CONTENT_PAGE = /^https:\/\/www\.(?:bio|med)rxiv\.org\/content\/10\.\d+\/[\d.]+v\d+$/;

/** The newest preprints of some subjects, `biorxiv:neuroscience+cell_biology`. */
export const biorxiv: Source = rxiv('biorxiv');
/** The same of medRxiv. */
export const medrxiv: Source = rxiv('medrxiv');

function rxiv(name: 'biorxiv' | 'medrxiv'): Source {
  return async ({ spec, read, parse, clock }) => {
    const subjects = spec.argument.split('+');
    const base = spec.base ?? `https://connect.${name}.org`;
    const query = subjects.map(encodeURIComponent).join('+');
    const reply = await read(`${base}/${name}_xml.php?subject=${query}`, ACCEPT);
    return parse(parseBiorxiv, reply, { source: spec.name, seenAt: clock() }, subjects);
  };
}

/**
 * Reads the RSS 1.0 of bioRxiv and medRxiv, with its Dublin Core.
 * @param subjects as they were asked for: the feed does not say which of them a paper belongs to
 * @throws FeedUnreadable
 */
export function parseBiorxiv(text: string, origin: Origin, subjects: readonly string[] = []): Reading {
  const [subject] = subjects;
  const known = subjects.length === 1 && subject !== 'all' ? [subject?.replaceAll('_', ' ') ?? ''] : [];
  return readFeed(withUnreadDates(parseFeed(text), datesOf, origin.seenAt), (item) =>
    entryOf(item, origin, known),
  );
}

function datesOf({ elements }: Pick<FeedItem, 'elements'>): (string | undefined)[] {
  return ['dc:date', 'prism:publicationdate'].map((name) => textOf(elements, name));
}

function entryOf({ elements, about }: FeedItem, origin: Origin, categories: string[]): Entry | string {
  const title = cleanTitle(textOf(elements, 'title') ?? textOf(elements, 'dc:title') ?? '');
  const link = webLink(textOf(elements, 'link') ?? about)?.replace(/\?rss=1\b.*$/, '');
  const ids = idsIn([...textsOf(elements, 'dc:identifier', 'prism:doi'), link ?? '']);
  const abstract = ids.doi === undefined ? link : (link ?? `https://doi.org/${ids.doi}`);
  if (title === '') return `no title${abstract === undefined ? '' : ` (${abstract.slice(0, 80)})`}`;
  if (abstract === undefined) return `no DOI and no http or https link (${title.slice(0, 80)})`;
  const date = firstDate(datesOf({ elements }), origin.seenAt);
  return {
    source: origin.source,
    key: ids.doi ?? abstract,
    ids,
    title,
    abstract: cleanAbstract(textOf(elements, 'description') ?? ''),
    authors: familyFirstNames(textsOf(elements, 'dc:creator').join(', ')),
    links: { abstract, ...(CONTENT_PAGE.test(abstract) && { pdf: `${abstract}.full.pdf` }) },
    categories,
    ...(date && { listedOn: date.day, publishedAt: date.at }),
    signals: [],
  };
}
