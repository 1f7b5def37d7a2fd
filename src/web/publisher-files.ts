import { existsSync, readFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import MarkdownIt from 'markdown-it';
import type { Config } from '../config/load.ts';
import { filesBelow } from '../config/package-files.ts';
import { accentOf, DEFAULT_ACCENT } from '../domain/accent.ts';
import { Fault } from '../domain/fault.ts';

/** Pages that a publisher writes as Markdown, in the order of the footer's links. */
export const WRITTEN_PAGES = ['about', 'privacy', 'imprint'] as const;

/** A page of the publisher's own: its first heading, and all of it as HTML in which nothing of the file is markup. */
export type WrittenPage = { readonly name: string; readonly title: string; readonly html: string };

/** The picture beside the newsletter's name. */
export type Logo = { readonly file: string; readonly type: string; readonly body: Uint8Array };

const LOGO_TYPES: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
};
const MOST_LOGO_BYTES = 512 * 1024;

/** `TEMPLATES/web/*`: each file in place of ours; `extra.css` is added to our stylesheet. */
export function publisherPages(
  { TEMPLATES, ACCENT }: Pick<Config, 'TEMPLATES' | 'ACCENT'>,
  ours: Files,
): Files {
  const folder = TEMPLATES === undefined ? undefined : join(resolve(TEMPLATES), 'web');
  const theirs = folder !== undefined && existsSync(folder) ? filesBelow(folder) : {};
  const files = { ...ours, ...theirs };
  const style = [files['style.css'] ?? '', accentStyle(ACCENT), theirs['extra.css'] ?? ''];
  return { ...files, 'style.css': style.filter(Boolean).join('\n') };
}

type Files = Readonly<Record<string, string>>;

/** The stylesheet has the colours of the default accent; another one's are set after it. */
function accentStyle(hex: string): string {
  if (hex === DEFAULT_ACCENT) return '';
  const { light, dark, banner, bannerDark, tint, tintDark } = accentOf(hex);
  return `:root{--accent:${light};--tint:${tint};--banner:${banner};--banner-ink:${banner};--banner-muted:#ffffff}
@media (prefers-color-scheme: dark){:root{--accent:${dark};--on-accent:#15161a;--tint:${tintDark};--banner:${bannerDark};--banner-ink:${bannerDark}}}
`;
}

/** @throws Fault FILE_UNREADABLE, or SETTINGS_INVALID for a file that is no picture */
export function readLogo({ LOGO }: Pick<Config, 'LOGO'>): Logo | undefined {
  if (LOGO === undefined) return undefined;
  const ending = extname(LOGO).toLowerCase();
  const type = LOGO_TYPES[ending];
  if (type === undefined)
    throw new Fault(
      'SETTINGS_INVALID',
      `LOGO="${LOGO}": expected a file that ends in ${Object.keys(LOGO_TYPES).join(', ')}.`,
      'Save the picture in one of these formats. SVG is not shown in mails.',
    );
  const body = readPicture(LOGO);
  if (body.byteLength <= MOST_LOGO_BYTES) return { file: `logo${ending}`, type, body };
  throw new Fault(
    'SETTINGS_INVALID',
    `LOGO="${LOGO}": expected at most ${MOST_LOGO_BYTES / 1024} KB, found ${Math.ceil(body.byteLength / 1024)}.`,
    'Make the picture smaller: it is shown 40 pixels high.',
  );
}

function readPicture(path: string): Uint8Array {
  try {
    return readFileSync(resolve(path));
  } catch (cause) {
    throw new Fault('FILE_UNREADABLE', `LOGO: ${path} cannot be read.`, 'Name a file that is there.', {
      cause,
    });
  }
}

/** `about.md`, `privacy.md` and `imprint.md` in the folder of TEMPLATES. */
export function writtenPages({ TEMPLATES }: Pick<Config, 'TEMPLATES'>): WrittenPage[] {
  if (TEMPLATES === undefined) return [];
  const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false });
  return WRITTEN_PAGES.flatMap((name) => {
    const path = join(resolve(TEMPLATES), `${name}.md`);
    if (!existsSync(path)) return [];
    const text = readFileSync(path, 'utf8');
    const title = /^#\s+(.+)$/m.exec(text)?.[1]?.trim() ?? name;
    return [{ name, title, html: markdown.render(text) }];
  });
}
