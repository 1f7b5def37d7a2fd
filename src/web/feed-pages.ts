import { type Context, Hono } from 'hono';
import { etag } from 'hono/etag';
import { isEverything, MAX_LETTERS, parsePaperQuery } from '../domain/paper-query.ts';
import { atom, type FeedPage, issueFeeds, jsonFeed, searchFeed } from './atom-feed.ts';
import { datedAnswer, shared } from './cache-headers.ts';
import { searchBusy } from './error-page.ts';
import type { Site } from './site.ts';

const FEED_LENGTH = 20;

/** The same limit as in the search box. */
const LONGEST_LINE = 300;

/** `/feed.xml` and `/feed.json`: of the issues, or with `?q=` of the papers that a search finds. */
export function feedPages(site: Site): Hono {
  const app = new Hono({ strict: false });
  const feedOf = feedReader(site);
  for (const path of ['/feed.xml', '/feed.json']) app.get(path, etag(), shared);
  app.get('/feed.xml', async (c) => {
    const page = await feedOf(c);
    if (page === 'busy') return searchBusy(c, site);
    return datedAnswer(c, page.updatedAt, 'application/atom+xml; charset=utf-8', atom(site, page));
  });
  app.get('/feed.json', async (c) => {
    const page = await feedOf(c);
    if (page === 'busy') return searchBusy(c, site);
    return datedAnswer(c, page.updatedAt, 'application/feed+json; charset=utf-8', jsonFeed(site, page));
  });
  return app;
}

function feedReader(site: Site): (c: Context) => Promise<FeedPage | 'busy'> {
  const issueFeed = issueFeeds(site);
  return async (c) => {
    const typed = (c.req.query('q') ?? '').slice(0, LONGEST_LINE).trim();
    const query = parsePaperQuery(typed);
    const line = typed.slice(0, MAX_LETTERS);
    if (isEverything(query)) return issueFeed(await site.issues.newest(FEED_LENGTH, 'daily'));
    const result = await site.papers.search(query, { order: 'new', limit: FEED_LENGTH, offset: 0 });
    if (result === 'busy') return result;
    return searchFeed(
      site,
      line,
      result.found.map(({ paper }) => paper),
    );
  };
}
