import type { Day } from '../domain/day.ts';
import { Fault } from '../domain/fault.ts';
import type { Issue, IssueKind, NotedPaper, OwnPicks } from '../domain/issue.ts';
import type { Words } from '../domain/language.ts';
import type { RankedPaper } from '../domain/paper.ts';
import type { Letterhead } from './letterhead.ts';
import { listHeaders } from './list-headers.ts';
import type { ListName } from './lists.ts';
import { type MailFrame, prepareFrame } from './mail-frame.ts';
import { clip, plainText } from './plain.ts';
import {
  ANY_READER,
  cutAtSlots,
  type Filled,
  type ReaderParts,
  type SlotValue,
  slotValue,
} from './reader-parts.ts';
import { calmTitle, inboxLines } from './subject.ts';
import type { IssuePart, MailTemplates } from './templates.ts';
import { cardView, frameView, type IssueView, lead, notedView, type Voice } from './view.ts';

/** The reader's words and links are counted in. Gmail shows no more of a mail than 102,400 bytes of HTML. */
const HTML_BUDGET = 80_000;
/** More than a token, or all but a few addresses, have. */
const READERS_OWN = 120;
/** A line of the text part holds them. */
const MATCHES_LENGTH = 60;
/** So many values are kept encoded, a few hundred bytes each. */
const MOST_VALUES = 10_000;

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
  const html = press(templates.issue.html, issue, letterhead, { voice, html: true, tidy: (text) => text });
  const text = press(templates.issue.text, issue, letterhead, { voice, html: false, tidy: tidyText });
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

/** One part's pieces, each made when it is first asked for. */
type Press = {
  readonly frame: (more: number) => Piece;
  readonly card: (pick: RankedPaper, first: boolean, own: boolean) => Piece;
  readonly noted: (paper: NotedPaper, first: boolean) => Piece;
  /** A value that many mails have. */
  readonly value: (text: string) => SlotValue;
};

/** `bytes`: with the reader's own links and address, at most, and without the other values. */
type Piece = { readonly parts: ReaderParts; readonly bytes: number };

function piece(text: string, siteUrl: string): Piece {
  const parts = cutAtSlots(text);
  const own = parts.names.filter((name) => Object.hasOwn(ANY_READER, name)).length;
  const bytes = Buffer.byteLength(parts.literals.join(''));
  return { parts, bytes: bytes + own * (Buffer.byteLength(siteUrl) + READERS_OWN) };
}

/** How many bytes a piece has with these values in it. */
function sized({ parts, bytes }: Piece, fills: Filled['fills']): number {
  return parts.names.reduce((sum, name) => {
    const fill = fills[name];
    return fill && 'shown' in fill ? sum + Buffer.byteLength(fill.shown) : sum;
  }, bytes);
}

type PressOptions = {
  readonly voice: Voice;
  readonly html: boolean;
  readonly tidy: (text: string) => string;
};

function press(
  part: IssuePart,
  issue: Issue,
  letterhead: Letterhead,
  { voice, html, tidy }: PressOptions,
): Press {
  const frames = new Map<number, Piece>();
  const cards = new Map<string, Piece>();
  const values = new Map<string, SlotValue>();
  const view = frameView(issue, letterhead, voice, 0);
  const thumbnail = ({ paper }: RankedPaper) => {
    const hash = issue.thumbnails?.[paper.id];
    return hash === undefined ? '' : `${letterhead.siteUrl}/thumbnails/${hash}.jpg`;
  };
  const framed = (all: IssueView) => piece(tidy(part.frame(all)), letterhead.siteUrl);
  const turn = (list: ListName, entry: object, first: boolean) =>
    piece(part.turn(list, view, entry, first).replace(/[ \t]+$/gm, ''), letterhead.siteUrl);
  return {
    frame: (more) => once(frames, more, () => framed(frameView(issue, letterhead, voice, more))),
    card: (pick, first, own) =>
      once(cards, `${pick.paper.id} ${first} ${own}`, () =>
        turn('papers', cardView(pick, voice.words, own, thumbnail(pick)), first),
      ),
    noted: (paper, first) =>
      once(cards, `noted ${paper.id} ${first}`, () => turn('noted', notedView(paper), first)),
    value: (text) => {
      if (values.size > MOST_VALUES) values.clear();
      return once(values, text, () => slotValue(text, html));
    },
  };
}

function once<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

type Selection = OwnPicks & { readonly subject: string; readonly preheader: string };

function body(
  parts: { html: Press; text: Press; words: Words },
  issue: Issue,
  selection: Selection,
): IssueBody {
  const own = selection.matches.length > 0;
  const subject = plainText(selection.subject);
  const values = {
    subject,
    preheader: plainText(selection.preheader),
    lead: lead(parts.words, selection.picks.length, issue.candidates.length, own),
  };
  const noted = notedBeside(issue, selection);
  const fillsOf = (press: Press) => ({
    subject: press.value(values.subject),
    preheader: press.value(values.preheader),
    lead: press.value(values.lead),
  });
  const shown = within(parts.html, selection, noted, fillsOf(parts.html));
  const more = selection.picks.length - shown;
  const fill = (press: Press, html: boolean): Filled => ({
    parts: press.frame(more).parts,
    fills: {
      ...fillsOf(press),
      papers: selection.picks.slice(0, shown).map((_, index) => card(press, selection, index, html).filled),
      noted: noted.map((paper, index) => ({ parts: press.noted(paper, index === 0).parts, fills: {} })),
    },
  });
  const { preheader } = values;
  return { subject, preheader, html: fill(parts.html, true), text: fill(parts.text, false), shown };
}

/** A reader's own picks may be among what the others find noted. */
function notedBeside(issue: Issue, { picks }: OwnPicks): NotedPaper[] {
  const picked = new Set(picks.map(({ paper }) => paper.id));
  return (issue.noted ?? []).filter(({ id }) => !picked.has(id));
}

function card(press: Press, { picks, matches }: OwnPicks, index: number, html: boolean) {
  const words = clip(plainText(matches[index] ?? ''), MATCHES_LENGTH);
  const place = html ? String(index + 1) : String(index + 1).padStart(2);
  const made = press.card(picks[index] as RankedPaper, index === 0, words !== '');
  const fills = { place: press.value(place), matches: press.value(words) };
  return { filled: { parts: made.parts, fills }, bytes: sized(made, fills) };
}

/** How many of the picks fit: all of any usual issue. */
function within(
  press: Press,
  selection: OwnPicks,
  noted: readonly NotedPaper[],
  fills: Filled['fills'],
): number {
  const { picks } = selection;
  const around = (more: number) => sized(press.frame(more), fills);
  let bytes = noted.reduce((sum, paper, index) => sum + press.noted(paper, index === 0).bytes, 0);
  const upTo = picks.map((_, index) => (bytes += card(press, selection, index, true).bytes));
  if (around(0) + bytes <= HTML_BUDGET) return picks.length;
  const frame = around(picks.length);
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
