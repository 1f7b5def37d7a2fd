import Handlebars from 'handlebars';
import type { Config } from '../config/load.ts';
import type { Issue } from '../domain/issue.ts';
import type { KnownPaper } from '../domain/known-paper.ts';
import type { Words } from '../domain/language.ts';
import { paperLinks, paperPath } from './paper-card.ts';

/** What a page says of itself to those who link to it (Open Graph) and to machines (schema.org as JSON-LD). */
export type PageCard = {
  readonly address: string;
  readonly kind: 'website' | 'article';
  readonly summary: string;
  /** An absolute address of a picture of it; empty for none. */
  readonly image: string;
  /** A data block: no browser runs it, so the policy against inline scripts does not concern it. */
  readonly data: Handlebars.SafeString;
};

/** What a description needs beside what it describes. */
type Describing = { readonly config: Config; readonly words: Words };

type Described = Pick<KnownPaper, 'id' | 'title' | 'authors' | 'abstract' | 'day' | 'links' | 'ids'>;

export function issueCard({ config, words }: Describing, address: string, issue: Issue): PageCard {
  const data = {
    '@context': 'https://schema.org',
    '@type': 'PublicationIssue',
    name: issue.subject,
    issueNumber: issue.number,
    datePublished: new Date(issue.frozenAt).toISOString(),
    url: address,
    isPartOf: { '@type': 'Periodical', name: config.NEWSLETTER_NAME, url: `${config.SITE_URL}/` },
    hasPart: issue.picks.map(({ paper }) => article({ config, words }, paper, false)),
  };
  return {
    address,
    kind: 'article',
    image: pictureOf(config, issue),
    summary: shortened(issue.preheader || issue.subject),
    data: block(data),
  };
}

export function paperPageCard(describing: Describing, paper: KnownPaper): PageCard {
  const address = describing.config.SITE_URL + paperPath(paper.id);
  const data = { '@context': 'https://schema.org', ...article(describing, paper, true) };
  return {
    address,
    kind: 'article',
    image: '',
    summary: shortened(paper.abstract || paper.title),
    data: block(data),
  };
}

/** The picture of the first pick that has one. */
function pictureOf({ SITE_URL }: Config, { picks, thumbnails }: Issue): string {
  const hash = picks.map(({ paper }) => thumbnails?.[paper.id]).find(Boolean);
  return hash === undefined ? '' : `${SITE_URL}/thumbnails/${hash}.jpg`;
}

function article({ config, words }: Describing, paper: Described, whole: boolean) {
  const [link] = paperLinks(paper, words);
  return {
    '@type': 'ScholarlyArticle',
    headline: paper.title,
    url: config.SITE_URL + paperPath(paper.id),
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
