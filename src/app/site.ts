import { nextFreeze } from '../schedule/freeze.ts';
import { type IssueRow, listIssues, newestIssues } from '../store/issues.ts';
import type { Archive, IssueSummary, Readers, Site } from '../web/site.ts';
import { compileWebTemplates } from '../web/templates.ts';
import { findBySlug } from './editions.ts';
import { readFiles } from './files.ts';
import { linkFor } from './links.ts';
import { activate, changePreferences, unsubscribe } from './readers.ts';
import { readerOf, signUp } from './signup.ts';
import type { App } from './wire.ts';

/**
 * What the pages show and do.
 * @param wake called when something new waits to be mailed
 */
export function createSite(app: App, wake: () => void): Site {
  return {
    newsletterName: app.config.NEWSLETTER_NAME,
    siteUrl: app.config.SITE_URL,
    templates: compileWebTemplates(readFiles('templates/web')),
    issues: archive(app),
    readers: readers(app, wake),
    nextIssueAt: () => nextFreeze(app.clock(), app.issueClock),
    health: async () => {
      await app.store.reader.selectFrom('migrations').select('version').executeTakeFirst();
      return { ok: true };
    },
    report: (error) => app.log.error({ err: error }, 'a page failed'),
  };
}

function archive(app: App): Archive {
  const { reader } = app.store;
  return {
    newest: (count, kind) => newestIssues(reader, kind, count),
    called: (slug) => findBySlug(reader, slug),
    list: async (count, before) => {
      const options = { limit: count, ...(before !== undefined && { before }) };
      return (await listIssues(reader, options)).map(summary);
    },
  };
}

function summary({ kind, date, state, reason, sample, issue }: IssueRow): IssueSummary {
  return { kind, date, state, reason, sample, number: issue?.number ?? null, subject: issue?.subject ?? '' };
}

function readers(app: App, wake: () => void): Readers {
  const find = (purpose: 'confirm' | 'unsubscribe' | 'preferences', token: string) =>
    readerOf(app, purpose, token);
  return {
    find,
    signUp: async (address) => {
      await signUp(app, address);
      wake();
    },
    confirm: async (token) => {
      const reader = await find('confirm', token);
      if (reader === undefined || reader === 'expired') return reader;
      const active = await activate(app, reader.id);
      wake();
      return active;
    },
    unsubscribe: async (token) => {
      const reader = await find('unsubscribe', token);
      if (reader === undefined || reader === 'expired') return false;
      await unsubscribe(app, reader.id);
      return true;
    },
    savePreferences: async (token, preferences) => {
      const reader = await find('preferences', token);
      if (reader === undefined || reader === 'expired') return false;
      await changePreferences(app, reader.id, preferences);
      wake();
      return true;
    },
    tokenFor: (purpose, subscriberId) => linkFor(app, purpose, subscriberId).split('/').at(-1) ?? '',
  };
}
