import type { ComposedIssue } from '../../src/domain/issue.ts';
import type { RankedPaper } from '../../src/domain/paper.ts';
import { madeUpPapers } from '../made-up.ts';

export const DATE = '2026-08-19';
const FROZEN = Date.parse('2026-08-19T05:00:00Z');
const CATEGORIES = ['cs.CL', 'cs.LG', 'cs.CV', 'cs.RO', 'stat.ML', 'q-bio.NC'];
const KINDS = [
  'tidal',
  'woven',
  'hollow',
  'amber',
  'slanted',
  'frosted',
  'winding',
  'paper',
  'copper',
  'salted',
];
const THINGS = ['lanterns', 'gardens', 'bridges', 'kites', 'clocks', 'ladders'];
const SUBJECTS = KINDS.flatMap((kind) => THINGS.map((thing) => `${kind} ${thing}`));

/** What subscribers ask for: so many different wishes, two subjects and a category each. */
export const INTERESTS = Array.from({ length: 500 }, (_, index) => [
  SUBJECTS[index % SUBJECTS.length] ?? '',
  SUBJECTS[(index * 7 + Math.floor(index / SUBJECTS.length) + 1) % SUBJECTS.length] ?? '',
  CATEGORIES[Math.floor(index / 90) % CATEGORIES.length] ?? '',
]);

/** Three hundred papers that nobody wrote, best first; the plain mail of any ten has 36 to 40 kB. */
export function madeUpCandidates(): RankedPaper[] {
  return madeUpPapers(300, 7).map(({ id, title, abstract, authors }, index) => ({
    score: 300 - index,
    reasons: [`${412 - index} upvotes in 9 h`, 'code with 1.4k stars', '3 of the sources have it'],
    paper: {
      id: `arxiv:${id}`,
      aliases: [`arxiv:${id}`],
      ids: { arxiv: id },
      title: `${SUBJECTS[(index * 11) % SUBJECTS.length]}: ${title}`,
      abstract: abstract.slice(0, 280),
      authors: authors.slice(0, 3),
      links: {
        abstract: `https://arxiv.org/abs/${id}`,
        pdf: `https://arxiv.org/pdf/${id}`,
        code: `https://github.com/example/work-${index}`,
      },
      categories: [CATEGORIES[index % CATEGORIES.length] ?? '', 'cs.AI'],
      sources: ['huggingface' as const, 'arxiv' as const],
      day: '2026-08-18',
      since: FROZEN - 86_400_000,
      firstSeenAt: FROZEN - 80_000_000,
      signals: {},
    },
  }));
}

export function madeUpIssue(candidates = madeUpCandidates()): ComposedIssue {
  const picks = candidates.slice(0, 10);
  return {
    kind: 'daily',
    date: DATE,
    number: 1,
    sample: false,
    frozenAt: FROZEN,
    subject: picks[0]?.paper.title ?? '',
    preheader: picks[1]?.paper.title ?? '',
    picks,
    candidates: candidates.map(({ paper, score }) => ({ id: paper.id, score })),
    considered: candidates.length,
    hash: 'b'.repeat(64),
  };
}
