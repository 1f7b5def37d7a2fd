import type { KnownPaper, PaperIssue, SearchResult } from '../domain/known-paper.ts';
import type { PaperQuery } from '../domain/paper-query.ts';

/** All papers ever seen. */
export type PaperArchive = {
  /** `busy`: too many search at this moment. */
  readonly search: (
    query: PaperQuery,
    page: { readonly order: 'best' | 'new'; readonly limit: number; readonly offset: number },
  ) => Promise<SearchResult | 'busy'>;
  /** @param alias any id that the paper is known by */
  readonly find: (
    alias: string,
  ) => Promise<{ readonly paper: KnownPaper; readonly issues: readonly PaperIssue[] } | undefined>;
  /** Papers about the same, the nearest first; none while too many search. */
  readonly similar: (id: string, limit: number) => Promise<readonly KnownPaper[]>;
};

/** The path of a paper's page, without the site's own. */
export function paperPath(id: string): string {
  return `/papers/${encodeURIComponent(id).replaceAll('%3A', ':')}`;
}
