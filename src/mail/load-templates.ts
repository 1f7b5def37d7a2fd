import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '../config/load.ts';
import { filesBelow, PROJECT_ROOT } from '../config/package-files.ts';
import { accentOf } from '../domain/accent.ts';
import { Fault } from '../domain/fault.ts';
import type { Languages } from '../domain/language.ts';
import { compileTemplates, type MailTemplates, type TemplateFiles } from './mail-templates.ts';
import { languagesIn } from './mail-words.ts';
import type { Mjml } from './mjml.ts';

/** The template files of a look, and where each of them is on the disk. */
export type Look = { readonly files: TemplateFiles; readonly pathOf: (file: string) => string };

/** The folders that make a look, each one's files in place of those before: what all share, the theme, the publisher's own. */
export function templateFolders({ THEME, TEMPLATES }: Pick<Config, 'THEME' | 'TEMPLATES'>): string[] {
  const shared = join(PROJECT_ROOT, 'templates');
  const theme = join(shared, 'themes', THEME);
  return [shared, ...(existsSync(theme) ? [theme] : []), ...(TEMPLATES ? [resolve(TEMPLATES)] : [])];
}

/** @throws Fault FILE_UNREADABLE when TEMPLATES is no folder */
export function readLook(config: Pick<Config, 'THEME' | 'TEMPLATES'>): Look {
  const files: Record<string, string> = {};
  const folders = new Map<string, string>();
  for (const folder of templateFolders(config)) {
    for (const [file, text] of Object.entries(templatesIn(folder))) {
      if (/^(themes|web)\//.test(file)) continue;
      files[file] = text;
      folders.set(file, folder);
    }
  }
  const pathOf = (file: string) =>
    join(folders.get(file) ?? join(PROJECT_ROOT, 'templates'), file).replace(PROJECT_ROOT, '');
  return { files, pathOf };
}

function templatesIn(folder: string): Record<string, string> {
  try {
    return filesBelow(folder);
  } catch (cause) {
    throw new Fault(
      'FILE_UNREADABLE',
      `TEMPLATES: the folder ${folder} cannot be read.`,
      'Set it to a folder with mail templates; docs/templates.md shows how to make one.',
      { cause },
    );
  }
}

/**
 * The languages of a look.
 * @throws Fault TEMPLATE_BROKEN, or SETTINGS_INVALID when LANGUAGE is none of them
 */
export function readOurLanguages(config: Config): Languages {
  const languages = languagesIn(readLook(config).files);
  const codes = languages.all.map(({ code }) => code);
  if (codes.includes(config.LANGUAGE)) return languages;
  throw new Fault(
    'SETTINGS_INVALID',
    `LANGUAGE: there is no lang/${config.LANGUAGE}.json; available: ${codes.join(', ')}.`,
    'Choose one of them, or add that file to your TEMPLATES folder: see docs/templates.md.',
  );
}

type LookConfig = Pick<Config, 'THEME' | 'TEMPLATES' | 'ACCENT'>;

/** The compiled templates, made anew when a file has changed since; they reject while they are broken. */
export function currentTemplates(config: LookConfig): () => Promise<MailTemplates> {
  return perState(config, ({ files, pathOf }) =>
    compileTemplates(files, pathOf, undefined, accentOf(config.ACCENT)),
  );
}

/**
 * The same, but when a change breaks them the last good ones are used until it is mended.
 * @param report is told what is wrong with the change
 */
export function cachedTemplates(
  config: LookConfig,
  report: (problem: string) => void,
  mjml?: Mjml,
): () => Promise<MailTemplates> {
  return perState(config, ({ files, pathOf }, before) =>
    compileTemplates(files, pathOf, mjml, accentOf(config.ACCENT)).catch((error: unknown) => {
      if (before === undefined || !isBroken(error)) throw error;
      report(`${error.message} The templates are used as they were before.`);
      return before;
    }),
  );
}

/** Made once for each state of the files; but what failed for another reason than these is tried again. */
function perState(
  config: LookConfig,
  make: (look: Look, before?: Promise<MailTemplates>) => Promise<MailTemplates>,
): () => Promise<MailTemplates> {
  let known: { readonly stamp: string; readonly made: Promise<MailTemplates> } | undefined;
  return () => {
    const look = readLook(config);
    const stamp = JSON.stringify(look.files);
    if (known?.stamp === stamp) return known.made;
    const before = known;
    const made = make(look, before?.made);
    known = { stamp, made };
    made.catch((error: unknown) => {
      if (known?.made === made && !isBroken(error)) known = before;
    });
    return made;
  };
}

function isBroken(error: unknown): error is Fault {
  return error instanceof Fault && error.code === 'TEMPLATE_BROKEN';
}
