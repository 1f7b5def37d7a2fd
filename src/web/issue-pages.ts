import { type Context, Hono } from 'hono';
import { etag } from 'hono/etag';
import { addDays, type Day, parseDay } from '../domain/day.ts';
import { daysBetween } from '../domain/in-words.ts';
import type { Words } from '../domain/language.ts';
import { issueSlug, weekOf } from '../domain/slug.ts';
import { shared } from './cache-headers.ts';
import { longDate, longMoment, monthOf, weekInWords } from './calendar.ts';
import { issueView } from './issue-view.ts';
import { renderPage, wordsOf } from './page.ts';
import { issueCard } from './page-metadata.ts';
import type { IssueSummary, Site } from './site.ts';

const ARCHIVE_PAGE = 30;

/** `/`, `/issues` and `/issues/:date`, of a day or a week: the same for every visitor. */
export function issuePages(site: Site): Hono {
  const app = new Hono({ strict: false });
  for (const path of ['/', '/issues', '/issues/:date']) app.get(path, etag(), shared);
  app.get('/', async (c) => c.html(await home(site)));
  app.get('/issues', async (c) => c.html(await archive(site, c.req.query('before'))));
  app.get('/issues/:date', (c) => issuePage(c, site));
  return app;
}

async function home(site: Site): Promise<string> {
  const [[issue], [newest, before]] = await Promise.all([
    site.issues.newest(1, 'daily'),
    site.issues.list(2),
  ]);
  const words = wordsOf(site);
  const missed =
    newest && missedDay(newest) && newest.date > (issue?.date ?? '') ? line(words, newest) : undefined;
  const stamp = site.signUps.sharedStamp();
  if (!issue)
    return renderPage(site, 'empty', { stamp, missed, nextIssue: longMoment(words, site.nextIssueAt()) });
  const previous = issue.sample ? undefined : [newest, before].find((day) => day && day.date < issue.date);
  return renderPage(site, 'home', {
    stamp,
    ...issueView(issue, words),
    missed,
    previous: previous && line(words, previous),
    week: issue.sample ? '' : weekSlug(issue.date),
  });
}

async function archive(site: Site, before: string | undefined): Promise<string> {
  const from = before === undefined ? undefined : parseDay(before);
  const found = await site.issues.list(ARCHIVE_PAGE + 1, from);
  const issues = found.slice(0, ARCHIVE_PAGE);
  const words = wordsOf(site);
  const months = Map.groupBy(issues, (issue) => monthOf(words, issue.date));
  return renderPage(site, 'issues', {
    months: [...months].map(([month, days]) => ({ month, issues: days.map((day) => line(words, day)) })),
    newer: from !== undefined,
    older: found.length > ARCHIVE_PAGE ? issues.at(-1)?.date : undefined,
  });
}

async function issuePage(c: Context, site: Site): Promise<Response> {
  const slug = c.req.param('date') ?? '';
  const found = await site.issues.called(slug);
  if (found === undefined) return weekPage(c, site, slug);
  const { date, kind, state, reason, issue } = found;
  const words = wordsOf(site);
  const head = { ...calledInWords(words, found), state, reason, ...stateFlags(state) };
  if (!issue) return c.html(renderPage(site, 'no-issue', head));
  const [previous] = await site.issues.list(1, date);
  const view = {
    ...head,
    ...issueView(issue, words),
    stamp: site.signUps.sharedStamp(),
    previous: previous && line(words, previous),
    week: kind === 'daily' ? weekSlug(date) : '',
    card: issueCard(site, `${site.siteUrl}/issues/${issueSlug(found)}`, issue),
  };
  return c.html(renderPage(site, 'issue', view));
}

/** A week without an issue of its own: its days, newest first, each with its papers by title and reason. */
async function weekPage(c: Context, site: Site, slug: string): Promise<Response> {
  const week = weekOf(slug);
  if (week === undefined) return c.notFound();
  const words = wordsOf(site);
  const [first, last] = [addDays(week.first, -1), addDays(week.last, -1)];
  const issues = (await site.issues.between(first, last)).toReversed();
  if (issues.length === 0) return c.notFound();
  const [previous] = await site.issues.list(1, first);
  return c.html(
    renderPage(site, 'week', {
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

function line(words: Words, issue: IssueSummary) {
  return { ...issue, ...calledInWords(words, issue), ...stateFlags(issue.state) };
}

function calledInWords(words: Words, issue: Pick<IssueSummary, 'kind' | 'date'>) {
  const { kind, date } = issue;
  return {
    date,
    slug: issueSlug(issue),
    dateInWords: kind === 'weekly' ? weekInWords(words, date) : longDate(words, date),
  };
}

/** Templates cannot compare, so they get what each would ask. */
function stateFlags(state: IssueSummary['state']) {
  return { skipped: state === 'skipped', held: state === 'held', cancelled: state === 'cancelled' };
}

function missedDay(issue: IssueSummary): boolean {
  return issue.state === 'skipped' || issue.state === 'held';
}
