import { type Context, Hono } from 'hono';
import { etag } from 'hono/etag';
import { isEverything, parsePaperQuery } from '../domain/paper-query.ts';
import { atom, type FeedPage, issueFeed, jsonFeed, searchFeed } from './feed.ts';
import { datedAnswer, shared } from './shared.ts';
import type { Site } from './site.ts';

const FEED_LENGTH = 20;

/** The same limit as in the search box. */
const LONGEST_LINE = 300;

/** `/feed.xml` and `/feed.json`: of the issues, or with `?q=` of the papers that a search finds. */
export function feedPages(site: Site): Hono {
  const app = new Hono({ strict: false });
  for (const path of ['/feed.xml', '/feed.json']) app.get(path, etag(), shared);
  app.get('/feed.xml', async (c) => {
    const page = await feedOf(c, site);
    return datedAnswer(c, page.updatedAt, 'application/atom+xml; charset=utf-8', atom(site, page));
  });
  app.get('/feed.json', async (c) => {
    const page = await feedOf(c, site);
    return datedAnswer(c, page.updatedAt, 'application/feed+json; charset=utf-8', jsonFeed(site, page));
  });
  return app;
}

async function feedOf(c: Context, site: Site): Promise<FeedPage> {
  const line = (c.req.query('q') ?? '').slice(0, LONGEST_LINE).trim();
  const query = parsePaperQuery(line);
  if (isEverything(query)) return issueFeed(site, await site.issues.newest(FEED_LENGTH, 'daily'));
  const { found } = await site.papers.search(query, { order: 'new', limit: FEED_LENGTH, offset: 0 });
  return searchFeed(
    site,
    line,
    found.map(({ paper }) => paper),
  );
}
