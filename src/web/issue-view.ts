import type { Issue } from '../domain/issue.ts';
import type { Words } from '../domain/language.ts';
import type { Paper } from '../domain/paper.ts';
import { issueSlug } from '../domain/slug.ts';
import type { Summaries } from '../domain/summary.ts';
import { paperLine } from '../papers/paper-line.ts';
import { longDate, weekInWords } from './calendar.ts';
import { paperCard } from './paper-card.ts';

/** The picture of a pick, under the site's path; empty when it has none. */
function thumbnailOf({ picks, thumbnails }: Issue, place: number): string {
  const hash = thumbnails?.[picks[place]?.paper.id ?? ''];
  return hash !== undefined ? `/thumbnails/${hash}.jpg` : '';
}

/** An issue as the templates `week` and `feed-entry` show it, and with excerpts `home` and `issue`. */
export function issueView(issue: Issue, words: Words) {
  return {
    date: issue.date,
    slug: issueSlug(issue),
    weekly: issue.kind === 'weekly',
    dateInWords: issue.kind === 'weekly' ? weekInWords(words, issue.date) : longDate(words, issue.date),
    number: issue.number,
    subject: issue.subject,
    preheader: issue.preheader,
    sample: issue.sample,
    considered: issue.considered,
    papers: issue.picks.map((pick, index) => ({
      ...paperCard(pick, index + 1, words, issue.sample),
      thumbnail: thumbnailOf(issue, index),
    })),
  };
}

/** In characters: two lines of a wide page. */
const EXCERPT = 160;
/** So many characters fit into the two lines that are shown, however narrow the page. */
const ALWAYS_WHOLE = 80;
/** The newest issues are asked for again and again. */
const MOST_KEPT = 50;

type FoldedView = ReturnType<typeof foldedView>;

/**
 * Makes views that say what each paper does. To choose the sentences takes a millisecond or so, and an issue never
 * changes: those that were asked for last are kept.
 */
export function createFoldedViews(summaries: Summaries): (issue: Issue, words: Words) => FoldedView {
  const views = new Map<string, FoldedView>();
  return (issue, words) => {
    const key = `${words.code} ${issueSlug(issue)} ${issue.hash}`;
    const view = views.get(key) ?? foldedView(issue, words, summaries);
    views.delete(key);
    views.set(key, view);
    const [oldest] = views.keys();
    if (views.size > MOST_KEPT && oldest !== undefined) views.delete(oldest);
    return view;
  };
}

function foldedView(issue: Issue, words: Words, summaries: Summaries) {
  const view = issueView(issue, words);
  const papers = view.papers.map((paper, index) => {
    const pick = issue.picks[index];
    return { ...paper, ...(pick && folded(pick.paper, words, summaries)) };
  });
  return { ...view, papers };
}

/** What a paper does, in a sentence or two and with whose words they are, and whether its abstract says more. */
function folded(paper: Paper, { say }: Words, summaries: Summaries) {
  const line = paperLine(paper, summaries, EXCERPT);
  const excerpt = asBeginning(line?.text ?? '');
  return {
    excerpt,
    excerptBy: line?.by ? say('paper.summaryBy', { name: line.by }) : '',
    hasMore: paper.abstract !== '' && (excerpt !== paper.abstract || excerpt.length > ALWAYS_WHOLE),
  };
}

/** Without the mark that something was left out before it: two lines are nobody's whole abstract. */
function asBeginning(excerpt: string): string {
  return excerpt.replace(/^… ?(\p{Ll})?/u, (_, letter: string | undefined) => letter?.toUpperCase() ?? '');
}
