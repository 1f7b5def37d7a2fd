import { addDays, type Day } from './day.ts';
import type { Issue } from './issue.ts';

/**
 * How an issue is called in addresses and commands: a daily one by its date, a weekly one by the ISO week that
 * it looks back on (`2026-W34`), which is that of the day before its own.
 */
export function issueSlug({ kind, date }: Pick<Issue, 'kind' | 'date'>): string {
  if (kind === 'daily') return date;
  const last = Temporal.PlainDate.from(addDays(date, -1));
  return `${last.yearOfWeek}-W${String(last.weekOfYear).padStart(2, '0')}`;
}

/** The dates that a weekly issue called so may have, or `undefined` when the text names no week. */
export function weekOf(slug: string): { readonly first: Day; readonly last: Day } | undefined {
  const [, year, week] = /^(\d{4})-W(\d{2})$/.exec(slug) ?? [];
  if (year === undefined) return undefined;
  // The fourth of January is always in the first ISO week.
  const january = Temporal.PlainDate.from(`${year}-01-04`);
  const monday = january.subtract({ days: january.dayOfWeek - 1 }).add({ weeks: Number(week) - 1 });
  const first = monday.add({ days: 1 }).toString();
  if (issueSlug({ kind: 'weekly', date: first }) !== slug) return undefined;
  return { first, last: monday.add({ days: 7 }).toString() };
}
