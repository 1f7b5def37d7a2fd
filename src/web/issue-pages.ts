import { type Context, Hono } from 'hono';
import { etag } from 'hono/etag';
import { parseDay } from '../domain/day.ts';
import { issueSlug } from '../domain/slug.ts';
import { longDate, longMoment, monthOf, weekInWords } from './calendar.ts';
import { atomFeed } from './feed.ts';
import { issueView } from './issue-view.ts';
import { renderPage } from './page.ts';
import type { IssueSummary, Site } from './site.ts';

const FEED_LENGTH = 20;
const ARCHIVE_PAGE = 30;

/** `/`, `/issues`, `/issues/:date` and `/feed.xml`: the same for every visitor. */
export function issuePages(site: Site): Hono {
  const app = new Hono({ strict: false });
  for (const path of ['/', '/issues', '/issues/:date', '/feed.xml']) app.get(path, etag(), shared);
  app.get('/', async (c) => c.html(await home(site)));
  app.get('/issues', async (c) => c.html(await archive(site, c.req.query('before'))));
  app.get('/issues/:date', (c) => issuePage(c, site));
  app.get('/feed.xml', async (c) => {
    const feed = atomFeed(site, await site.issues.newest(FEED_LENGTH, 'daily'));
    return c.body(feed, 200, { 'Content-Type': 'application/atom+xml; charset=utf-8' });
  });
  return app;
}

async function shared(c: Context, next: () => Promise<void>): Promise<void> {
  await next();
  if (c.res.ok) c.header('Cache-Control', 'public, max-age=60');
}

async function home(site: Site): Promise<string> {
  const [[issue], [newest]] = await Promise.all([site.issues.newest(1, 'daily'), site.issues.list(1)]);
  const missed = newest && missedDay(newest) && newest.date > (issue?.date ?? '') ? line(newest) : undefined;
  if (issue) return renderPage(site, 'home', { ...issueView(issue), missed });
  return renderPage(site, 'empty', { missed, nextIssue: longMoment(site.nextIssueAt()) });
}

async function archive(site: Site, before: string | undefined): Promise<string> {
  const from = before === undefined ? undefined : parseDay(before);
  const found = await site.issues.list(ARCHIVE_PAGE + 1, from);
  const issues = found.slice(0, ARCHIVE_PAGE);
  const months = Map.groupBy(issues, (issue) => monthOf(issue.date));
  return renderPage(site, 'issues', {
    months: [...months].map(([month, days]) => ({ month, issues: days.map(line) })),
    newer: from !== undefined,
    older: found.length > ARCHIVE_PAGE ? issues.at(-1)?.date : undefined,
  });
}

async function issuePage(c: Context, site: Site): Promise<Response> {
  const found = await site.issues.called(c.req.param('date') ?? '');
  if (found === undefined) return c.notFound();
  const { state, reason } = found;
  const head = { ...calledInWords(found), state, reason, ...stateFlags(state) };
  return c.html(
    found.issue
      ? renderPage(site, 'issue', { ...head, ...issueView(found.issue) })
      : renderPage(site, 'no-issue', head),
  );
}

function line(issue: IssueSummary) {
  return { ...issue, ...calledInWords(issue), ...stateFlags(issue.state) };
}

function calledInWords(issue: Pick<IssueSummary, 'kind' | 'date'>) {
  const { kind, date } = issue;
  return {
    date,
    slug: issueSlug(issue),
    dateInWords: kind === 'weekly' ? weekInWords(date) : longDate(date),
  };
}

/** Templates cannot compare, so they get what each would ask. */
function stateFlags(state: IssueSummary['state']) {
  return { skipped: state === 'skipped', held: state === 'held', cancelled: state === 'cancelled' };
}

function missedDay(issue: IssueSummary): boolean {
  return issue.state === 'skipped' || issue.state === 'held';
}
