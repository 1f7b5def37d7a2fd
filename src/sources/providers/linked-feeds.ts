import { Parser } from 'htmlparser2';
import { webLink } from '../text/web-links.ts';

const FEED_TYPE = /^application\/(?:(?:rss|atom|rdf)\+xml|feed\+json)\b/i;
/** In characters: links to feeds stand in the head of a page. */
const MOST_READ = 300_000;
const MOST = 5;
/** Alone, since the time of a parser grows with the depth of what it reads. */
const TAG = /<(?:link|base)\s[^<>]{1,2000}>/gi;
const MOST_TAGS = 500;

/**
 * The feeds that a page names in `<link rel="alternate">`, each as it may stand in SOURCES.
 * @param url the address of the page
 */
export function linkedFeeds(html: string, url: string | undefined): string[] {
  const found = new Set<string>();
  let base = url;
  const parser = new Parser({
    onopentag(name, { rel = '', type = '', href }) {
      if (name === 'base') base = webLink(href, url) ?? base;
      if (name !== 'link' || !/\balternate\b/i.test(rel) || !FEED_TYPE.test(type)) return;
      const address = webLink(href, base);
      if (address !== undefined) found.add(`${/json/i.test(type) ? 'jsonfeed' : 'rss'}:${address}`);
    },
  });
  const tags = html.slice(0, MOST_READ).match(TAG) ?? [];
  parser.end(tags.slice(0, MOST_TAGS).join(''));
  return [...found].slice(0, MOST);
}
