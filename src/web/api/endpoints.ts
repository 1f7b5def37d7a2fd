import { z } from 'zod';
import type { Words } from '../../domain/language.ts';
import { hasTerms, parsePaperQuery } from '../../domain/paper-query.ts';
import { reasonsInWords } from '../../domain/reason.ts';
import type { Summaries } from '../../domain/summary.ts';
import { findBySlug } from '../../issues/find-edition.ts';
import { deliveriesOf } from '../../ledger/books.ts';
import { issueLines } from '../../ledger/issue-lines.ts';
import type { IssueRow } from '../../ledger/issues.ts';
import { paperLine } from '../../papers/paper-line.ts';
import { findPaper } from '../../papers/papers-table.ts';
import { search } from '../paper-search.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import * as shape from './shapes.ts';
import { SUBSCRIBER_ENDPOINTS } from './subscriber-endpoints.ts';

export const ENDPOINTS: readonly Endpoint[] = [
  ...SUBSCRIBER_ENDPOINTS,
  endpoint({
    method: 'get',
    path: '/issues',
    summary: 'The issues, newest first, including days without one.',
    query: shape.issueQuery,
    answer: z.array(shape.issueLine),
    act: ({ store }, _, { query }) => issueLines(store.readOnly, query),
  }),
  endpoint({
    method: 'get',
    path: '/issues/:name',
    summary: 'One issue with its papers, by its day (2026-08-19) or its week (2026-W34).',
    answer: shape.issue,
    act: async ({ store, config }, { pages }, { name }) => {
      const found = await findBySlug(store.readOnly, name);
      return found && wholeIssue(found, pages.wordsOf(), config.SUMMARIES);
    },
  }),
  endpoint({
    method: 'get',
    path: '/papers',
    summary: 'Searches all papers ever seen.',
    query: shape.paperQuery,
    answer: shape.foundPapers,
    act: async (core, { searchGate }, { query: { q, order, ...page } }) => {
      const query = parsePaperQuery(q);
      const found = await search(core, searchGate, query, {
        ...page,
        order: hasTerms(query) ? order : 'new',
      });
      return found === 'busy' ? found : { total: found.total, papers: found.found.map(({ paper }) => paper) };
    },
  }),
  endpoint({
    method: 'get',
    path: '/papers/:name{.+}',
    summary: 'One paper, by any of its ids.',
    answer: shape.paper,
    act: async ({ store }, _, { name }) => (await findPaper(store.readOnly, name))?.paper,
  }),
  endpoint({
    method: 'get',
    path: '/deliveries',
    summary: 'What became of the mails of an issue, in the order of the subscribers’ ids.',
    query: shape.deliveryQuery,
    answer: z.array(shape.delivery),
    act: async ({ store }, _, { query }) => {
      const issue = await findBySlug(store.readOnly, query.issue);
      return issue && deliveriesOf(store.readOnly, issue.id, query);
    },
  }),
];

function wholeIssue({ issue, ...row }: IssueRow, words: Words, summaries: Summaries) {
  const papers = issue?.picks.map(({ paper, score, reasons }) => ({
    ...paper,
    score,
    reasons: reasonsInWords(reasons, words),
    line: paperLine(paper, summaries) ?? null,
  }));
  const { number = null, subject = '', preheader = '', frozenAt = 0 } = issue ?? {};
  return { ...row, number, subject, preheader, frozenAt, papers: papers ?? [] };
}
