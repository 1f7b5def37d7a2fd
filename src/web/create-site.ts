import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { App } from '../app.ts';
import { issueClockOf } from '../config/load.ts';
import { readFiles } from '../config/package-files.ts';
import { nextFreeze } from '../domain/edition.ts';
import { checkStamp, makeStamp } from '../domain/stamp.ts';
import { HOUR, SECOND } from '../domain/time.ts';
import { findBySlug } from '../issues/find-edition.ts';
import { issueLines } from '../ledger/issue-lines.ts';
import { newestIssues } from '../ledger/issues.ts';
import { issuesBetween } from '../ledger/issues-between.ts';
import { findPaper, issuesOfPaper } from '../papers/papers-table.ts';
import { findThumbnail } from '../papers/pictures-table.ts';
import { isTooLong, searchPapers, similarPapers } from '../papers/search.ts';
import { makeChallenge } from '../subscribers/proof.ts';
import { askSignUp, STAMP_LIMIT } from '../subscribers/sign-up.ts';
import { siteApi } from './api/site-api.ts';
import { createGate } from './gate.ts';
import type { PaperArchive } from './paper-archive.ts';
import type { Archive, SignUps, Site } from './site.ts';
import { siteReaders } from './site-readers.ts';
import { compileWebTemplates } from './web-templates.ts';

/**
 * What the pages show and do.
 * @param wake called when something new waits to be mailed
 */
export function createSite(app: App, wake: () => void): Site {
  return {
    newsletterName: app.config.NEWSLETTER_NAME,
    siteUrl: app.config.SITE_URL,
    templates: compileWebTemplates(webFiles(), app.languages()),
    language: app.config.LANGUAGE,
    issues: archive(app),
    papers: papers(app),
    api: siteApi(app, wake),
    thumbnail: (hash) => findThumbnail(app.store.readOnly, hash),
    subscribers: siteReaders(app, wake),
    signUps: signUps(app, wake),
    trustedProxies: app.config.TRUST_PROXY,
    now: app.clock,
    nextIssueAt: () => nextFreeze(app.clock(), issueClockOf(app.config)),
    health: async () => {
      await app.store.readOnly.selectFrom('migrations').select('version').executeTakeFirst();
      return { ok: true };
    },
    report: (error) => app.log.error({ err: error }, 'a page failed'),
    reportProxy: (peer) =>
      app.log.warn(
        { peer },
        `X-Forwarded-For from ${peer} is ignored, so all its visitors count as one. If ${peer} is your proxy, set TRUST_PROXY=loopback,${peer}`,
      ),
  };
}

function archive(app: App): Archive {
  const { readOnly } = app.store;
  return {
    newest: (count, kind) => newestIssues(readOnly, kind, count),
    called: (slug) => findBySlug(readOnly, slug),
    list: async (count, before) => {
      const options = { limit: count, ...(before !== undefined && { before }) };
      return (await issueLines(readOnly, options)).map((line) => ({ ...line, sample: false }));
    },
    between: (first, last) => issuesBetween(readOnly, first, last),
  };
}

/** Of searches: a whole second of work may wait, and nobody for longer than a subscriber of a page would. */
const SEARCHES = { atOnce: 2, waiting: 20, patience: 3 * SECOND };

function papers(app: App): PaperArchive {
  const { readOnly, searches } = app.store;
  const gate = createGate(SEARCHES, app.ticks);
  const soon = <Result>(search: () => Promise<Result>) => gate(search).catch(busyWhenTooLong);
  return {
    search: async (query, page) => (await soon(() => searchPapers(searches, query, page))) ?? 'busy',
    find: async (alias) => {
      const known = await findPaper(readOnly, alias);
      return known && { paper: known.paper, issues: await issuesOfPaper(readOnly, known.row) };
    },
    similar: async (id, limit) => (await soon(() => similarPapers(searches, id, limit))) ?? [],
  };
}

function busyWhenTooLong(error: unknown): undefined {
  if (!isTooLong(error)) throw error;
}

function signUps(app: App, wake: () => void): SignUps {
  return {
    stamp: () => makeStamp(app.secrets[0], app.clock()),
    sharedStamp: () => makeStamp(app.secrets[0], app.clock() - (app.clock() % HOUR) - SECOND),
    checkStamp: (stamp) => checkStamp(app.secrets[0], stamp, app.clock(), STAMP_LIMIT),
    challenge: (stamp) => makeChallenge(app.secrets, stamp),
    ask: async (request) => {
      const answer = await askSignUp(app, app.secrets, request);
      if (answer.kind === 'taken') wake();
      return answer;
    },
  };
}

/** The pages' files, and what the browser needs of the library that makes its work. */
function webFiles(): Record<string, string> {
  const library = dirname(fileURLToPath(import.meta.resolve('altcha-lib')));
  const parts = ['pow.js', 'helpers.js', 'types.js', 'algorithms/web/pbkdf2.js'];
  const read = parts.map((part) => [`altcha/${part}`, readFileSync(join(library, part), 'utf8')]);
  return { ...readFiles('templates/web'), ...Object.fromEntries(read) };
}
