import { type Context, Hono } from 'hono';
import { etag } from 'hono/etag';
import { issueClockOf } from '../config/load.ts';
import type { Core } from '../core.ts';
import { addDays, type Day, parseDay } from '../domain/day.ts';
import { nextFreeze } from '../domain/edition.ts';
import { daysBetween } from '../domain/in-words.ts';
import type { Words } from '../domain/language.ts';
import { issueSlug, weekOf } from '../domain/slug.ts';
import { findBySlug } from '../issues/find-edition.ts';
import { type IssueLine, issueLines } from '../ledger/issue-lines.ts';
import { newestIssues } from '../ledger/issues.ts';
import { issuesBetween } from '../ledger/issues-between.ts';
import { shared } from './cache-headers.ts';
import { longDate, longMoment, monthOf, weekInWords } from './calendar.ts';
import { issueView } from './issue-view.ts';
import type { Pages } from './page.ts';
import { issueCard } from './page-metadata.ts';

const ARCHIVE_PAGE = 30;

/** `/`, `/issues` and `/issues/:date`, of a day or a week: the same for every visitor. */
export function issuePages(core: Core, pages: Pages): Hono {
  const app = new Hono({ strict: false });
  for (const path of ['/', '/issues', '/issues/:date']) app.get(path, etag(), shared);
  app.get('/', async (c) => c.html(await home(core, pages)));
  app.get('/issues', async (c) => c.html(await archive(core, pages, c.req.query('before'))));
  app.get('/issues/:date', (c) => issuePage(c, core, pages));
  return app;
}

async function home(core: Core, pages: Pages): Promise<string> {
  const [[issue], [newest, before]] = await Promise.all([
    newestIssues(core.store.readOnly, 'daily', 1),
    issueLines(core.store.readOnly, { limit: 2 }),
  ]);
  const words = pages.wordsOf();
  const missed =
    newest && missedDay(newest) && newest.date > (issue?.date ?? '') ? line(words, newest) : undefined;
  if (!issue) {
    const nextIssueAt = nextFreeze(core.clock(), issueClockOf(core.config));
    return pages.renderShared('empty', { missed, nextIssue: longMoment(words, nextIssueAt) });
  }
  const previous = issue.sample ? undefined : [newest, before].find((day) => day && day.date < issue.date);
  return pages.renderShared('home', {
    ...issueView(issue, words),
    missed,
    previous: previous && line(words, previous),
    week: issue.sample ? '' : weekSlug(issue.date),
  });
}

async function archive(core: Core, pages: Pages, asked: string | undefined): Promise<string> {
  const before = asked === undefined ? undefined : parseDay(asked);
  const options = { limit: ARCHIVE_PAGE + 1, ...(before !== undefined && { before }) };
  const found = await issueLines(core.store.readOnly, options);
  const issues = found.slice(0, ARCHIVE_PAGE);
  const words = pages.wordsOf();
  const months = Map.groupBy(issues, (issue) => monthOf(words, issue.date));
  return pages.renderShared('issues', {
    months: [...months].map(([month, days]) => ({ month, issues: days.map((day) => line(words, day)) })),
    newer: before !== undefined,
    older: found.length > ARCHIVE_PAGE ? issues.at(-1)?.date : undefined,
  });
}

async function issuePage(c: Context, core: Core, pages: Pages): Promise<Response> {
  const slug = c.req.param('date') ?? '';
  const found = await findBySlug(core.store.readOnly, slug);
  if (found === undefined) return weekPage(c, core, pages, slug);
  const { date, kind, state, reason, issue } = found;
  const words = pages.wordsOf();
  const head = { ...calledInWords(words, found), state, reason, ...stateFlags(state) };
  if (!issue) return c.html(pages.renderShared('no-issue', head));
  const [previous] = await issueLines(core.store.readOnly, { limit: 1, before: date });
  const view = {
    ...head,
    ...issueView(issue, words),
    previous: previous && line(words, previous),
    week: kind === 'daily' ? weekSlug(date) : '',
    card: issueCard(
      { config: core.config, words },
      `${core.config.SITE_URL}/issues/${issueSlug(found)}`,
      issue,
    ),
  };
  return c.html(pages.renderShared('issue', view));
}

/** A week without an issue of its own: its days, newest first, each with its papers by title and reason. */
async function weekPage(c: Context, core: Core, pages: Pages, slug: string): Promise<Response> {
  const week = weekOf(slug);
  if (week === undefined) return c.notFound();
  const words = pages.wordsOf();
  const [first, last] = [addDays(week.first, -1), addDays(week.last, -1)];
  const issues = (await issuesBetween(core.store.readOnly, first, last)).toReversed();
  if (issues.length === 0) return c.notFound();
  const [previous] = await issueLines(core.store.readOnly, { limit: 1, before: first });
  return c.html(
    pages.renderShared('week', {
      weekInWords: daysBetween(words, first, last),
      days: issues.map((issue) => issueView(issue, words)),
      previousWeek: previous ? weekSlug(previous.date) : '',
    }),
  );
}

/** The ISO week that a day is in: that of a weekly issue of the day after. */
function weekSlug(date: Day): string {
  return issueSlug({ kind: 'weekly', date: addDays(date, 1) });
}

function line(words: Words, issue: IssueLine) {
  return { ...issue, ...calledInWords(words, issue), ...stateFlags(issue.state) };
}

function calledInWords(words: Words, issue: Pick<IssueLine, 'kind' | 'date'>) {
  const { kind, date } = issue;
  return {
    date,
    slug: issueSlug(issue),
    dateInWords: kind === 'weekly' ? weekInWords(words, date) : longDate(words, date),
  };
}

/** Templates cannot compare, so they get what each would ask. */
function stateFlags(state: IssueLine['state']) {
  return { skipped: state === 'skipped', held: state === 'held', cancelled: state === 'cancelled' };
}

function missedDay(issue: IssueLine): boolean {
  return issue.state === 'skipped' || issue.state === 'held';
}
