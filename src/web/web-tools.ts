import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFiles } from '../config/package-files.ts';
import type { Core } from '../core.ts';
import type { Secrets } from '../db/secrets.ts';
import type { OwnPicks } from '../domain/issue.ts';
import type { Languages } from '../domain/language.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { SECOND } from '../domain/time.ts';
import { nextPicks } from '../issues/next-issue.ts';
import { createGate, type Gate } from './gate.ts';
import { createPages, type Pages } from './page.ts';
import { compileWebTemplates, type WebTemplates } from './web-templates.ts';

/** What the pages need beside the core. */
export type WebTools = {
  readonly pages: Pages;
  /** The newest first; see `keepSecrets`. */
  readonly secrets: Secrets;
  /** What searches pass through, so that many of them at once do not hold up everything else. */
  readonly searchGate: Gate;
  /** What the next issue would bring a subscriber, as things stand. */
  readonly nextPicks: (subscriber: Subscriber) => Promise<OwnPicks>;
  /** Called when something new waits to be mailed. */
  readonly wake: () => void;
};

/** A search can take a whole second of work. Nobody waits longer for their turn than visitors wait for a page. */
const SEARCHES = { atOnce: 2, waiting: 20, patience: 3 * SECOND };

export function createWebTools(
  core: Core,
  templates: WebTemplates,
  { secrets, wake }: Pick<WebTools, 'secrets' | 'wake'>,
): WebTools {
  return {
    pages: createPages(core, templates, secrets),
    secrets,
    searchGate: createGate(SEARCHES, core.ticks),
    nextPicks: nextPicks(core),
    wake,
  };
}

/** The pages as they are on the disk now. @throws Fault TEMPLATE_BROKEN */
export function loadWebTemplates(languages: Languages): WebTemplates {
  return compileWebTemplates({ ...readFiles('templates/web'), ...proofLibrary() }, languages);
}

/** What the browser needs of the library that solves our challenges. */
function proofLibrary(): Record<string, string> {
  const library = dirname(fileURLToPath(import.meta.resolve('altcha-lib')));
  const parts = ['pow.js', 'helpers.js', 'types.js', 'algorithms/web/pbkdf2.js'];
  return Object.fromEntries(
    parts.map((part) => [`altcha/${part}`, readFileSync(join(library, part), 'utf8')]),
  );
}
