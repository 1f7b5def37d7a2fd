/** A short text about a paper that its source made, often by machine, and the source's name as people know it. */
export type SourceSummary = { readonly text: string; readonly by: string };

/**
 * What mails and pages say that a paper does. `source`: what its source says where it says it, otherwise the paper's own words.
 * `extract`: always its own words. `off`: nothing.
 */
export type Summaries = (typeof SUMMARIES)[number];
export const SUMMARIES = ['source', 'extract', 'off'] as const;

/** One or two sentences on what a paper does. `by` names who wrote it; empty for the paper's own words. */
export type PaperLine = {
  readonly text: string;
  readonly origin: 'source' | 'extract';
  readonly by: string;
};
