/** Sites that people know by name, by the end of their host. */
const SITES: readonly (readonly [host: string, name: string])[] = [
  ['arxiv.org', 'arXiv'],
  ['huggingface.co', 'Hugging Face'],
  ['github.com', 'GitHub'],
  ['gitlab.com', 'GitLab'],
  ['news.ycombinator.com', 'Hacker News'],
  ['biorxiv.org', 'bioRxiv'],
  ['medrxiv.org', 'medRxiv'],
  ['pubmed.ncbi.nlm.nih.gov', 'PubMed'],
  ['openreview.net', 'OpenReview'],
  ['semanticscholar.org', 'Semantic Scholar'],
  ['aclanthology.org', 'ACL Anthology'],
  ['zenodo.org', 'Zenodo'],
];

/** The name of the site that an http(s) address leads to, where people know one: `arXiv`. */
export function siteName(address: string): string | undefined {
  const host = URL.parse(address)?.hostname;
  return SITES.find(([end]) => host === end || host?.endsWith(`.${end}`))?.[1];
}

/** `1.4k`, as a language writes it. */
export function compactNumber(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { notation: 'compact' }).format(value).replace(/K$/, 'k');
}
