import type { App } from '../app.ts';
import { currentCooldowns } from '../delivery/cooldowns-table.ts';
import type { Day } from '../domain/day.ts';
import { type Books, type DeliveryState, imbalances } from '../domain/delivery.ts';
import type { Candidate, IssueState } from '../domain/issue.ts';
import type { SetAside } from '../domain/set-aside.ts';
import { formatInstant } from '../domain/time.ts';
import { booksOf, notReached } from '../ledger/books.ts';
import { chosenFrom } from '../ledger/issue-lines.ts';
import { type IssueRow, listIssues } from '../ledger/issues.ts';
import { countHeld } from '../ledger/refusals.ts';
import { listAside } from '../ledger/set-aside-table.ts';
import { countReturned } from '../returns/returns-table.ts';
import { sourceStatuses } from '../sources/source-runs-table.ts';
import { countByState } from '../subscribers/subscribers-table.ts';

export type IssueStatus = {
  readonly date: Day;
  readonly kind: string;
  readonly state: IssueState;
  /** Why there is no issue; empty when there is one. */
  readonly reason: string;
  readonly audience: number;
  readonly counts: { readonly [state in DeliveryState]: number };
  /** How many of the deferred wait because their refusal may be a mistake of the relay or the provider. */
  readonly held: number;
  /** How many of its mails came back after they had been accepted, and how many subscribers called it spam. */
  readonly returned: { readonly bounced: number; readonly complained: number };
  /** What is wrong with its books; empty when they balance. */
  readonly imbalances: readonly string[];
};

export type Status = {
  readonly issues: readonly IssueStatus[];
  readonly sources: readonly SourceReport[];
  readonly runs: readonly SourceRunReport[];
  readonly subscribers: { readonly [state: string]: number };
  /** What could not be worked on and is left out, the newest first. */
  readonly setAside: readonly (SetAside & { readonly seenAt: string })[];
};

export type SourceReport = {
  readonly name: string;
  readonly outcome: string;
  readonly items: number;
  readonly lastGood: string | null;
  readonly reason: string;
};

/** More about a source's last run; separate, because others rely on the shape of `SourceReport`. */
type SourceRunReport = {
  readonly name: string;
  readonly at: string;
  /** How many runs in a row have ended like the last one. */
  readonly streak: number;
  /** Received, decompressed. */
  readonly bytes: number;
  readonly durationMs: number;
};

const MOST_ASIDE = 50;

/** What an operator wants to know at 3 a.m. @param count how many issues, newest first */
export async function readStatus(app: App, count: number): Promise<Status> {
  const { db } = app.store;
  const rows = await listIssues(db, { limit: count, samples: true });
  const sources = await sourceStatuses(db);
  const subscribers = await countByState(db);
  const aside = await listAside(db, MOST_ASIDE);
  return {
    issues: await Promise.all(rows.map((row) => issueStatus(app, row))),
    sources: sources.map(({ name, outcome, items, lastGood, reason }) => ({
      name,
      outcome,
      items,
      lastGood: lastGood === null ? null : formatInstant(lastGood),
      reason,
    })),
    runs: sources.map(({ name, at, streak, bytes, durationMs }) => ({
      name,
      at: formatInstant(at),
      streak,
      bytes,
      durationMs,
    })),
    subscribers: Object.fromEntries(subscribers.map(({ state, count }) => [state, count])),
    setAside: aside.map(({ seenAt, ...rest }) => ({ ...rest, seenAt: formatInstant(seenAt) })),
  };
}

export async function issueStatus(app: App, row: IssueRow): Promise<IssueStatus> {
  const books = await booksOf(app.store.db, row.id);
  const { bounced, complained } = await countReturned(app.store.db, row.id);
  return {
    date: row.date,
    kind: row.sample ? 'sample' : row.kind,
    state: row.state,
    reason: row.reason,
    audience: row.audience,
    counts: books.counts,
    held: await countHeld(app.store.db, row.id),
    returned: { bounced, complained },
    imbalances: isPlanned(row) ? imbalances(books) : provenOnly(books),
  };
}

/** Before its last slice is planned an issue has fewer deliveries than subscribers, as expected. */
function isPlanned(row: IssueRow): boolean {
  return row.plannedAt !== null;
}

function provenOnly(books: Books): string[] {
  return books.unproven > 0 ? imbalances({ ...books, audience: 0, joined: 0 }) : [];
}

/** Who did not receive an issue, and why. */
export async function unreached(app: App, issueId: number, limit: number) {
  return notReached(app.store.db, issueId, limit);
}

/** What an issue chose from, best first. */
export async function chosenBy(app: App, issueId: number): Promise<Candidate[]> {
  return chosenFrom(app.store.db, issueId);
}

/** Domains that refuse our mail now. */
export async function readCooldowns(app: App) {
  return currentCooldowns(app.store.db, app.clock());
}
