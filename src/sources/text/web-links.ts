import type { PaperIds, PaperLinks } from '../../domain/entry.ts';

/** Of what is given, and of what it becomes when it is percent-encoded. Longer ones are no address of a paper. */
const LONGEST = 1000;

/**
 * The address when it is one that a subscriber may click: http or https, not endless, no user name or password.
 * @param base what a relative address is relative to
 */
export function webLink(text: string | undefined, base?: string): string | undefined {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '' || trimmed.length > LONGEST || !URL.canParse(trimmed, base)) return undefined;
  const { protocol, href, username, password } = new URL(trimmed, base);
  const readable = /^https?:$/.test(protocol) && href.length <= LONGEST;
  return readable && username === '' && password === '' ? href : undefined;
}

/**
 * Where a paper with these ids is read: on arXiv, else where its DOI leads, else on PubMed, else on the page that
 * the source gives.
 * @param given as the source writes them; what may not be clicked is left out
 */
export function paperLinks(
  ids: PaperIds,
  given: { page?: string | undefined; pdf?: string | undefined } = {},
): PaperLinks {
  const { arxiv, doi, pubmed } = ids;
  if (arxiv) return { abstract: `https://arxiv.org/abs/${arxiv}`, pdf: `https://arxiv.org/pdf/${arxiv}` };
  const abstract =
    (doi && webLink(`https://doi.org/${encodeURI(doi)}`)) ||
    (pubmed ? `https://pubmed.ncbi.nlm.nih.gov/${pubmed}/` : webLink(given.page));
  const pdf = webLink(given.pdf);
  return { ...(abstract && { abstract }), ...(pdf && { pdf }) };
}
