import type { Issue } from '../domain/issue.ts';
import type { Words } from '../domain/language.ts';
import { issueSlug } from '../domain/slug.ts';
import { longDate, weekInWords } from './calendar.ts';
import { paperCard } from './paper-card.ts';

/** The picture of a pick, under the site's path; empty when it has none. */
function thumbnailOf({ picks, thumbnails }: Issue, place: number): string {
  const hash = thumbnails?.[picks[place]?.paper.id ?? ''];
  return hash !== undefined ? `/thumbnails/${hash}.jpg` : '';
}

/** An issue as the templates `home`, `issue` and `feed-entry` show it. */
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
