import { addDays, type Day } from '../domain/day.ts';
import type { Issue, NotedPaper } from '../domain/issue.ts';
import type { RankedPaper } from '../domain/paper.ts';
import { issueSlug } from '../domain/slug.ts';
import { type PaperCard, paperCard } from './card.ts';
import type { Letterhead } from './letterhead.ts';
import { httpUrl, plainText } from './plain.ts';
import { ANY_READER, type ReaderValues } from './reader-parts.ts';
import { slot } from './slot.ts';

/** What every mail template is given, beside what its own kind adds. All of it is plain text. */
export type MailView = {
  readonly newsletter: string;
  readonly siteUrl: string;
  readonly postalAddress: string;
  readonly subject: string;
  readonly preheader: string;
};

/** What `issue.mjml` and `issue.txt.hbs` are given, beside the loops over `papers` (`CardView`). */
export type IssueView = MailView & {
  readonly weekly: boolean;
  /** `Wednesday 19 August 2026`, or of a week `16 to 22 August 2026`. */
  readonly day: string;
  readonly number: number;
  readonly lead: string;
  readonly sample: boolean;
  /** The issue on the web. */
  readonly webUrl: string;
  /** How many picks have no room in the mail; 0 for all but giants. */
  readonly more: number;
  /** Whether there are papers that are only noted: the loop over `noted` (`NotedView`). */
  readonly hasNoted: boolean;
  readonly reader: ReaderValues;
};

/** One turn of the loop over `papers`. `matches`: why it is this reader's own pick; empty for a common one. */
export type CardView = PaperCard & {
  readonly place: string;
  readonly matches: string;
  /** The address of a picture on our own pages; empty without one. */
  readonly thumbnail: string;
};

/** One turn of the loop over `noted`. `href` is empty when the paper has no link. */
export type NotedView = { readonly title: string; readonly href: string };

/** The view of an issue for any reader: what depends on them or on their picks is a slot. */
export function frameView(issue: Issue, letterhead: Letterhead, more: number): IssueView {
  return {
    ...mailView(letterhead, '', ''),
    subject: slot('subject'),
    preheader: slot('preheader'),
    weekly: issue.kind === 'weekly',
    day: issue.kind === 'weekly' ? week(issue.date) : longDay(issue.date),
    number: issue.number,
    lead: slot('lead'),
    sample: issue.sample,
    webUrl: `${letterhead.siteUrl}/issues/${issueSlug(issue)}`,
    more,
    hasNoted: (issue.noted ?? []).length > 0,
    reader: ANY_READER,
  };
}

/** @param own whether it has matches, as the pick of a reader who told what they like */
export function cardView(pick: RankedPaper, own: boolean, thumbnail = ''): CardView {
  return { ...paperCard(pick), place: slot('place'), matches: own ? slot('matches') : '', thumbnail };
}

export function notedView({ title, url }: NotedPaper): NotedView {
  return { title: plainText(title, 200), href: httpUrl(url) ?? '' };
}

export function mailView(letterhead: Letterhead, subject: string, preheader: string): MailView {
  return {
    newsletter: plainText(letterhead.newsletterName),
    siteUrl: letterhead.siteUrl,
    postalAddress: plainText(letterhead.postalAddress ?? ''),
    subject: plainText(subject),
    preheader: plainText(preheader),
  };
}

const COUNT = new Intl.NumberFormat('en-GB');

/** The line about the issue. @param own whether the picks are this reader's own */
export function lead(picks: number, candidates: number, own: boolean): string {
  const papers = picks === 1 ? 'One paper' : `${picks} papers`;
  const chosen = candidates > picks ? ` chosen from ${COUNT.format(candidates)}` : '';
  const forYou = own ? ' for you' : '';
  return `${papers}${chosen}${forYou}, ${picks === 1 ? 'with the reason it is' : 'each with the reason it is'} here.`;
}

function longDay(date: Day): string {
  return inWords(date, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
}

/** The seven days before the issue's own. */
function week(date: Day): string {
  const [first, last] = [addDays(date, -7), addDays(date, -1)];
  const sameMonth = first.slice(0, 7) === last.slice(0, 7);
  const from = inWords(first, sameMonth ? { day: 'numeric' } : { day: 'numeric', month: 'long' });
  return `${from} to ${inWords(last, { day: 'numeric', month: 'long', year: 'numeric' })}`;
}

function inWords(date: Day, shown: Intl.DateTimeFormatOptions): string {
  return Temporal.PlainDate.from(date).toLocaleString('en-GB', shown);
}
