import type { Core } from '../core.ts';
import { addDays, type Day, parseDay } from '../domain/day.ts';
import type { Words } from '../domain/language.ts';
import { issueSlug } from '../domain/slug.ts';
import { type IssueLine, issueLines } from '../ledger/issue-lines.ts';
import { longDate, monthOf, shortDay, weekInWords } from './calendar.ts';
import type { Pages } from './page.ts';

const PAGE = 40;

/** One line of the archive: an issue, or days in a row that have none. */
type ArchiveLine = {
  readonly issue: ReturnType<typeof headline> | undefined;
  readonly without: readonly { readonly slug: string; readonly label: string; readonly why: string }[];
};

/** `/issues`, the newest first. @param asked a day: only what is older is shown */
export async function archivePage({ store }: Core, pages: Pages, asked: string | undefined): Promise<string> {
  const before = asked === undefined ? undefined : parseDay(asked);
  const options = { limit: PAGE + 1, ...(before !== undefined && { before }) };
  const found = await issueLines(store.readOnly, options);
  const shown = found.slice(0, PAGE);
  const words = pages.wordsOf();
  const months = Map.groupBy(shown, ({ date }) => monthOf(words, date));
  return pages.renderShared('issues', {
    months: [...months].map(([month, lines]) => ({ month, lines: archiveLines(words, lines) })),
    newer: before !== undefined,
    older: found.length > PAGE ? shown.at(-1)?.date : undefined,
  });
}

function archiveLines(words: Words, lines: readonly IssueLine[]): ArchiveLine[] {
  const made: ArchiveLine[] = [];
  for (const line of lines) {
    const last = made.at(-1);
    const day = { slug: issueSlug(line), label: shortDay(words, line.date), why: whyNone(words, line) };
    if (line.subject !== '' && line.state !== 'cancelled')
      made.push({ issue: headline(words, line), without: [] });
    else if (last && last.issue === undefined)
      made[made.length - 1] = { ...last, without: [...last.without, day] };
    else made.push({ issue: undefined, without: [day] });
  }
  return made;
}

function headline(words: Words, { kind, date, number, subject, preheader }: IssueLine) {
  const weekly = kind === 'weekly';
  return {
    slug: issueSlug({ kind, date }),
    weekly,
    date: weekly ? dayBefore(date) : date,
    day: shortDay(words, date),
    dateInWords: weekly ? weekInWords(words, date) : longDate(words, date),
    number,
    subject,
    preheader,
  };
}

/** The last day that a weekly issue looks back on. */
function dayBefore(date: Day): Day {
  return addDays(date, -1);
}

function whyNone({ say }: Words, { state }: IssueLine): string {
  return state === 'held' ? say('issues.held') : state === 'cancelled' ? say('issues.cancelled') : '';
}
