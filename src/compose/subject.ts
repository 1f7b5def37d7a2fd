import type { Day } from '../domain/day.ts';
import type { RankedPaper } from '../domain/paper.ts';
import { clip, plainText } from './plain.ts';

const SUBJECT_LENGTH = 70;
const PREHEADER_LENGTH = 130;
const SAMPLE = 'Sample issue: ';

/** The two lines that an inbox shows. */
export type InboxLines = { readonly subject: string; readonly preheader: string };

/**
 * `picks`: the names of the first two picks, and how many more there are. `first`: the whole title of the first one.
 * `dated`: the day, then the names.
 */
export type SubjectStyle = 'picks' | 'first' | 'dated';

export type SubjectOptions = {
  readonly sample: boolean;
  readonly date: Day;
  readonly style?: SubjectStyle | undefined;
  /** `calmTitle`, or the same with a memory. */
  readonly titleOf?: (title: string) => string;
};

/**
 * The subject names the first one or two picks (`Lanternfish, Quiet Attention and 8 more`, at most 70
 * characters), the preheader those after them (40 to 130 characters). Neither shouts nor has emoji.
 */
export function inboxLines(
  picks: readonly RankedPaper[],
  candidates: number,
  { sample, date, style = 'picks', titleOf = calmTitle }: SubjectOptions,
): InboxLines {
  const titles = picks.map(({ paper }) => titleOf(paper.title));
  const prefix = (sample ? SAMPLE : '') + (style === 'dated' ? `${shortDay(date)}: ` : '');
  const room = SUBJECT_LENGTH - prefix.length;
  const names = style === 'first' ? titles : titles.map(shortName);
  const pair = withRest(names.slice(0, 2).join(names.length === 2 ? ' and ' : ', '), titles.length - 2);
  if (names.length > 1 && style !== 'first' && pair.length <= room) {
    return { subject: prefix + pair, preheader: preheader(titles.slice(2), picks.length, candidates) };
  }
  const rest = withRest('', titles.length - 1);
  const subject = clip(names[0] ?? 'No new papers today', room - rest.length) + rest;
  return { subject: prefix + subject, preheader: preheader(titles.slice(1), picks.length, candidates) };
}

/** A title as an inbox may show it. */
export function calmTitle(title: string): string {
  return calm(plainText(title, 300)) || 'Untitled';
}

/** `19 August`. */
function shortDay(date: Day): string {
  return Temporal.PlainDate.from(date).toLocaleString('en-GB', { day: 'numeric', month: 'long' });
}

function withRest(text: string, more: number): string {
  return more > 0 ? `${text} and ${more} more` : text;
}

/** What stands before the colon of a title, if that is a name of some length, else the title. */
function shortName(title: string): string {
  const name = /^([^:]{3,40}):\s/.exec(title)?.[1];
  return name ?? title;
}

function preheader(titles: readonly string[], picks: number, candidates: number): string {
  const chosen =
    picks < candidates
      ? `${picks} chosen from ${candidates} papers, each with the reason why it is here`
      : 'Each paper comes with the reason why it is here';
  const also = titles.length > 0 ? `Also: ${titles.join(' · ')}` : '';
  if (also.length >= 40) return clip(also, PREHEADER_LENGTH);
  return clip(also === '' ? chosen : `${also} · ${chosen}`, PREHEADER_LENGTH);
}

/** A title in capitals becomes a sentence, rows of exclamation marks one, and emoji go. */
function calm(title: string): string {
  const quiet = title
    .replace(/\p{Extended_Pictographic}|\p{Regional_Indicator}|\u200d|\ufe0f|\u20e3/gu, '')
    .replace(/([!?])[!?]+/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  const shouts = !/\p{Ll}/u.test(quiet) && (quiet.match(/\p{Lu}{2,}/gu) ?? []).length > 1;
  return shouts ? quiet.charAt(0) + quiet.slice(1).toLowerCase() : quiet;
}
