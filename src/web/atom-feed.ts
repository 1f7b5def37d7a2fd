import { Feed } from 'feed';
import Handlebars from 'handlebars';
import type { Config } from '../config/load.ts';
import type { StoredIssue } from '../domain/issue.ts';
import type { KnownPaper } from '../domain/known-paper.ts';
import { giveWay } from '../domain/slices.ts';
import { issueSlug } from '../domain/slug.ts';
import type { Instant } from '../domain/time.ts';
import { withoutNonXml } from '../domain/unicode.ts';
import { issueView } from './issue-view.ts';
import type { Pages } from './page.ts';
import { paperCard, paperPath } from './paper-card.ts';

/** A list of issues, or of the papers that a search finds, the newest first. */
export type FeedPage = {
  readonly title: string;
  /** The page that shows the same, and the feed's own query, `?q=tides` or empty. */
  readonly page: string;
  readonly query: string;
  readonly updatedAt: Instant;
  readonly items: readonly FeedItem[];
};

type FeedItem = {
  readonly address: string;
  readonly title: string;
  readonly html: string;
  readonly at: Instant;
  readonly authors: readonly string[];
};

/** Makes the feed of the issues. An issue never changes, so each is rendered once. */
export function issueFeeds(
  config: Config,
  pages: Pages,
): (issues: readonly StoredIssue[]) => Promise<FeedPage> {
  let rendered = new Map<string, FeedItem>();
  return async (issues) => {
    const items = new Map<string, FeedItem>();
    for (const issue of issues) {
      const key = `${issueSlug(issue)} ${issue.hash}`;
      const known = rendered.get(key);
      // Other requests have their turn between two issues of many papers.
      if (!known) await giveWay();
      items.set(key, known ?? issueItem(config, pages, issue));
    }
    rendered = items;
    return {
      title: config.NEWSLETTER_NAME,
      page: `${config.SITE_URL}/`,
      query: '',
      updatedAt: issues[0]?.frozenAt ?? 0,
      items: [...items.values()],
    };
  };
}

function issueItem(config: Config, pages: Pages, issue: StoredIssue): FeedItem {
  return {
    address: `${config.SITE_URL}/issues/${issueSlug(issue)}`,
    title: issue.subject,
    html: pages.render('feed-entry', issueView(issue, pages.wordsOf())),
    at: issue.frozenAt,
    authors: [],
  };
}

export function searchFeed(
  config: Config,
  pages: Pages,
  line: string,
  papers: readonly KnownPaper[],
): FeedPage {
  const items = papers.map((paper) => ({
    address: config.SITE_URL + paperPath(paper.id),
    title: paper.title,
    html: pages.render(
      'feed-paper',
      paperCard({ paper: { ...paper, since: 0, signals: {} }, score: 0, reasons: [] }, 0, pages.wordsOf()),
    ),
    at: paper.firstSeenAt,
    authors: paper.authors,
  }));
  const query = `?${new URLSearchParams({ q: line })}`;
  return {
    title: `${line} · ${config.NEWSLETTER_NAME}`,
    page: `${config.SITE_URL}/papers${query}`,
    query,
    updatedAt: Math.max(0, ...items.map(({ at }) => at)),
    items,
  };
}

/** Atom (RFC 4287). */
export function atom(config: Config, page: FeedPage): string {
  const self = `${config.SITE_URL}/feed.xml${page.query}`;
  const feed = new Feed({
    id: self,
    title: page.title,
    description: config.NEWSLETTER_TAGLINE ?? 'Trending papers, once a day',
    link: page.page,
    feed: self,
    favicon: `${config.SITE_URL}/assets/mark.svg`,
    author: { name: config.NEWSLETTER_NAME },
    generator: 'Offprint',
    updated: new Date(page.updatedAt),
  });
  for (const { address, title, html, at, authors } of page.items) {
    feed.addItem({
      id: address,
      link: address,
      // Titles and contents go out as HTML in CDATA: escaped, they hold no `]]>` that could end it.
      title: Handlebars.escapeExpression(title),
      content: html,
      date: new Date(at),
      published: new Date(at),
      ...(authors.length > 0 && { author: authors.map((name) => ({ name })) }),
    });
  }
  return withoutNonXml(feed.atom1());
}

/** JSON Feed 1.1 (jsonfeed.org). */
export function jsonFeed(config: Config, page: FeedPage): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: page.title,
    home_page_url: page.page,
    feed_url: `${config.SITE_URL}/feed.json${page.query}`,
    icon: `${config.SITE_URL}/assets/mark.svg`,
    language: config.LANGUAGE,
    items: page.items.map(({ address, title, html, at, authors }) => ({
      id: address,
      url: address,
      title,
      content_html: html,
      date_published: new Date(at).toISOString(),
      ...(authors.length > 0 && { authors: authors.map((name) => ({ name })) }),
    })),
  });
}
