import type { Day } from '../domain/day.ts';
import { Fault } from '../domain/fault.ts';
import type { Issue, IssueKind, NotedPaper, OwnPicks } from '../domain/issue.ts';
import type { Words } from '../domain/language.ts';
import { memoize } from '../domain/memo.ts';
import type { RankedPaper } from '../domain/paper.ts';
import {
  type Block,
  blockSize,
  createFragmentCache,
  type FragmentCache,
  type HtmlAndText,
} from './fragment-cache.ts';
import type { Letterhead } from './letterhead.ts';
import { listHeaders } from './list-headers.ts';
import { type MailFrame, prepareFrame } from './mail-frame.ts';
import type { MailTemplates } from './mail-templates.ts';
import { plainText } from './plain-text.ts';
import { calmTitle, inboxLines, welcomeLines } from './subject.ts';
import type { Filled, Piece } from './subscriber-parts.ts';
import { lead } from './view.ts';

/** The subscriber's words and links are counted in. Gmail shows no more of a mail than 102,400 bytes of HTML. */
export const HTML_BUDGET = 80_000;
/** An ordinary card has 4,000 bytes. Ten of this size fit. */
const LARGE_CARD = 6000;

/** An issue as it is mailed: its frame and each of its papers are rendered and encoded once, for all subscribers. */
export type RenderedIssue = {
  readonly kind: IssueKind;
  readonly date: Day;
  readonly hash: string;
  /** The issue as everybody gets it who has named no interests. */
  readonly common: IssueBody;
  /** The issue with a subscriber's own picks. */
  readonly own: (picks: OwnPicks) => IssueBody;
  /** Header and structure of its mails, made when first asked for. @param oneClick whether one click leaves (RFC 8058) */
  readonly frame: (letterhead: Letterhead, oneClick: boolean) => Promise<MailFrame>;
};

/** Finished but for the subscriber's address and links. */
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
 * Renders an issue for all of its subscribers of one language at once.
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
  const fragments = createFragmentCache(templates.issue, issue, letterhead, { words, welcome });
  const titles = new Map<string, string>();
  const titleOf = (title: string) => memoize(titles, title, () => calmTitle(title, words));
  const own = (picks: OwnPicks) => {
    const { sample, date } = issue;
    const style = letterhead.subjectStyle;
    const lines = welcome
      ? welcomeLines(picks.picks, plainText(letterhead.newsletterName), { words, titleOf })
      : inboxLines(picks.picks, issue.considered, { sample, date, style, words, titleOf });
    return body(fragments, words, issue, { ...picks, ...lines });
  };
  const { picks, subject, preheader } = issue;
  const everybodys = { picks, matches: [] };
  // The frozen lines are in the newsletter's own language.
  const frozen = { subject: plainText(subject), preheader: plainText(preheader) };
  const common =
    words === home && !welcome
      ? body(fragments, words, issue, { ...everybodys, ...frozen })
      : own(everybodys);
  const frames = {
    true: new Map<Letterhead, Promise<MailFrame>>(),
    false: new Map<Letterhead, Promise<MailFrame>>(),
  };
  const frame = (head: Letterhead, oneClick: boolean) =>
    memoize(frames[`${oneClick}`], head, () => prepareFrame(head, listHeaders(issue, head, oneClick)));
  return { kind: issue.kind, date: issue.date, hash: issue.hash, common, own, frame };
}

type Selection = OwnPicks & { readonly subject: string; readonly preheader: string };

function body(fragments: FragmentCache, words: Words, issue: Issue, selection: Selection): IssueBody {
  const { picks, subject, preheader } = selection;
  const about = lead(words, picks, issue.considered, selection.matches.length > 0);
  const lines = {
    subject: fragments.value(subject),
    preheader: fragments.value(preheader),
    lead: fragments.value(about),
  };
  const noted = notedBeside(issue, selection).map((paper, index) => fragments.noted(paper, index === 0));
  const { cards, shown } = fitting(fragments, selection, noted, fillsOf(lines, 'html'));
  const frame = fragments.frame(picks.length - shown);
  const papers = cards.slice(0, shown);
  const part = (name: 'html' | 'text'): Filled => ({
    parts: frame[name].parts,
    fills: {
      ...fillsOf(lines, name),
      papers: papers.map((card) => card[name]),
      noted: noted.map((note) => ({ parts: note[name].parts, fills: {} })),
    },
  });
  return { subject, preheader, html: part('html'), text: part('text'), shown };
}

type Lines = Readonly<Record<'subject' | 'preheader' | 'lead', HtmlAndText<Piece>>>;

function fillsOf({ subject, preheader, lead }: Lines, name: 'html' | 'text') {
  return { subject: subject[name], preheader: preheader[name], lead: lead[name] };
}

/** A subscriber's own picks may be among what the others find noted. */
function notedBeside({ noted = [] }: Issue, { picks }: OwnPicks): readonly NotedPaper[] {
  if (noted.length === 0) return noted;
  const picked = new Set(picks.map(({ paper }) => paper.id));
  return noted.filter(({ id }) => !picked.has(id));
}

/** `bytes` of the HTML. */
type Card = HtmlAndText<Filled> & { readonly bytes: number };

function cardOf(fragments: FragmentCache, { picks, matches }: OwnPicks, index: number, short = false): Card {
  const place = fragments.place(index + 1);
  const words = fragments.matches(matches[index] ?? []);
  const look = { own: words.html.shown !== '', short };
  const { html, text } = fragments.card(picks[index] as RankedPaper, index === 0, look);
  const fills = { place: place.html, matches: words.html };
  return {
    html: { parts: html.parts, fills },
    text: { parts: text.parts, fills: { place: place.text, matches: words.text } },
    bytes: blockSize(html, fills),
  };
}

/** The cards, and how many of them fit. One whose texts or links are very long does not push others out: it is short. */
function fitting(
  fragments: FragmentCache,
  selection: OwnPicks,
  noted: readonly HtmlAndText<Block>[],
  fills: Filled['fills'],
): { readonly cards: readonly Card[]; readonly shown: number } {
  const whole = selection.picks.map((_, index) => cardOf(fragments, selection, index));
  const shown = within(fragments, whole, noted, fills);
  if (shown === whole.length) return { cards: whole, shown };
  const cards = whole.map((card, index) =>
    card.bytes > LARGE_CARD ? cardOf(fragments, selection, index, true) : card,
  );
  return { cards, shown: within(fragments, cards, noted, fills) };
}

/** How many of the picks fit: all of any usual issue. */
function within(
  fragments: FragmentCache,
  cards: readonly Card[],
  noted: readonly HtmlAndText<Block>[],
  fills: Filled['fills'],
): number {
  let bytes = noted.reduce((sum, { html }) => sum + html.bytes, 0);
  const upTo = cards.map((card) => (bytes += card.bytes));
  if (blockSize(fragments.frame(0).html, fills) + bytes <= HTML_BUDGET) return cards.length;
  const frame = blockSize(fragments.frame(cards.length).html, fills);
  if (frame > HTML_BUDGET) throw tooBig(frame);
  return upTo.findIndex((end) => frame + end > HTML_BUDGET);
}

function tooBig(bytes: number): Fault {
  return new Fault(
    'TEMPLATE_BROKEN',
    `issue.mjml: expected at most ${HTML_BUDGET} bytes of HTML, but it has ${bytes} without any paper`,
    'Make the template smaller: mail programs clip longer messages.',
  );
}
