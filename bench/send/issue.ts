import type { Issue } from '../../src/domain/issue.ts';
import { madeUpPapers } from '../made-up.ts';

export const DATE = '2026-08-19';
const FROZEN = Date.parse('2026-08-19T05:00:00Z');

/** A ten-paper issue that nobody wrote; its mail has 36 to 40 KB. */
export function madeUpIssue(): Issue {
  const papers = madeUpPapers(10, 7).map(({ id, title, abstract, authors }, index) => ({
    score: 100 - index,
    reasons: [`${212 - index} upvotes in 9 h`, 'code with 1.4k stars', 'matches diffusion models'],
    paper: {
      id: `arxiv:${id}`,
      aliases: [`arxiv:${id}`],
      ids: { arxiv: id },
      title,
      abstract,
      authors: [...authors],
      links: {
        abstract: `https://arxiv.org/abs/${id}`,
        pdf: `https://arxiv.org/pdf/${id}`,
        code: `https://github.com/example/work-${index}`,
      },
      categories: ['cs.CL', 'cs.LG'],
      sources: ['huggingface' as const, 'arxiv' as const],
      day: '2026-08-18',
      since: FROZEN - 86_400_000,
      firstSeenAt: FROZEN - 80_000_000,
      signals: {},
    },
  }));
  return {
    kind: 'daily',
    date: DATE,
    number: 1,
    sample: false,
    frozenAt: FROZEN,
    subject: papers[0]?.paper.title ?? '',
    preheader: papers[1]?.paper.title ?? '',
    picks: papers,
    candidates: papers.map(({ paper, score }) => ({ id: paper.id, score })),
    hash: 'b'.repeat(64),
  };
}
