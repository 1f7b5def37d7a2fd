import type { Issue } from '../domain/issue.ts';
import { type PaperCard, paperCard } from './card.ts';
import type { Letterhead } from './letterhead.ts';
import { plainText } from './plain.ts';
import type { ReaderValues } from './reader-parts.ts';

/** What every mail template is given, beside what its own kind adds. All of it is plain text. */
export type MailView = {
  readonly newsletter: string;
  readonly siteUrl: string;
  readonly postalAddress: string;
  readonly subject: string;
  readonly preheader: string;
};

/** What `issue.mjml` and `issue.txt.hbs` are given. */
export type IssueView = MailView & {
  /** `Wednesday 19 August 2026`. */
  readonly day: string;
  readonly number: number;
  readonly lead: string;
  readonly sample: boolean;
  /** The issue on the web. */
  readonly webUrl: string;
  readonly papers: readonly NumberedCard[];
  /** How many picks have no room in the mail; 0 for all but giants. */
  readonly more: number;
  readonly reader: ReaderValues;
};

export type NumberedCard = PaperCard & { readonly place: number };

/** @param shown how many of the picks the mail has room for */
export function issueView(
  issue: Issue,
  letterhead: Letterhead,
  reader: ReaderValues,
  shown: number,
): IssueView {
  return {
    ...mailView(letterhead, issue.subject, issue.preheader),
    day: longDay(issue.date),
    number: issue.number,
    lead: lead(issue.picks.length, issue.candidates.length),
    sample: issue.sample,
    webUrl: `${letterhead.siteUrl}/issues/${issue.date}`,
    papers: issue.picks.slice(0, shown).map((pick, index) => ({ ...paperCard(pick), place: index + 1 })),
    more: issue.picks.length - shown,
    reader,
  };
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

function longDay(date: string): string {
  return Temporal.PlainDate.from(date).toLocaleString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
}

function lead(picks: number, candidates: number): string {
  const papers = picks === 1 ? 'One paper' : `${picks} papers`;
  const chosen = candidates > picks ? ` chosen from ${candidates.toLocaleString('en-GB')}` : '';
  return `${papers}${chosen}, ${picks === 1 ? 'with the reason it is' : 'each with the reason it is'} here.`;
}
