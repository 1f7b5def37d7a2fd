import type { SourceSpec } from '../domain/source.ts';

const PROVIDERS: Readonly<Record<string, string>> = {
  huggingface: 'Hugging Face',
  arxiv: 'arXiv',
  biorxiv: 'bioRxiv',
  medrxiv: 'medRxiv',
  pubmed: 'PubMed',
  semanticscholar: 'Semantic Scholar',
  openalex: 'OpenAlex',
  hackernews: 'Hacker News',
  github: 'GitHub',
};

/**
 * `arXiv (cs.CL, cs.LG)` for `arxiv:cs.CL+cs.LG`; a feed by its label, otherwise by its host.
 * @param name as papers remember it
 * @param specs the sources that are read now: a paper may be of one that is not among them
 */
export function sourceInWords(name: string, specs: readonly Pick<SourceSpec, 'name' | 'label'>[]): string {
  const label = specs.find((spec) => spec.name === name)?.label;
  if (label !== undefined) return label;
  const [kind = '', ...rest] = name.split(':');
  const argument = rest.join(':');
  const provider = PROVIDERS[kind];
  if (provider === undefined) return URL.parse(argument)?.hostname ?? name;
  return argument === '' ? provider : `${provider} (${argument.replaceAll('+', ', ')})`;
}
