import type { Core } from '../core.ts';
import { addDays, type Day } from '../domain/day.ts';
import type { IssueKind } from '../domain/issue.ts';
import type { Words } from '../domain/language.ts';
import { issueSlug } from '../domain/slug.ts';
import { type IssueLine, neighboursOf } from '../ledger/issue-lines.ts';
import { shortDate, weekInWords } from './calendar.ts';

/** A link to an issue, as the template `steps` shows it. */
type Step = { readonly slug: string; readonly label: string; readonly subject: string };

/** Where one can go from an issue: to the one before, the one after, and the whole week. */
export type Steps = {
  readonly previous: Step | undefined;
  readonly next: Step | undefined;
  /** The slug of the week that a daily issue is in; otherwise empty. */
  readonly week: string;
};

/** From an issue, or from a day without one. */
export async function stepsFrom(
  { store }: Core,
  words: Words,
  { kind, date }: { readonly kind: IssueKind; readonly date: Day },
): Promise<Steps> {
  const { previous, next } = await neighboursOf(store.readOnly, kind, date);
  return {
    previous: previous && stepTo(words, previous),
    next: next && stepTo(words, next),
    week: kind === 'daily' ? weekSlug(date) : '',
  };
}

/** From a week without an issue of its own to the weeks that have issues. */
export async function stepsFromWeek(
  { store }: Core,
  words: Words,
  { first, last }: { readonly first: Day; readonly last: Day },
): Promise<Steps> {
  const { previous, next } = await neighboursOf(store.readOnly, 'daily', first, last);
  const toWeek = ({ date, subject }: IssueLine): Step => {
    const slug = weekSlug(date);
    return { slug, label: slug.replace(/^.*W0?/, `${words.say('week.number')} `), subject };
  };
  return { previous: previous && toWeek(previous), next: next && toWeek(next), week: '' };
}

function stepTo(words: Words, line: IssueLine): Step {
  const label = line.kind === 'weekly' ? weekInWords(words, line.date) : shortDate(words, line.date);
  return { slug: issueSlug(line), label, subject: line.subject };
}

/** The ISO week that a day is in: that of a weekly issue of the day after. */
function weekSlug(date: Day): string {
  return issueSlug({ kind: 'weekly', date: addDays(date, 1) });
}
