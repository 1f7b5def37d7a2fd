import type { Day } from '../domain/day.ts';
import { Fault } from '../domain/fault.ts';
import type { Issue, IssueKind, NotedPaper, OwnPicks } from '../domain/issue.ts';
import type { RankedPaper } from '../domain/paper.ts';
import type { Letterhead } from './letterhead.ts';
import { listHeaders } from './list-headers.ts';
import type { ListName } from './lists.ts';
import { type MailFrame, prepareFrame } from './mail-frame.ts';
import { clip, plainText } from './plain.ts';
import { cutAtSlots, type Filled, type ReaderParts, type SlotValue, slotValue } from './reader-parts.ts';
import { calmTitle, inboxLines } from './subject.ts';
import type { IssuePart, MailTemplates } from './templates.ts';
import { cardView, frameView, lead, notedView } from './view.ts';

/** Gmail shows no more of a mail than 102,400 bytes of HTML; what is left over is for the readers' own words. */
const HTML_BUDGET = 80_000;
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

/**
 * Renders an issue for all of its readers at once.
 * @throws Fault TEMPLATE_BROKEN when a template asks for what there is not, or is too big by itself
 */
export function renderIssue(templates: MailTemplates, issue: Issue, letterhead: Letterhead): RenderedIssue {
  const html = press(templates.issue.html, issue, letterhead, { html: true, tidy: (text) => text });
  const text = press(templates.issue.text, issue, letterhead, { html: false, tidy: tidyText });
  const titles = new Map<string, string>();
  const titleOf = (title: string) => once(titles, title, () => calmTitle(title));
  const own = (picks: OwnPicks) => {
    const { sample, date } = issue;
    const style = letterhead.subjectStyle;
    const lines = inboxLines(picks.picks, issue.candidates.length, { sample, date, style, titleOf });
    return body({ html, text }, issue, { ...picks, ...lines });
  };
  const { picks, subject, preheader } = issue;
  const common = body({ html, text }, issue, { picks, matches: [], subject, preheader });
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

type Piece = { readonly parts: ReaderParts; readonly bytes: number };

function piece(text: string): Piece {
  return { parts: cutAtSlots(text), bytes: Buffer.byteLength(text) };
}

type PressOptions = { readonly html: boolean; readonly tidy: (text: string) => string };

function press(part: IssuePart, issue: Issue, letterhead: Letterhead, { html, tidy }: PressOptions): Press {
  const frames = new Map<number, Piece>();
  const cards = new Map<string, Piece>();
  const values = new Map<string, SlotValue>();
  const view = frameView(issue, letterhead, 0);
  const thumbnail = ({ paper }: RankedPaper) => {
    const hash = issue.thumbnails?.[paper.id];
    return hash === undefined ? '' : `${letterhead.siteUrl}/thumbnails/${hash}.jpg`;
  };
  const turn = (list: ListName, entry: object, first: boolean) =>
    piece(part.turn(list, view, entry, first).replace(/[ \t]+$/gm, ''));
  return {
    frame: (more) => once(frames, more, () => piece(tidy(part.frame(frameView(issue, letterhead, more))))),
    card: (pick, first, own) =>
      once(cards, `${pick.paper.id} ${first} ${own}`, () =>
        turn('papers', cardView(pick, own, thumbnail(pick)), first),
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

function body(parts: { html: Press; text: Press }, issue: Issue, selection: Selection): IssueBody {
  const own = selection.matches.length > 0;
  const subject = plainText(selection.subject);
  const values = {
    subject,
    preheader: plainText(selection.preheader),
    lead: lead(selection.picks.length, issue.candidates.length, own),
  };
  const noted = notedBeside(issue, selection);
  const shown = within(parts.html, selection, noted);
  const more = selection.picks.length - shown;
  const fill = (press: Press, html: boolean): Filled => ({
    parts: press.frame(more).parts,
    fills: {
      subject: press.value(values.subject),
      preheader: press.value(values.preheader),
      lead: press.value(values.lead),
      papers: selection.picks.slice(0, shown).map((pick, index) => card(press, pick, index, selection, html)),
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

function card(press: Press, pick: RankedPaper, index: number, { matches }: OwnPicks, html: boolean): Filled {
  const words = clip(plainText(matches[index] ?? ''), MATCHES_LENGTH);
  const place = html ? String(index + 1) : String(index + 1).padStart(2);
  const { parts } = press.card(pick, index === 0, words !== '');
  return { parts, fills: { place: press.value(place), matches: press.value(words) } };
}

/** How many of the picks fit: all of any usual issue. */
function within(press: Press, { picks, matches }: OwnPicks, noted: readonly NotedPaper[]): number {
  let bytes = press.frame(0).bytes;
  for (const [index, paper] of noted.entries()) bytes += press.noted(paper, index === 0).bytes;
  for (const [index, pick] of picks.entries()) {
    bytes += press.card(pick, index === 0, Boolean(matches[index])).bytes;
    if (bytes <= HTML_BUDGET) continue;
    const frame = press.frame(picks.length - index);
    if (frame.bytes > HTML_BUDGET) throw tooBig(frame.bytes);
    return index;
  }
  return picks.length;
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
