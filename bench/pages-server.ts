// Run by pages.ts as a process of its own. Arguments: how many issues, and the port (0 for any).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type App, createApp } from '../src/app.ts';
import { loadConfig } from '../src/config/load.ts';
import { addDays, startOfDayUtc } from '../src/domain/day.ts';
import type { Entry } from '../src/domain/entry.ts';
import type { RankedPaper } from '../src/domain/paper.ts';
import { HOUR } from '../src/domain/time.ts';
import { setIssueState } from '../src/ledger/issue-states.ts';
import { freezeIssue } from '../src/ledger/issues.ts';
import { mergePapers } from '../src/papers/merge-papers.ts';
import { listen } from '../src/runtime/serve.ts';
import { saveEntries } from '../src/sources/entries-table.ts';
import { cleanAbstract, cleanTitle } from '../src/sources/text/clean-text.ts';
import { createWeb } from '../src/web/web.ts';
import { createWebTools, loadWebTemplates } from '../src/web/web-tools.ts';
import { watchLoop } from './loop.ts';
import { madeUpPapers } from './made-up.ts';

const [issues = 1000, port = 0] = process.argv.slice(2).map(Number);
const LAST = '2026-08-19';
/** What an issue chooses from where four large categories of arXiv are read. */
const CANDIDATES = 3000;
const folder = mkdtempSync(join(tmpdir(), 'offprint-bench-'));
const config = loadConfig({ DATABASE_URL: join(folder, 'offprint.db'), SITE_URL: 'http://localhost:3000' });
const app = await createApp(config, {
  clock: () => startOfDayUtc(LAST) + 6 * HOUR,
  log: pino({ level: 'silent' }),
});
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
process.once('disconnect', () => process.exit());
process.once('SIGTERM', () => process.exit());
await fill(app);
const templates = loadWebTemplates(app.config, app.languages());
const tools = createWebTools(app, templates, { ...app, wake: () => {} });
const server = await listen(createWeb(app, tools), '127.0.0.1', port);
let watch = watchLoop();
process.on('message', () => {
  process.send?.(watch());
  watch = watchLoop();
});
if (process.send) process.send(server.port);
else console.log(`http://127.0.0.1:${server.port}`);

async function fill({ store }: App): Promise<void> {
  const papers = madeUpPapers(issues * 10);
  for (let back = 0; back < issues; back++) {
    const date = addDays(LAST, -back);
    const entries = papers
      .slice(back * 10, back * 10 + 10)
      .map((paper, place) => toEntry(paper, date, place));
    await saveEntries(store.db, entries, startOfDayUtc(date));
    const picks = entries.map((entry) => toPick(entry, date));
    await store.db.transaction().execute(async (trx) => {
      const issue = {
        kind: 'daily' as const,
        date,
        number: issues - back,
        sample: false,
        frozenAt: startOfDayUtc(date) + 5 * HOUR,
        subject: `${entries[0]?.title}, and 9 more`,
        preheader: entries[1]?.title ?? '',
        picks,
        candidates: madeUpCandidates(),
        considered: CANDIDATES,
        hash: String(back),
      };
      const id = await freezeIssue(trx, issue, 0);
      if (id !== undefined) await setIssueState(trx, id, 'done');
    });
  }
  await mergePapers(store.db);
}

function madeUpCandidates() {
  return Array.from({ length: CANDIDATES }, (_, place) => ({
    id: `arxiv:2608.${10_000 + place}`,
    score: 1 / 3,
  }));
}

function toEntry(paper: ReturnType<typeof madeUpPapers>[number], listedOn: string, place: number): Entry {
  const { id, title, abstract, authors } = paper;
  const links = { abstract: `https://arxiv.org/abs/${id}`, pdf: `https://arxiv.org/pdf/${id}` };
  const code = { code: `https://github.com/example/${id}`, discussion: `https://example.org/${id}` };
  return {
    source: 'huggingface',
    key: id,
    ids: { arxiv: id },
    title: cleanTitle(`${title[0]?.toUpperCase()}${title.slice(1)}`),
    abstract: cleanAbstract(abstract),
    authors,
    links: place % 3 === 0 ? { ...links, ...code } : links,
    categories: ['cs.LG', 'cs.CL'],
    listedOn,
    signals: [],
  };
}

function toPick(entry: Entry, day: string): RankedPaper {
  const { ids, title, abstract, authors, links, categories } = entry;
  const id = `arxiv:${ids.arxiv}`;
  const seen = startOfDayUtc(day);
  return {
    score: 1,
    reasons: ['212 upvotes in 9 h', 'code with 1.4k stars'],
    paper: {
      ...{ id, aliases: [id], ids, title, abstract, authors, links, categories, signals: { upvotes: 212 } },
      ...{ sources: [entry.source], day, since: seen, firstSeenAt: seen },
    },
  };
}
