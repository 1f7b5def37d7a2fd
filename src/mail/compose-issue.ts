import type { Day } from '../domain/day.ts';
import type { ComposedIssue, IssueKind } from '../domain/issue.ts';
import type { Words } from '../domain/language.ts';
import type { RankedPaper } from '../domain/paper.ts';
import type { Instant } from '../domain/time.ts';
import { notedPaper } from './card.ts';
import { digest } from './digest.ts';
import { inboxLines, type SubjectStyle } from './subject.ts';

export type IssueOptions = {
  readonly kind: IssueKind;
  readonly date: Day;
  /** Counts published issues, from 1. */
  readonly number: number;
  /** Made from `samples/`: the subject says so. */
  readonly sample: boolean;
  readonly frozenAt: Instant;
  /** How many papers are picked, at most. */
  readonly picks: number;
  readonly subjectStyle?: SubjectStyle;
  /** The newsletter's language. */
  readonly words: Words;
  /** See `Issue`. */
  readonly thumbnails?: Readonly<Record<string, string>>;
};

/** How many papers after the picks are named. */
const NOTED = 6;

/** Freezes a ranking into an issue: its first papers are the picks, all of them the candidates. */
export function composeIssue(ranked: readonly RankedPaper[], options: IssueOptions): ComposedIssue {
  const { kind, date, number, sample, frozenAt, words, thumbnails = {} } = options;
  const picks = ranked.slice(0, options.picks);
  const content = {
    kind,
    date,
    number,
    sample,
    frozenAt,
    ...inboxLines(picks, ranked.length, { sample, date, style: options.subjectStyle, words }),
    picks,
    noted: ranked.slice(options.picks, options.picks + NOTED).map(({ paper }) => notedPaper(paper, words)),
    ...(Object.keys(thumbnails).length > 0 && { thumbnails }),
    candidates: ranked.map(({ paper, score }) => ({ id: paper.id, score })),
  };
  return { ...content, considered: ranked.length, hash: digest(content) };
}
