import { clip } from '../domain/clip.ts';
import type { Day } from '../domain/day.ts';
import { dayInWords } from '../domain/in-words.ts';
import type { Words } from '../domain/language.ts';
import type { RankedPaper } from '../domain/paper.ts';
import { plainText } from './plain-text.ts';

const SUBJECT_LENGTH = 70;
const PREHEADER_LENGTH = 130;

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
  readonly words: Words;
};

/**
 * The subject names the first one or two picks (`Lanternfish, Quiet Attention and 8 more`, at most 70
 * characters), the preheader those after them (40 to 130 characters). Neither shouts nor has emoji.
 */
export function inboxLines(
  picks: readonly RankedPaper[],
  candidates: number,
  { sample, date, style = 'picks', words, titleOf = (title) => calmTitle(title, words) }: SubjectOptions,
): InboxLines {
  const { say } = words;
  const titles = picks.map(({ paper }) => titleOf(paper.title));
  const framed = (text: string) => {
    const day = () => dayInWords(words, date, { day: 'numeric', month: 'long' });
    const dated = style === 'dated' ? say('subject.dated', { day: day(), subject: text }) : text;
    return sample ? say('subject.sample', { subject: dated }) : dated;
  };
  const nameOf = (index: number) => {
    const title = titles[index] ?? say('subject.none');
    return style === 'first' ? title : shortName(title);
  };
  const below = (shown: number) => preheader(words, titles.slice(shown), picks.length, candidates);
  if (titles.length > 1 && style !== 'first') {
    const subject = framed(twoNames(words, nameOf(0), nameOf(1), titles.length - 2));
    if (subject.length <= SUBJECT_LENGTH) return { subject, preheader: below(2) };
  }
  const one = (name: string) =>
    framed(titles.length > 1 ? say('subject.oneMore', { first: name, count: titles.length - 1 }) : name);
  const subject = one(clip(nameOf(0), SUBJECT_LENGTH - one('').length));
  return { subject, preheader: below(1) };
}

/** A title as an inbox may show it. */
export function calmTitle(title: string, { say }: Words): string {
  return calm(plainText(title, 300)) || say('paper.untitled');
}

function twoNames({ say }: Words, first: string, second: string, others: number): string {
  if (others === 0) return say('subject.two', { first, second });
  return say('subject.twoMore', { first, second, count: others });
}

/** What stands before the colon of a title, if that is a name of some length, else the title. */
function shortName(title: string): string {
  const name = /^([^:]{3,40}):\s/.exec(title)?.[1];
  return name ?? title;
}

function preheader({ say }: Words, titles: readonly string[], picks: number, candidates: number): string {
  const chosen = () =>
    picks < candidates ? say('preheader.chosen', { count: picks, of: candidates }) : say('preheader.each');
  const also = titles.length > 0 ? say('preheader.also', { titles: joined(titles) }) : '';
  if (also.length >= 40) return clip(also, PREHEADER_LENGTH);
  return clip(also === '' ? chosen() : `${also} · ${chosen()}`, PREHEADER_LENGTH);
}

/** As many as a preheader can hold, and the beginning of one more. */
function joined(titles: readonly string[]): string {
  let row = '';
  for (const title of titles) {
    if (row.length > PREHEADER_LENGTH) break;
    row += row === '' ? title : ` · ${title}`;
  }
  return row;
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
