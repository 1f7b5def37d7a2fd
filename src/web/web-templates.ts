import { createHash } from 'node:crypto';
import Handlebars from 'handlebars';
import { messageOf } from '../domain/failure.ts';
import { Fault } from '../domain/fault.ts';
import type { Languages } from '../domain/language.ts';
import { registerWords } from './web-words.ts';

/** The pages that must be there; any other `.hbs` file is a partial of the same name. */
const PAGES = [
  'address',
  'address-moved',
  'almost',
  'api',
  'confirm',
  'confirmed',
  'empty',
  'erase',
  'erased',
  'error',
  'expired',
  'dead-link',
  'feed-entry',
  'feed-paper',
  'feedback',
  'home',
  'issue',
  'issues',
  'link-sent',
  'manage',
  'no-issue',
  'paper',
  'preferences',
  'search',
  'subscribe',
  'subscribed',
  'unreachable',
  'unsubscribe',
  'unsubscribed',
  'week',
  'written',
] as const;

export type PageName = (typeof PAGES)[number];

/** A file that is served as it is, under `/assets/`. */
export type Asset = { readonly body: string | Uint8Array; readonly type: string; readonly version: string };

export type WebTemplates = {
  /** A page's view says with `lang` in which of them it is. */
  readonly languages: Languages;
  readonly page: (name: PageName, view: object) => string;
  readonly assets: ReadonlyMap<string, Asset>;
};

const ASSET_TYPES = new Map([
  ['css', 'text/css; charset=utf-8'],
  ['svg', 'image/svg+xml; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
]);

/**
 * Compiles the pages once, strictly: a template that names a value its page does not give is an error.
 * @param files text by path under `templates/web/`
 * @throws Fault TEMPLATE_BROKEN, naming the file
 */
export function compileWebTemplates(
  files: Readonly<Record<string, string>>,
  languages: Languages,
): WebTemplates {
  const handlebars = Handlebars.create();
  registerWords(handlebars, languages);
  const pages = new Map<string, HandlebarsTemplateDelegate<object>>();
  const assets = new Map<string, Asset>();
  for (const [path, text] of Object.entries(files)) {
    const type = ASSET_TYPES.get(path.slice(path.lastIndexOf('.') + 1));
    if (type !== undefined) assets.set(path, { body: text, type, version: versionOf(text) });
    if (!path.endsWith('.hbs')) continue;
    const template = compile(handlebars, path, text);
    pages.set(path.slice(0, -'.hbs'.length), template);
    handlebars.registerPartial(path.slice(0, -'.hbs'.length), template);
  }
  for (const name of PAGES) if (!pages.has(name)) throw broken(`${name}.hbs`, 'the file is missing');
  return {
    languages,
    page: (name, view) => pages.get(name)?.(view) ?? '',
    assets,
  };
}

function compile(handlebars: typeof Handlebars, path: string, text: string) {
  const options = { strict: true, preventIndent: true };
  try {
    handlebars.precompile(text, options); // `compile` alone would find a mistake only when a visitor comes
  } catch (error) {
    throw broken(path, messageOf(error), error);
  }
  return handlebars.compile<object>(text, options);
}

function broken(path: string, why: string, cause?: unknown): Fault {
  return new Fault(
    'TEMPLATE_BROKEN',
    `templates/web/${path}: ${why}`,
    'Fix the template, or use the one that comes with Offprint. One in TEMPLATES/web replaces ours.',
    { cause },
  );
}

export function versionOf(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
