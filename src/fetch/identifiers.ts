import type { PaperIds } from '../domain/entry.ts';

const NEW_ID = String.raw`\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}`;
const OLD_ID = String.raw`[a-z][a-z-]{1,14}(?:\.[a-z]{2})?\/\d{2}(?:0[1-9]|1[0-2])\d{3}`;
const ID = `(${NEW_ID}|${OLD_ID})(?:v\\d{1,3})?`;
const BARE = new RegExp(`^(?:arxiv:)?${ID}$`, 'i');
const WITHIN = new RegExp(
  String.raw`(?:arxiv\.org\/(?:abs|pdf|html|format|e-print)\/|(?:huggingface\.co|hf\.co)\/papers\/|alphaxiv\.org\/abs\/` +
    String.raw`|\barxiv:|\b10\.48550\/arxiv\.)${ID}(?![\d.]*\d)`,
  'i',
);
/** bioRxiv and medRxiv put the version, and more, behind the DOI in their addresses. */
const RXIV_TAIL = /^(10\.(?:1101|64898)\/(?:\d{4}\.\d{2}\.\d{2}\.)?\d+)v\d+.*$/;
const DOI = /\b10\.\d{4,9}\/[^\s"<>\\^`{|}]{1,180}/i;

/** An arXiv id as it stands alone (`2510.01234v2`, `arXiv:math.AG/0601001`), without version and subject class. */
export function arxivId(text: string): string | undefined {
  return canonical(BARE.exec(text.trim())?.[1]);
}

/** The arXiv id that an address or a text such as `oai:arXiv.org:2510.01234v1` speaks of. */
export function arxivIdIn(text: string): string | undefined {
  return canonical(WITHIN.exec(text.replace(/oai:arxiv\.org:/i, 'arXiv:'))?.[1]);
}

/** The DOI in an address or text, in lower case; none for those that arXiv gives to its own papers. */
export function doiIn(text: string): string | undefined {
  const raw = DOI.exec(decoded(text))?.[0]?.replace(/[.,;:'")\]]+$/, '');
  const doi = raw?.split(/[?#]/)[0]?.toLowerCase().replace(RXIV_TAIL, '$1');
  return doi === undefined || doi.startsWith('10.48550/arxiv.') ? undefined : doi;
}

/** Every id that some of the texts (links, guids, identifiers) give. */
export function idsIn(texts: readonly string[]): PaperIds {
  const first = (find: (text: string) => string | undefined) => {
    for (const text of texts) {
      const found = find(text);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const arxiv = first(arxivIdIn);
  const doi = first(doiIn);
  const pubmed = first(
    (text) => /(?:pubmed\.ncbi\.nlm\.nih\.gov\/|\b(?:pubmed|pmid):\s*)(\d{1,9})\b/i.exec(text)?.[1],
  );
  return {
    ...(arxiv === undefined ? {} : { arxiv }),
    ...(doi === undefined ? {} : { doi }),
    ...(pubmed === undefined ? {} : { pubmed }),
  };
}

function canonical(id: string | undefined): string | undefined {
  return id?.toLowerCase().replace(/\.[a-z]{2}\//, '/');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
