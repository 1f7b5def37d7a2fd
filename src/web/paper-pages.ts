import { type Context, Hono } from 'hono';
import { etag } from 'hono/etag';
import type { Core } from '../core.ts';
import { type FoundPaper, type KnownPaper, MOST_FOUND } from '../domain/known-paper.ts';
import type { Words } from '../domain/language.ts';
import {
  hasTerms,
  interestsOf,
  isEverything,
  MAX_LETTERS,
  MAX_PHRASE_WORDS,
  MAX_QUERY_WORDS,
  parsePaperQuery,
} from '../domain/paper-query.ts';
import { type PaperStanding, standingsOf } from '../papers/paper-standing.ts';
import { findPaper, issuesOfPaper } from '../papers/papers-table.ts';
import { shared } from './cache-headers.ts';
import { dayInWords, longDate, shortDate } from './calendar.ts';
import { searchBusy } from './error-page.ts';
import { basePath } from './page.ts';
import { paperPageCard } from './page-metadata.ts';
import { authorsLine, paperLinks, paperPath } from './paper-card.ts';
import { explainMiss, search, similarTo } from './paper-search.ts';
import type { WebTools } from './web-tools.ts';

const PAGE = 20;
const LAST_PAGE = Math.ceil(MOST_FOUND / PAGE);
const SIMILAR = 6;

/** `/papers?q=` and `/papers/:id`: the same for every visitor. */
export function paperPages(core: Core, tools: WebTools): Hono {
  const app = new Hono({ strict: false });
  for (const path of ['/papers', '/papers/:id{.+}']) app.get(path, etag(), shared);
  app.get('/papers', (c) => searchPage(c, core, tools));
  app.get('/papers/:id{.+}', (c) => paperPage(c, core, tools));
  return app;
}

async function searchPage(c: Context, core: Core, { pages, searchGate }: WebTools): Promise<Response> {
  const typed = (c.req.query('q') ?? '').trim();
  const query = parsePaperQuery(typed);
  const line = typed.slice(0, MAX_LETTERS);
  const order = c.req.query('order') === 'new' || !hasTerms(query) ? 'new' : 'best';
  const page = Math.min(LAST_PAGE, Math.max(1, Math.floor(Number(c.req.query('page'))) || 1));
  const found = await search(core, searchGate, query, { order, limit: PAGE, offset: (page - 1) * PAGE });
  if (found === 'busy') return searchBusy(c, pages);
  const { total } = found;
  const standings = await standingsOf(
    core.store.readOnly,
    found.found.map(({ paper }) => paper),
  );
  const missed = total === 0 ? await explainMiss(core, searchGate, query) : [];
  const address = (change: Record<string, string>) =>
    `?${new URLSearchParams({ q: line, ...(order === 'new' && hasTerms(query) && { order }), ...change })}`;
  const interests = interestsOf(query);
  const words = pages.wordsOf();
  return c.html(
    pages.renderShared('search', {
      title: line === '' ? words.say('search.all') : words.say('search.title', { line }),
      line,
      everything: isEverything(query),
      cut: query.cut && words.say('search.cut', { words: MAX_QUERY_WORDS, phrase: MAX_PHRASE_WORDS }),
      count: words.say(total >= MOST_FOUND ? 'search.countMore' : 'search.count', { count: total }),
      papers: found.found.map((one) => foundView(one, standings.get(one.paper.id), words)),
      missed: missed.map(({ word, count }) => missView(word, count, words)),
      byNew: order === 'new',
      canOrder: hasTerms(query) && total > 1,
      orderBest: `?${new URLSearchParams({ q: line })}`,
      orderNew: `?${new URLSearchParams({ q: line, order: 'new' })}`,
      previous: page > 1 ? address({ page: String(page - 1) }) : '',
      next: page * PAGE < total ? address({ page: String(page + 1) }) : '',
      feed: `?${new URLSearchParams({ q: line })}`,
      interests,
      signUp: { email: '', problem: '', topics: interests.join('\n') },
    }),
  );
}

async function paperPage(c: Context, core: Core, { pages, searchGate }: WebTools): Promise<Response> {
  const asked = c.req.param('id') ?? '';
  const known =
    (await findPaper(core.store.readOnly, asked)) ?? (await findPaper(core.store.readOnly, `arxiv:${asked}`));
  if (known === undefined) return c.notFound();
  const { paper } = known;
  const words = pages.wordsOf();
  if (paper.id !== asked) return c.redirect(basePath(core.config.SITE_URL) + paperPath(paper.id), 301);
  const issues = await issuesOfPaper(core.store.readOnly, known.row);
  const similar = await similarTo(core, searchGate, paper.id, SIMILAR);
  const interest = paper.ids.arxiv ? `like:${paper.ids.arxiv}` : '';
  return c.html(
    pages.renderShared('paper', {
      ...paperView(paper, words),
      authors: paper.authors.map((name) => ({ name, search: `?${authorSearch(name)}` })),
      abstract: paper.abstract,
      categories: paper.categories.map((name) => ({ name, search: `?${new URLSearchParams({ q: name })}` })),
      sources: paper.sources.join(', '),
      issues: issues.map((issue) => ({ ...issue, dateInWords: longDate(words, issue.date) })),
      similar: similar.map((other) => paperView(other, words)),
      card: paperPageCard({ config: core.config, words }, paper),
      interests: interest === '' ? [] : [interest],
      signUp: { email: '', problem: '', topics: interest },
    }),
  );
}

function authorSearch(name: string): URLSearchParams {
  return new URLSearchParams({ q: `author:"${name.replaceAll('"', '')}"` });
}

function foundView(
  { paper, title, excerpt }: FoundPaper,
  { votes, issue }: PaperStanding = {},
  words: Words,
) {
  return {
    ...paperView(paper, words),
    marked: title,
    excerpt,
    votes: votes ? words.say('paper.votes', { count: votes }) : '',
    issue: issue ?? '',
    issueInWords: issue ? words.say('paper.issueOf', { day: shortDate(words, issue) }) : '',
  };
}

/** A word of a search that found nothing, and how many papers it alone would find. */
function missView(word: string, count: number, words: Words) {
  return {
    word,
    found: count === 0 ? '' : words.say('search.count', { count }),
    search: `?${new URLSearchParams({ q: word.includes(' ') ? `"${word}"` : word })}`,
  };
}

function paperView(paper: KnownPaper, words: Words) {
  return {
    title: paper.title,
    page: paperPath(paper.id),
    ...authorsLine(paper.authors, words),
    organization: paper.organization ?? '',
    date: paper.day,
    dateInWords: dayInWords(words, paper.day),
    links: paperLinks(paper, words),
  };
}
