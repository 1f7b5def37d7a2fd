import { type Context, Hono } from 'hono';
import { etag } from 'hono/etag';
import { issueClockOf } from '../config/load.ts';
import type { Core } from '../core.ts';
import { addDays } from '../domain/day.ts';
import { nextFreeze } from '../domain/edition.ts';
import { daysBetween } from '../domain/in-words.ts';
import type { Words } from '../domain/language.ts';
import { issueSlug, weekOf } from '../domain/slug.ts';
import { findBySlug } from '../issues/find-edition.ts';
import { type IssueLine, issueLines } from '../ledger/issue-lines.ts';
import { newestIssues } from '../ledger/issues.ts';
import { issuesBetween } from '../ledger/issues-between.ts';
import { archivePage } from './archive-page.ts';
import { shared } from './cache-headers.ts';
import { longDate, longMoment, weekInWords } from './calendar.ts';
import { bibliography } from './citations.ts';
import { stepsFrom, stepsFromWeek } from './issue-steps.ts';
import { createFoldedViews, issueView } from './issue-view.ts';
import { basePath, type Pages } from './page.ts';
import { issueCard } from './page-metadata.ts';

/** `/`, `/issues` and `/issues/:date`, of a day or a week: the same for every visitor. */
export function issuePages(core: Core, pages: Pages): Hono {
  const app = new Hono({ strict: false });
  const viewOf = createFoldedViews(core.config.SUMMARIES);
  for (const path of ['/', '/issues', '/issues/:date']) app.get(path, etag(), shared);
  app.get('/', async (c) => c.html(await home(core, pages, viewOf)));
  app.get('/issues', async (c) => c.html(await archivePage(core, pages, c.req.query('before'))));
  app.get('/issues/latest', (c) => toLatest(c, core));
  app.get('/issues/:date', (c) => issuePage(c, core, pages, viewOf));
  return app;
}

type ViewOf = ReturnType<typeof createFoldedViews>;

async function home(core: Core, pages: Pages, viewOf: ViewOf): Promise<string> {
  const { readOnly } = core.store;
  const [[issue], [newest]] = await Promise.all([
    newestIssues(readOnly, 'daily', 1),
    issueLines(readOnly, { limit: 1 }),
  ]);
  const words = pages.wordsOf();
  const isMissed = newest && isWithoutIssue(newest) && newest.date > (issue?.date ?? '');
  const missed = isMissed ? { ...nameOf(words, newest), ...reasonOf(newest) } : undefined;
  if (!issue) {
    const nextIssueAt = nextFreeze(core.clock(), issueClockOf(core.config));
    return pages.renderShared('empty', { missed, nextIssue: longMoment(words, nextIssueAt) });
  }
  const steps = issue.sample ? NO_STEPS : await stepsFrom(core, words, issue);
  return pages.renderShared('home', { ...viewOf(issue, words), ...steps, missed });
}

const NO_STEPS = { previous: undefined, next: undefined, week: '' };

/** An address that always leads to the newest issue, for links that are made once. */
async function toLatest(c: Context, { store, config }: Core): Promise<Response> {
  const [issue] = await newestIssues(store.readOnly, 'daily', 1);
  return c.redirect(
    `${basePath(config.SITE_URL)}/${issue && !issue.sample ? `issues/${issueSlug(issue)}` : ''}`,
    302,
  );
}

async function issuePage(c: Context, core: Core, pages: Pages, viewOf: ViewOf): Promise<Response> {
  const slug = c.req.param('date') ?? '';
  if (slug.endsWith('.bib')) return references(c, core, slug.slice(0, -'.bib'.length));
  const found = await findBySlug(core.store.readOnly, slug);
  if (found === undefined) return weekPage(c, core, pages, slug);
  const { issue } = found;
  const words = pages.wordsOf();
  const steps = found.sample ? NO_STEPS : await stepsFrom(core, words, found);
  const head = { ...nameOf(words, found), ...reasonOf(found), ...steps };
  // A cancelled issue is not public: whoever follows a link to it reads only that.
  if (!issue || found.state === 'cancelled') return c.html(pages.renderShared('no-issue', head));
  const view = {
    ...head,
    ...viewOf(issue, words),
    card: issueCard(
      { config: core.config, words },
      `${core.config.SITE_URL}/issues/${issueSlug(found)}`,
      issue,
    ),
  };
  return c.html(pages.renderShared('issue', view));
}

/** The papers of an issue for a program that keeps references. */
async function references(c: Context, { store }: Core, slug: string): Promise<Response> {
  const issue = (await findBySlug(store.readOnly, slug))?.issue;
  if (issue === undefined) return c.notFound();
  const papers = issue.picks.map(({ paper }) => paper);
  return c.body(bibliography(papers), 200, { 'Content-Type': 'application/x-bibtex; charset=utf-8' });
}

/** A week without an issue of its own: its days, newest first, each with its papers by title and reason. */
async function weekPage(c: Context, core: Core, pages: Pages, slug: string): Promise<Response> {
  const week = weekOf(slug);
  if (week === undefined) return c.notFound();
  const words = pages.wordsOf();
  const days = { first: addDays(week.first, -1), last: addDays(week.last, -1) };
  const issues = (await issuesBetween(core.store.readOnly, days.first, days.last)).toReversed();
  if (issues.length === 0) return c.notFound();
  return c.html(
    pages.renderShared('week', {
      weekInWords: daysBetween(words, days.first, days.last),
      days: issues.map((issue) => issueView(issue, words)),
      ...(await stepsFromWeek(core, words, days)),
    }),
  );
}

function nameOf(words: Words, { kind, date }: Pick<IssueLine, 'kind' | 'date'>) {
  return {
    date,
    slug: issueSlug({ kind, date }),
    dateInWords: kind === 'weekly' ? weekInWords(words, date) : longDate(words, date),
  };
}

/** Templates cannot compare, so they get what each would ask. */
function reasonOf({ state, reason }: Pick<IssueLine, 'state' | 'reason'>) {
  return {
    // Rows of earlier versions name a setting, which says nothing to visitors.
    reason: reason.replace(/ \([A-Z][A-Z_]+\)/g, ''),
    held: state === 'held',
    cancelled: state === 'cancelled',
  };
}

function isWithoutIssue({ state }: IssueLine): boolean {
  return state === 'skipped' || state === 'held';
}
