import { arxivIdIn } from '../../domain/arxiv-id.ts';
import { withoutVersion } from '../../domain/doi.ts';
import type { PaperIds } from '../../domain/entry.ts';

/** bioRxiv and medRxiv put the version, and more, behind the DOI in their addresses. */
const RXIV_TAIL = /^(10\.(?:1101|64898)\/(?:\d{4}\.\d{2}\.\d{2}\.)?\d+)v\d+.*$/;
const DOI = /\b10\.\d{4,9}\/[^\s"<>\\^`{|}]{1,180}/i;
/** What journals put behind the DOI in the addresses of a paper's pages and files. A DOI has a part of its own before it. */
const PAGE =
  /^(10\.\d+\/.+?)(?:\/(?:full(?:[-/]?(?:text|html|pdf|xml|epub))?|abstract|abs|meta|e?pdf(?:direct)?|html|epub|summary|references|figures|tables|metrics|download|view)|\.(?:pdf|full(?:-text)?|abstract|short)|\/)+$/;
/** Oxford's journals put the article's own number there. */
const OXFORD = /^(10\.1093\/[^/]+\/[^/]+)\/\d+$/;

/** The DOI in an address or text, in lower case and of all versions; none for those that arXiv gives to its own papers. */
export function doiIn(text: string): string | undefined {
  const raw = DOI.exec(decoded(text))?.[0]?.replace(/[.,;:'")\]]+$/, '');
  const doi = raw
    ?.split(/[?#]|&(?=\w+=)/)[0]
    ?.toLowerCase()
    .replace(RXIV_TAIL, '$1')
    .replace(PAGE, '$1')
    .replace(OXFORD, '$1');
  return doi === undefined || doi.startsWith('10.48550/arxiv.') ? undefined : withoutVersion(doi);
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

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
