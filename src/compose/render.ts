import type { Day } from '../domain/day.ts';
import { Fault } from '../domain/fault.ts';
import type { Issue, IssueKind, NotedPaper, OwnPicks } from '../domain/issue.ts';
import type { Words } from '../domain/language.ts';
import type { Letterhead } from './letterhead.ts';
import { listHeaders } from './list-headers.ts';
import { type MailFrame, prepareFrame } from './mail-frame.ts';
import { plainText } from './plain.ts';
import { createPress, once, type Press, sized } from './press.ts';
import type { Filled } from './reader-parts.ts';
import { calmTitle, inboxLines } from './subject.ts';
import type { MailTemplates } from './templates.ts';
import { lead } from './view.ts';

/** The reader's words and links are counted in. Gmail shows no more of a mail than 102,400 bytes of HTML. */
const HTML_BUDGET = 80_000;

/** An issue as it is mailed: its frame and each of its papers are rendered and encoded once, for all readers. */
export type RenderedIssue = {
  readonly kind: IssueKind;
  readonly date: Day;
  readonly hash: string;
  /** The issue as everybody gets it who has named no interests. */
  readonly common: IssueBody;
  /** The issue with a reader's own picks. */
  readonly own: (picks: OwnPicks) => IssueBody;
  /** Header and structure of its mails, made when first asked for. @param oneClick whether one click leaves (RFC 8058) */
  readonly frame: (letterhead: Letterhead, oneClick: boolean) => Promise<MailFrame>;
};

/** Finished but for the reader's address and links. */
export type IssueBody = {
  readonly subject: string;
  readonly preheader: string;
  readonly html: Filled;
  readonly text: Filled;
  /** How many picks the mail shows; the others are "and N more on the web". */
  readonly shown: number;
};

export type RenderOptions = {
  /** Whose language it speaks: a code; without one that of the letterhead. */
  readonly language?: string;
  /** For those to whom it is the first one: with a greeting above it. */
  readonly welcome?: boolean;
};

/**
 * Renders an issue for all of its readers of one language at once.
 * @throws Fault TEMPLATE_BROKEN when a template asks for what there is not, or is too big by itself
 */
export function renderIssue(
  templates: MailTemplates,
  issue: Issue,
  letterhead: Letterhead,
  { language = '', welcome = false }: RenderOptions = {},
): RenderedIssue {
  const home = templates.languages.of(letterhead.language ?? '');
  const words = language === '' ? home : templates.languages.of(language);
  const voice = { words, welcome };
  const html = createPress(templates.issue.html, issue, letterhead, {
    voice,
    html: true,
    tidy: (text) => text,
  });
  const text = createPress(templates.issue.text, issue, letterhead, { voice, html: false, tidy: tidyText });
  const titles = new Map<string, string>();
  const titleOf = (title: string) => once(titles, title, () => calmTitle(title, words));
  const own = (picks: OwnPicks) => {
    const { sample, date } = issue;
    const style = letterhead.subjectStyle;
    const lines = inboxLines(picks.picks, issue.candidates.length, { sample, date, style, words, titleOf });
    return body({ html, text, words }, issue, { ...picks, ...lines });
  };
  const { picks, subject, preheader } = issue;
  const everybodys = { picks, matches: [] };
  // The frozen lines are in the newsletter's own language.
  const common =
    words === home
      ? body({ html, text, words }, issue, { ...everybodys, subject, preheader })
      : own(everybodys);
  const frames = {
    true: new Map<Letterhead, Promise<MailFrame>>(),
    false: new Map<Letterhead, Promise<MailFrame>>(),
  };
  const frame = (head: Letterhead, oneClick: boolean) =>
    once(frames[`${oneClick}`], head, () => prepareFrame(head, listHeaders(issue, head, oneClick)));
  return { kind: issue.kind, date: issue.date, hash: issue.hash, common, own, frame };
}

type Selection = OwnPicks & { readonly subject: string; readonly preheader: string };

function body(
  { html, text, words }: { html: Press; text: Press; words: Words },
  issue: Issue,
  selection: Selection,
): IssueBody {
  const { picks, matches } = selection;
  const subject = plainText(selection.subject);
  const preheader = plainText(selection.preheader);
  const about = lead(words, picks.length, issue.candidates.length, matches.length > 0);
  const noted = notedBeside(issue, selection);
  const linesOf = ({ value }: Press) => ({
    subject: value(subject),
    preheader: value(preheader),
    lead: value(about),
  });
  const cards = cardsOf(html, selection);
  const lines = linesOf(html);
  const shown = within(html, cards, noted, lines);
  const more = picks.length - shown;
  const fill = (press: Press, all: Card[], fills: Filled['fills']): Filled => ({
    parts: press.frame(more).parts,
    fills: {
      ...fills,
      papers: all.slice(0, shown),
      noted: noted.map((paper, index) => ({ parts: press.noted(paper, index === 0).parts, fills: {} })),
    },
  });
  return {
    subject,
    preheader,
    html: fill(html, cards, lines),
    text: fill(text, cardsOf(text, selection), linesOf(text)),
    shown,
  };
}

/** A reader's own picks may be among what the others find noted. */
function notedBeside({ noted = [] }: Issue, { picks }: OwnPicks): readonly NotedPaper[] {
  if (noted.length === 0) return noted;
  const picked = new Set(picks.map(({ paper }) => paper.id));
  return noted.filter(({ id }) => !picked.has(id));
}

type Card = Filled & { readonly bytes: number };

function cardsOf(press: Press, { picks, matches }: OwnPicks): Card[] {
  return picks.map((pick, index) => {
    const fills = { place: press.place(index + 1), matches: press.matches(matches[index] ?? '') };
    const card = press.card(pick, index === 0, fills.matches.shown !== '');
    return { parts: card.parts, fills, bytes: sized(card, fills) };
  });
}

/** How many of the picks fit: all of any usual issue. */
function within(
  press: Press,
  cards: readonly Card[],
  noted: readonly NotedPaper[],
  fills: Filled['fills'],
): number {
  let bytes = noted.reduce((sum, paper, index) => sum + press.noted(paper, index === 0).bytes, 0);
  const upTo = cards.map((card) => (bytes += card.bytes));
  if (sized(press.frame(0), fills) + bytes <= HTML_BUDGET) return cards.length;
  const frame = sized(press.frame(cards.length), fills);
  if (frame > HTML_BUDGET) throw tooBig(frame);
  return upTo.findIndex((end) => frame + end > HTML_BUDGET);
}

function tooBig(bytes: number): Fault {
  return new Fault(
    'TEMPLATE_BROKEN',
    `issue.mjml: expected at most ${HTML_BUDGET} bytes of HTML, and it has ${bytes} without any paper`,
    'Make the template smaller: mail programs cut off what is longer.',
  );
}

/** No spaces at the ends of lines, no more than two blank lines together, one line end at the end. */
export function tidyText(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').replace(/[ \t]+$/gm, '');
  return `${lines.replace(/\n{4,}/g, '\n\n\n').trim()}\n`;
}
