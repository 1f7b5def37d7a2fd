import { Feed } from 'feed';
import Handlebars from 'handlebars';
import type { StoredIssue } from '../domain/issue.ts';
import type { KnownPaper } from '../domain/known-paper.ts';
import { issueSlug } from '../domain/slug.ts';
import type { Instant } from '../domain/time.ts';
import { withoutNonXml } from '../domain/unicode.ts';
import { issueView } from './issue-view.ts';
import { renderPage, wordsOf } from './page.ts';
import { paperPath } from './paper-archive.ts';
import { paperCard } from './paper-card.ts';
import type { Site } from './site.ts';

/** A list of issues, or of the papers that a search finds, the newest first. */
export type FeedPage = {
  readonly title: string;
  /** The page that shows the same, and the feed's own query, `?q=tides` or empty. */
  readonly page: string;
  readonly query: string;
  readonly updatedAt: Instant;
  readonly items: readonly FeedItem[];
};

export type FeedItem = {
  readonly address: string;
  readonly title: string;
  readonly html: string;
  readonly at: Instant;
  readonly authors: readonly string[];
};

/** Makes the feed of the issues. An issue never changes, so each is rendered once. */
export function issueFeeds(site: Site): (issues: readonly StoredIssue[]) => Promise<FeedPage> {
  let rendered = new Map<string, FeedItem>();
  return async (issues) => {
    const items = new Map<string, FeedItem>();
    for (const issue of issues) {
      const key = `${issueSlug(issue)} ${issue.hash}`;
      const known = rendered.get(key);
      // Other requests have their turn between two issues of many papers.
      if (!known) await new Promise(setImmediate);
      items.set(key, known ?? issueItem(site, issue));
    }
    rendered = items;
    return {
      title: site.newsletterName,
      page: `${site.siteUrl}/`,
      query: '',
      updatedAt: issues[0]?.frozenAt ?? 0,
      items: [...items.values()],
    };
  };
}

function issueItem(site: Site, issue: StoredIssue): FeedItem {
  return {
    address: `${site.siteUrl}/issues/${issueSlug(issue)}`,
    title: issue.subject,
    html: renderPage(site, 'feed-entry', issueView(issue, wordsOf(site))),
    at: issue.frozenAt,
    authors: [],
  };
}

export function searchFeed(site: Site, line: string, papers: readonly KnownPaper[]): FeedPage {
  const items = papers.map((paper) => ({
    address: site.siteUrl + paperPath(paper.id),
    title: paper.title,
    html: renderPage(
      site,
      'feed-paper',
      paperCard({ paper: { ...paper, since: 0, signals: {} }, score: 0, reasons: [] }, 0, wordsOf(site)),
    ),
    at: paper.firstSeenAt,
    authors: paper.authors,
  }));
  const query = `?${new URLSearchParams({ q: line })}`;
  return {
    title: `${line} · ${site.newsletterName}`,
    page: `${site.siteUrl}/papers${query}`,
    query,
    updatedAt: Math.max(0, ...items.map(({ at }) => at)),
    items,
  };
}

/** Atom (RFC 4287). */
export function atom(site: Site, page: FeedPage): string {
  const self = `${site.siteUrl}/feed.xml${page.query}`;
  const feed = new Feed({
    id: self,
    title: page.title,
    description: 'Trending papers, once a day',
    link: page.page,
    feed: self,
    favicon: `${site.siteUrl}/assets/mark.svg`,
    author: { name: site.newsletterName },
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
export function jsonFeed(site: Site, page: FeedPage): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: page.title,
    home_page_url: page.page,
    feed_url: `${site.siteUrl}/feed.json${page.query}`,
    icon: `${site.siteUrl}/assets/mark.svg`,
    language: 'en',
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
