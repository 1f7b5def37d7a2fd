import { clip } from '../domain/clip.ts';
import type { Issue, NotedPaper } from '../domain/issue.ts';
import { memoize } from '../domain/memo.ts';
import type { RankedPaper } from '../domain/paper.ts';
import { type Reason, reasonsInWords } from '../domain/reason.ts';
import type { Letterhead } from './letterhead.ts';
import type { ListName } from './lists.ts';
import type { IssuePart, MailTemplates } from './mail-templates.ts';
import { plainText } from './plain-text.ts';
import {
  ANY_SUBSCRIBER,
  cutAtSlots,
  type Filled,
  type Piece,
  type SubscriberParts,
  slotValue,
} from './subscriber-parts.ts';
import { type CardLook, cardView, frameView, type IssueView, notedView, type Voice } from './view.ts';

/** More than a token, or all but a few addresses, have. */
const SUBSCRIBERS_OWN = 120;
/** Looking back keeps it from trying a long run again from each of its spaces. */
const SPACE_AT_END = /(?<![ \t])[ \t]+$/gm;
/** A line of the text part holds them. */
const MATCHES_LENGTH = 60;
/** How many values are kept encoded, a few hundred bytes each. */
const MOST_VALUES = 10_000;

/** The same in both parts of a mail. */
export type HtmlAndText<Part> = { readonly html: Part; readonly text: Part };

/** An issue's mails in pieces: each is rendered and encoded when it is first asked for, and then kept. */
export type FragmentCache = {
  readonly frame: (more: number) => HtmlAndText<Block>;
  readonly card: (pick: RankedPaper, first: boolean, look: CardLook) => HtmlAndText<Block>;
  readonly noted: (paper: NotedPaper, first: boolean) => HtmlAndText<Block>;
  /** The number of a pick, from 1. */
  readonly place: (place: number) => HtmlAndText<Piece>;
  /** Why a pick is this subscriber's own, as the mail says it. */
  readonly matches: (reasons: readonly Reason[]) => HtmlAndText<Piece>;
  /** Another value that many mails have. */
  readonly value: (text: string) => HtmlAndText<Piece>;
};

/** `bytes`: with the subscriber's own links and address, at most, and without the other values. */
export type Block = { readonly parts: SubscriberParts; readonly bytes: number };

export function createFragmentCache(
  templates: MailTemplates['issue'],
  issue: Issue,
  letterhead: Letterhead,
  voice: Voice,
): FragmentCache {
  const { siteUrl } = letterhead;
  const view = frameView(issue, letterhead, voice, 0);
  const frames = new Map<number, HtmlAndText<Block>>();
  const cards = new Map<string, HtmlAndText<Block>[]>();
  const notes = new Map<string, HtmlAndText<Block>[]>();
  const values = new Map<string, HtmlAndText<Piece>>();
  const matches = new Map<string, HtmlAndText<Piece>>();
  const places: HtmlAndText<Piece>[] = [];
  const framed = (all: IssueView) => ({
    html: block(`${templates.html.frame(all).trimEnd()}\n`, siteUrl),
    text: block(tidyText(templates.text.frame(all)), siteUrl),
  });
  const renderItem = (list: ListName, item: object, first: boolean) => {
    const rendered = (part: IssuePart) =>
      block(part.renderItem(list, view, item, first).replace(SPACE_AT_END, ''), siteUrl);
    return { html: rendered(templates.html), text: rendered(templates.text) };
  };
  const cardOf = (pick: RankedPaper, first: boolean, look: CardLook) => {
    const hash = issue.thumbnails?.[pick.paper.id];
    const thumbnail = hash === undefined || siteUrl === '' ? '' : `${siteUrl}/thumbnails/${hash}.jpg`;
    const { summaries = 'source' } = letterhead;
    const view = cardView(pick, voice.words, look, { thumbnail, summaries });
    return renderItem('papers', issue.sample ? { ...view, feedbackUrl: '' } : view, first);
  };
  return {
    frame: (more) => memoize(frames, more, () => framed(frameView(issue, letterhead, voice, more))),
    card: (pick, first, look) => {
      const looks = memoize(cards, pick.paper.id, () => []);
      const index = (first ? 4 : 0) + (look.own ? 2 : 0) + (look.short ? 1 : 0);
      looks[index] ??= cardOf(pick, first, look);
      return looks[index];
    },
    noted: (paper, first) => {
      const looks = memoize(notes, paper.id, () => []);
      const look = first ? 1 : 0;
      looks[look] ??= renderItem('noted', notedView(paper), first);
      return looks[look];
    },
    place: (place) => {
      places[place] ??= inBothParts(String(place), String(place).padStart(2));
      return places[place];
    },
    matches: (reasons) => {
      const text = reasonsInWords(reasons, voice.words).join(' · ');
      return memoize(matches, text, () => inBothParts(clip(plainText(text), MATCHES_LENGTH)), MOST_VALUES);
    },
    value: (text) => memoize(values, text, () => inBothParts(text), MOST_VALUES),
  };
}

function inBothParts(html: string, text = html): HtmlAndText<Piece> {
  return { html: slotValue(html, true), text: slotValue(text, false) };
}

/** No spaces at the ends of lines, no more than two blank lines together, one line end at the end. */
export function tidyText(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').replace(SPACE_AT_END, '');
  return `${lines.replace(/\n{4,}/g, '\n\n\n').trim()}\n`;
}

/** How many bytes a block has with these values in it. */
export function blockSize({ parts, bytes }: Block, fills: Filled['fills']): number {
  let sum = bytes;
  for (const name of parts.names) {
    const fill = fills[name];
    if (fill && 'shown' in fill) sum += fill.bytes;
  }
  return sum;
}

function block(text: string, siteUrl: string): Block {
  const parts = cutAtSlots(text);
  const own = parts.names.filter((name) => Object.hasOwn(ANY_SUBSCRIBER, name)).length;
  const bytes = parts.literals.reduce((sum, piece) => sum + piece.bytes, 0);
  return { parts, bytes: bytes + own * (Buffer.byteLength(siteUrl) + SUBSCRIBERS_OWN) };
}
