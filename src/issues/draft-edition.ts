import { issueClockOf } from '../config/load.ts';
import type { Core } from '../core.ts';
import { dayAt } from '../domain/day.ts';
import type { Issue } from '../domain/issue.ts';
import { nextNumber } from '../ledger/issues.ts';
import { type Edition, nextEdition } from './find-edition.ts';
import { readSources } from './gather.ts';
import { draft, type Publishing } from './publish.ts';
import { rankEdition } from './rank-edition.ts';

/** Whether the day of an edition has not come yet: it must not be frozen, or everybody would see an issue of tomorrow. */
export function isFuture(core: Core, { date }: Pick<Edition, 'date'>): boolean {
  return date > dayAt(core.clock(), issueClockOf(core.config).timezone);
}

/**
 * What an edition would be if it were frozen now. The sources are read; nothing is frozen.
 * @returns nothing when there is no paper for it yet
 */
export async function draftEdition(
  core: Core,
  publishing: Publishing,
  edition: Edition,
  signal: AbortSignal,
): Promise<Issue | undefined> {
  const now = core.clock();
  await readSources(core, publishing, { date: nextEdition(core).date, seenAt: now, signal });
  const { ranked } = await rankEdition(core, { ...edition, freezeAt: now });
  if (ranked.length === 0) return undefined;
  const number = await nextNumber(core.store.db, edition.kind);
  return draft(core.config, publishing.languages(), edition, ranked, number);
}
