import Handlebars from 'handlebars';
import type { Issue } from '../domain/issue.ts';
import type { KnownPaper } from '../domain/known-paper.ts';
import { wordsOf } from './page.ts';
import { paperPath } from './paper-archive.ts';
import { paperLinks } from './paper-card.ts';
import type { Site } from './site.ts';

/** What a page says of itself to those who link to it (Open Graph) and to machines (schema.org as JSON-LD). */
export type PageCard = {
  readonly address: string;
  readonly kind: 'website' | 'article';
  readonly summary: string;
  /** A data block: no browser runs it, so the policy against inline scripts does not concern it. */
  readonly data: Handlebars.SafeString;
};

type Described = Pick<KnownPaper, 'id' | 'title' | 'authors' | 'abstract' | 'day' | 'links' | 'ids'>;

export function issueCard(site: Site, address: string, issue: Issue): PageCard {
  const data = {
    '@context': 'https://schema.org',
    '@type': 'PublicationIssue',
    name: issue.subject,
    issueNumber: issue.number,
    datePublished: new Date(issue.frozenAt).toISOString(),
    url: address,
    isPartOf: { '@type': 'Periodical', name: site.newsletterName, url: `${site.siteUrl}/` },
    hasPart: issue.picks.map(({ paper }) => article(site, paper, false)),
  };
  return {
    address,
    kind: 'article',
    summary: shortened(issue.preheader || issue.subject),
    data: block(data),
  };
}

export function paperPageCard(site: Site, paper: KnownPaper): PageCard {
  const address = site.siteUrl + paperPath(paper.id);
  const data = { '@context': 'https://schema.org', ...article(site, paper, true) };
  return { address, kind: 'article', summary: shortened(paper.abstract || paper.title), data: block(data) };
}

function article(site: Site, paper: Described, whole: boolean) {
  const [link] = paperLinks(paper, wordsOf(site));
  return {
    '@type': 'ScholarlyArticle',
    headline: paper.title,
    url: site.siteUrl + paperPath(paper.id),
    author: paper.authors.slice(0, 20).map((name) => ({ '@type': 'Person', name })),
    ...(link && { sameAs: link.address }),
    ...(paper.ids.doi && { identifier: `https://doi.org/${paper.ids.doi}` }),
    ...(whole && { abstract: paper.abstract, datePublished: paper.day }),
  };
}

/** Without `<`, `>` and `&` nothing in it can end the element it stands in. */
function block(data: object): Handlebars.SafeString {
  const escaped = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };
  return new Handlebars.SafeString(
    JSON.stringify(data).replace(/[<>&]/g, (mark) => escaped[mark as keyof typeof escaped]),
  );
}

function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200).replace(/\s+\S*$/u, '')} …`;
}
