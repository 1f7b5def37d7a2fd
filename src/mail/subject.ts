import { clip } from '../domain/clip.ts';
import type { Day } from '../domain/day.ts';
import { dayInWords } from '../domain/in-words.ts';
import type { Words } from '../domain/language.ts';
import type { RankedPaper } from '../domain/paper.ts';
import { cutTitle } from './cut-title.ts';
import { plainText } from './plain-text.ts';

const SUBJECT_LENGTH = 70;
const PREHEADER_LENGTH = 130;

/** The two lines that an inbox shows. */
export type InboxLines = { readonly subject: string; readonly preheader: string };

/**
 * `picks`: the title of the first pick, and how many more there are. `first`: the title alone. `dated`: the day, then the
 * title and how many more.
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
 * The subject is the title of the first pick, whole where it fits, and `+ 9` where there is room (at most 70 characters);
 * the preheader names those after it (40 to 130 characters). Neither shouts nor has emoji.
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
  const first = titles[0] ?? say('subject.none');
  const others = style === 'first' ? 0 : titles.length - 1;
  const withOthers = framed(others > 0 ? say('subject.more', { first, count: others }) : first);
  const subject =
    withOthers.length <= SUBJECT_LENGTH
      ? withOthers
      : framed(cutTitle(first, SUBJECT_LENGTH - framed('').length));
  return { subject, preheader: preheader(words, titles.slice(1), picks.length, candidates) };
}

/** What the first mail of a subscriber shows in an inbox: it greets, and the papers come below that. */
export function welcomeLines(
  picks: readonly RankedPaper[],
  newsletter: string,
  { words, titleOf }: Required<Pick<SubjectOptions, 'words' | 'titleOf'>>,
): InboxLines {
  const titles = joined(picks.map(({ paper }) => titleOf(paper.title)));
  const below =
    titles === '' ? words.say('welcome.what', { newsletter }) : words.say('welcome.preheader', { titles });
  const long = below.length >= 40 ? below : `${below} · ${words.say('welcome.what', { newsletter })}`;
  return {
    subject: clip(words.say('welcome.subject', { newsletter }), SUBJECT_LENGTH),
    preheader: clip(long, PREHEADER_LENGTH),
  };
}

/** A title as an inbox may show it. */
export function calmTitle(title: string, { say }: Words): string {
  return calm(plainText(title, 300)) || say('paper.untitled');
}

function preheader({ say }: Words, titles: readonly string[], picks: number, candidates: number): string {
  const chosen = () =>
    picks < candidates
      ? say('preheader.chosen', { count: picks, of: candidates })
      : say('preheader.each', { count: picks });
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
