import { type Context, Hono } from 'hono';
import { etag } from 'hono/etag';
import type { Core } from '../core.ts';
import { isEverything, MAX_LETTERS, parsePaperQuery } from '../domain/paper-query.ts';
import { newestIssues } from '../ledger/issues.ts';
import { atom, type FeedPage, issueFeeds, jsonFeed, searchFeed } from './atom-feed.ts';
import { datedAnswer, shared } from './cache-headers.ts';
import { searchBusy } from './error-page.ts';
import { search } from './paper-search.ts';
import type { WebTools } from './web-tools.ts';

const FEED_LENGTH = 20;

/** The same limit as in the search box. */
const LONGEST_LINE = 300;

/** `/feed.xml` and `/feed.json`: of the issues, or with `?q=` of the papers that a search finds. */
export function feedPages(core: Core, tools: WebTools): Hono {
  const app = new Hono({ strict: false });
  const feedOf = feedReader(core, tools);
  for (const path of ['/feed.xml', '/feed.json']) app.get(path, etag(), shared);
  app.get('/feed.xml', async (c) => {
    const page = await feedOf(c);
    if (page === 'busy') return searchBusy(c, tools.pages);
    return datedAnswer(c, page.updatedAt, 'application/atom+xml; charset=utf-8', atom(core.config, page));
  });
  app.get('/feed.json', async (c) => {
    const page = await feedOf(c);
    if (page === 'busy') return searchBusy(c, tools.pages);
    return datedAnswer(
      c,
      page.updatedAt,
      'application/feed+json; charset=utf-8',
      jsonFeed(core.config, page),
    );
  });
  return app;
}

function feedReader(core: Core, { pages, searchGate }: WebTools): (c: Context) => Promise<FeedPage | 'busy'> {
  const issueFeed = issueFeeds(core.config, pages);
  return async (c) => {
    const typed = (c.req.query('q') ?? '').slice(0, LONGEST_LINE).trim();
    const query = parsePaperQuery(typed);
    const line = typed.slice(0, MAX_LETTERS);
    if (isEverything(query)) return issueFeed(await newestIssues(core.store.readOnly, 'daily', FEED_LENGTH));
    const result = await search(core, searchGate, query, { order: 'new', limit: FEED_LENGTH, offset: 0 });
    if (result === 'busy') return result;
    const papers = result.found.map(({ paper }) => paper);
    return searchFeed(core.config, pages, line, papers);
  };
}
