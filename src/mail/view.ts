import { addDays } from '../domain/day.ts';
import { dayInWords, daysBetween } from '../domain/in-words.ts';
import type { Issue, NotedPaper } from '../domain/issue.ts';
import type { Words } from '../domain/language.ts';
import type { RankedPaper } from '../domain/paper.ts';
import { issueSlug } from '../domain/slug.ts';
import type { Summaries } from '../domain/summary.ts';
import { type PaperCard, paperCard, shortCard } from './card.ts';
import type { Letterhead } from './letterhead.ts';
import { httpUrl, plainText } from './plain-text.ts';
import { slot } from './slot.ts';
import { ANY_SUBSCRIBER, type SubscriberValues } from './subscriber-parts.ts';

/** What every mail template is given, beside what its own kind adds. All of it is plain text. */
export type MailView = {
  /** The language's code. */
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  /** The side on which lines begin. */
  readonly start: 'left' | 'right';
  readonly newsletter: string;
  /** Empty where there are no pages: then there are no preferences either, and `unsubscribeUrl` is a mailto. */
  readonly tagline: string;
  readonly logo: string;
  readonly siteUrl: string;
  readonly postalAddress: string;
  readonly subject: string;
  readonly preheader: string;
};

/** What `issue.mjml` and `issue.txt.hbs` are given, beside the loops over `papers` (`CardView`). */
export type IssueView = MailView & {
  readonly weekly: boolean;
  /** `Wednesday 19 August 2026`, or of a week `16 – 22 August 2026`. */
  readonly day: string;
  readonly number: number;
  readonly lead: string;
  readonly sample: boolean;
  /** Whether it is the first mail that a new reader gets: it then says what they subscribed to. */
  readonly welcome: boolean;
  /** The issue on the web; empty where there are no pages. */
  readonly webUrl: string;
  /** How many picks have no room in the mail; 0 for all but giants. */
  readonly more: number;
  /** Whether there are papers that are only noted: the loop over `noted` (`NotedView`). */
  readonly hasNoted: boolean;
  readonly reader: SubscriberValues;
};

/** One turn of the loop over `papers`. `matches`: why it is this reader's own pick; empty for a common one. */
export type CardView = PaperCard & {
  readonly place: string;
  readonly matches: string;
  /** Where this subscriber says that they want more, or less, papers like it. */
  readonly feedbackUrl: string;
  /** The address of a picture on our own pages; empty without one. */
  readonly thumbnail: string;
};

/** One turn of the loop over `noted`. `href` is empty when the paper has no link. */
export type NotedView = { readonly title: string; readonly href: string };

/** In which language an issue speaks, and whether to somebody who has just come. */
export type Voice = { readonly words: Words; readonly welcome: boolean };

/** The view of an issue for any reader: what depends on them or on their picks is a slot. */
export function frameView(issue: Issue, letterhead: Letterhead, voice: Voice, more: number): IssueView {
  const { words, welcome } = voice;
  return {
    ...mailView(letterhead, words, '', ''),
    subject: slot('subject'),
    preheader: slot('preheader'),
    weekly: issue.kind === 'weekly',
    day: dayOf(issue, words),
    number: issue.number,
    lead: slot('lead'),
    sample: issue.sample,
    welcome,
    // A sample has no page of its own: it stands on the home page.
    webUrl: letterhead.siteUrl && `${letterhead.siteUrl}/${issue.sample ? '' : `issues/${issueSlug(issue)}`}`,
    more,
    hasNoted: (issue.noted ?? []).length > 0,
    reader: ANY_SUBSCRIBER,
  };
}

/** `own`: whether it has matches, as the pick of a reader who told what they like. `short`: a {@link shortCard}. */
export type CardLook = { readonly own: boolean; readonly short: boolean };

export function cardView(
  pick: RankedPaper,
  words: Words,
  { own, short }: CardLook,
  { thumbnail = '', summaries }: { readonly thumbnail?: string; readonly summaries?: Summaries } = {},
): CardView {
  const card = paperCard(pick, words, summaries);
  const shown = short ? { ...shortCard(card), thumbnail: '' } : { ...card, thumbnail };
  // Only papers that arXiv has can be compared with others.
  const feedbackUrl = pick.paper.ids.arxiv === undefined ? '' : `${slot('feedbackUrl')}#${slot('place')}`;
  return { ...shown, place: slot('place'), matches: own ? slot('matches') : '', feedbackUrl };
}

export function notedView({ title, url }: NotedPaper): NotedView {
  return { title: plainText(title, 200), href: httpUrl(url) ?? '' };
}

export function mailView(
  letterhead: Letterhead,
  { code, dir }: Words,
  subject: string,
  preheader: string,
): MailView {
  return {
    lang: code,
    dir,
    start: dir === 'rtl' ? 'right' : 'left',
    newsletter: plainText(letterhead.newsletterName),
    tagline: plainText(letterhead.tagline ?? ''),
    logo: letterhead.logoUrl ?? '',
    siteUrl: letterhead.siteUrl,
    postalAddress: plainText(letterhead.postalAddress ?? ''),
    subject: plainText(subject),
    preheader: plainText(preheader),
  };
}

/**
 * The line about the issue. It promises reasons only where people have voted: of a quiet source there is little to say.
 * @param own whether the picks are this subscriber's own
 */
export function lead(
  { say }: Words,
  picks: readonly RankedPaper[],
  candidates: number,
  own: boolean,
): string {
  const count = picks.length;
  const line = say(`issue.lead${own ? '.own' : ''}${candidates > count ? '.chosen' : ''}`, {
    count,
    of: candidates,
  });
  const voted = picks.some(({ paper: { signals } }) => signals.upvotes || signals.points);
  return voted || own ? `${line} ${say('issue.lead.why', { count })}` : line;
}

/** Its day, or the seven days before that of a weekly one. */
function dayOf({ kind, date }: Issue, words: Words): string {
  if (kind === 'weekly') return daysBetween(words, addDays(date, -7), addDays(date, -1));
  return dayInWords(words, date, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
}
