import { Feed } from 'feed';
import Handlebars from 'handlebars';
import type { Issue } from '../domain/issue.ts';
import { issueSlug } from '../domain/slug.ts';
import { issueView } from './issue-view.ts';
import { renderPage } from './page.ts';
import type { Site } from './site.ts';

/** Everything that XML 1.0 (section 2.2) cannot hold, also half a surrogate pair. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** The issues as Atom (RFC 4287), the newest first. */
export function atomFeed(site: Site, issues: readonly Issue[]): string {
  const self = `${site.siteUrl}/feed.xml`;
  const feed = new Feed({
    id: self,
    title: site.newsletterName,
    description: 'Trending papers, once a day',
    link: `${site.siteUrl}/`,
    feed: self,
    favicon: `${site.siteUrl}/assets/mark.svg`,
    author: { name: site.newsletterName },
    generator: 'Offprint',
    updated: new Date(issues[0]?.frozenAt ?? 0),
  });
  for (const issue of issues) {
    const address = `${site.siteUrl}/issues/${issueSlug(issue)}`;
    feed.addItem({
      id: address,
      link: address,
      // Titles and contents go out as HTML in CDATA: escaped, they hold no `]]>` that could end it.
      title: Handlebars.escapeExpression(issue.subject),
      content: renderPage(site, 'feed-entry', issueView(issue)),
      date: new Date(issue.frozenAt),
      published: new Date(issue.frozenAt),
    });
  }
  return feed.atom1().replace(NOT_XML, '');
}
