import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/load.ts';
import { readFiles } from '../config/package-files.ts';
import type { Core } from '../core.ts';
import type { Secrets } from '../db/secrets.ts';
import type { OwnPicks } from '../domain/issue.ts';
import type { Languages } from '../domain/language.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { SECOND } from '../domain/time.ts';
import { nextPicks } from '../issues/next-issue.ts';
import type { ReadLibrary } from '../papers/library/read-library.ts';
import { createGate, type Gate } from './gate.ts';
import { createPages, type Pages } from './page.ts';
import { publisherPages, readLogo, type WrittenPage, writtenPages } from './publisher-files.ts';
import { compileWebTemplates, versionOf, type WebTemplates } from './web-templates.ts';

/** What the pages need beside the core. */
export type WebTools = {
  readonly pages: Pages;
  /** What the publisher wrote: about, privacy, imprint. */
  readonly written: readonly WrittenPage[];
  /** The newest first; see `loadOrCreateSecrets`. */
  readonly secrets: Secrets;
  /** What searches pass through, so that many of them at once do not hold up everything else. */
  readonly searchGate: Gate;
  /** What the next issue would bring a subscriber, as things stand. */
  readonly nextPicks: (subscriber: Subscriber) => Promise<OwnPicks>;
  readonly readLibrary: ReadLibrary;
  /** Called when something new waits to be mailed. */
  readonly wake: () => void;
};

/** A search can take a whole second of work. Nobody waits longer for their turn than visitors wait for a page. */
const SEARCHES = { atOnce: 2, waiting: 20, patience: 3 * SECOND };

export function createWebTools(
  core: Core,
  templates: WebTemplates,
  { secrets, wake, readLibrary }: Pick<WebTools, 'secrets' | 'wake' | 'readLibrary'>,
): WebTools {
  const written = writtenPages(core.config);
  return {
    pages: createPages(core, templates, secrets, written),
    written,
    secrets,
    searchGate: createGate(SEARCHES, core.ticks),
    nextPicks: nextPicks(core),
    readLibrary,
    wake,
  };
}

/**
 * The pages as they are on the disk now, the publisher's files in place of ours, and their logo among the assets.
 * @throws Fault TEMPLATE_BROKEN, FILE_UNREADABLE or SETTINGS_INVALID
 */
export function loadWebTemplates(config: Config, languages: Languages): WebTemplates {
  const ours = { ...readFiles('templates/web'), ...proofLibrary() };
  const templates = compileWebTemplates(publisherPages(config, ours), languages);
  const logo = readLogo(config);
  if (logo === undefined) return templates;
  const { file, type, body } = logo;
  return {
    ...templates,
    assets: new Map([...templates.assets, [file, { body, type, version: versionOf(body) }]]),
  };
}

/** What the browser needs of the library that solves our challenges. */
function proofLibrary(): Record<string, string> {
  const library = dirname(fileURLToPath(import.meta.resolve('altcha-lib')));
  const parts = ['pow.js', 'helpers.js', 'types.js', 'algorithms/web/pbkdf2.js'];
  return Object.fromEntries(
    parts.map((part) => [`altcha/${part}`, readFileSync(join(library, part), 'utf8')]),
  );
}
