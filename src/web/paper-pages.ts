import { type Context, Hono } from 'hono';
import { etag } from 'hono/etag';
import type { Core } from '../core.ts';
import type { KnownPaper, PaperIssue } from '../domain/known-paper.ts';
import { findIssue } from '../ledger/issues.ts';
import { findPaper, issuesOfPaper } from '../papers/papers-table.ts';
import { voteHistory } from '../papers/vote-history.ts';
import { shared } from './cache-headers.ts';
import { longDate } from './calendar.ts';
import { bibtex, markdown, ris } from './citations.ts';
import { basePath } from './page.ts';
import { paperPageCard } from './page-metadata.ts';
import { paperLineView, paperPath } from './paper-card.ts';
import { similarTo } from './paper-search.ts';
import { searchPage } from './search-page.ts';
import { sourceInWords } from './source-words.ts';
import { sparkline } from './sparkline.ts';
import type { WebTools } from './web-tools.ts';

const SIMILAR = 6;

/** `/papers?q=`, `/papers/:id`, `/papers/:id.bib` and `.ris`: the same for every visitor. */
export function paperPages(core: Core, tools: WebTools): Hono {
  const app = new Hono({ strict: false });
  for (const path of ['/papers', '/papers/:id{.+}']) app.get(path, etag(), shared);
  app.get('/papers', (c) => searchPage(c, core, tools));
  app.get('/papers/:id{.+}', (c) => paperPage(c, core, tools));
  return app;
}

/** How programs that keep references take a paper. */
const FORMATS = [
  {
    ending: '.bib',
    type: 'application/x-bibtex; charset=utf-8',
    write: (paper: KnownPaper) => bibtex(paper),
  },
  { ending: '.ris', type: 'application/x-research-info-systems; charset=utf-8', write: ris },
] as const;

async function paperPage(c: Context, core: Core, tools: WebTools): Promise<Response> {
  const asked = c.req.param('id') ?? '';
  const known = await paperCalled(core, asked);
  if (known === undefined) return citation(c, core, asked);
  const { paper } = known;
  if (paper.id !== asked) return c.redirect(basePath(core.config.SITE_URL) + paperPath(paper.id), 301);
  const issues = await issuesOfPaper(core.store.readOnly, known.row);
  return c.html(tools.pages.renderShared('paper', await paperView(core, tools, paper, issues)));
}

async function paperCalled({ store }: Core, name: string) {
  return (await findPaper(store.readOnly, name)) ?? (await findPaper(store.readOnly, `arxiv:${name}`));
}

async function citation(c: Context, core: Core, asked: string): Promise<Response> {
  const format = FORMATS.find(({ ending }) => asked.endsWith(ending));
  if (format === undefined) return c.notFound();
  const known = await paperCalled(core, asked.slice(0, -format.ending.length));
  if (known === undefined) return c.notFound();
  return c.body(format.write(known.paper), 200, { 'Content-Type': format.type });
}

async function paperView(
  core: Core,
  { pages, searchGate }: WebTools,
  paper: KnownPaper,
  issues: readonly PaperIssue[],
) {
  const words = pages.wordsOf();
  const similar = await similarTo(core, searchGate, paper.id, SIMILAR);
  const interest = paper.ids.arxiv ? `like:${paper.ids.arxiv}` : '';
  const sources = paper.sources.map((name) => sourceInWords(name, core.config.SOURCES));
  return {
    ...paperLineView(paper, words),
    authors: paper.authors.map((name) => ({ name, search: `?${authorSearch(name)}` })),
    abstract: paper.abstract,
    thumbnail: await figureOf(core, paper, issues),
    votes: sparkline(await voteHistory(core.store.readOnly, paper), words),
    categories: paper.categories.map((name) => ({ name, search: `?${new URLSearchParams({ q: name })}` })),
    sources: new Intl.ListFormat(words.locale).format(new Set(sources)),
    issues: issues.map((issue) => ({ ...issue, dateInWords: longDate(words, issue.date) })),
    markdown: markdown(paper),
    similar: similar.map((other) => paperLineView(other, words)),
    card: paperPageCard({ config: core.config, words }, paper),
    interests: interest === '' ? [] : [interest],
    signUp: { email: '', problem: '', topics: interest },
  };
}

/** The picture that the newest issue with the paper has of it, under the site's path; empty for none. */
async function figureOf(
  { store }: Core,
  paper: KnownPaper,
  [newest]: readonly PaperIssue[],
): Promise<string> {
  if (newest === undefined) return '';
  const row = await findIssue(store.readOnly, 'daily', newest.date);
  const hash = paper.aliases.map((alias) => row?.issue?.thumbnails?.[alias]).find(Boolean);
  return hash === undefined ? '' : `/thumbnails/${hash}.jpg`;
}

function authorSearch(name: string): URLSearchParams {
  return new URLSearchParams({ q: `author:"${name.replaceAll('"', '')}"` });
}
