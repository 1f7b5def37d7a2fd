import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { startPrivateFile } from '../../config/private-files.ts';
import { inScheme } from './mail-checks.ts';
import type { PreviewPage } from './preview-mail.ts';

const CHROMIUMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** Enough for ten picks; a picture cannot be as long as the page without a browser's own tools. */
const HEIGHT = 3600;
/** Chromium makes no window that is narrower. */
const NARROWEST = 500;

/**
 * Writes a mail as files: .eml, .html, .txt and, where Chromium is found, pictures at two widths, light and dark.
 * @param chromium where it is, see `findChromium`
 * @returns the paths
 */
export async function writePreview(
  mail: PreviewPage,
  folder: string,
  name: string,
  chromium: string | undefined,
): Promise<string[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const at = (ending: string) => join(resolve(folder), `${name}${ending}`);
  const written = [at('.eml'), at('.html'), at('.txt')];
  const bodies = [mail.raw, mail.html, mail.text];
  for (const [index, path] of written.entries()) {
    // A subscriber's own links are in it.
    startPrivateFile(path);
    await writeFile(path, bodies[index] ?? '');
  }
  if (chromium === undefined) return written;
  for (const width of [375, 640]) {
    for (const scheme of ['light', 'dark'] as const) {
      const path = at(`-${width}-${scheme}.png`);
      await picture(chromium, inScheme(mail.html, scheme), width, path);
      // It ends well even when it could not make one.
      if (!existsSync(path)) continue;
      if (width < NARROWEST) await cropTo(path, width);
      written.push(path);
    }
  }
  return written;
}

/** The first of the usual names on the path. */
export function findChromium(path: string): string | undefined {
  const places = path.split(delimiter).filter(Boolean);
  return CHROMIUMS.flatMap((name) => places.map((place) => join(place, name))).find(existsSync);
}

async function picture(chromium: string, html: string, width: number, path: string): Promise<void> {
  const own = await mkdtemp(join(tmpdir(), 'offprint-picture-'));
  const page = join(own, 'mail.html');
  await writeFile(page, width < NARROWEST ? narrowed(html, width) : html);
  try {
    await promisify(execFile)(
      chromium,
      [
        '--headless',
        // Sandboxing needs rights that root in a container lacks; the page is ours and runs nothing.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--hide-scrollbars',
        `--user-data-dir=${join(own, 'profile')}`,
        `--window-size=${Math.max(width, NARROWEST)},${HEIGHT}`,
        `--screenshot=${path}`,
        pathToFileURL(page).href,
      ],
      { timeout: 60_000 },
    );
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

async function cropTo(path: string, width: number): Promise<void> {
  const { default: sharp } = await import('sharp');
  const cropped = sharp(await readFile(path)).extract({ left: 0, top: 0, width, height: HEIGHT });
  await writeFile(path, await cropped.png().toBuffer());
}

/** The mail at the left of a wider window, as it would be in one of its own width. */
function narrowed(html: string, width: number): string {
  return html
    .replace(/@media \(max-width: ?4\d\dpx\)/g, '@media all')
    .replace('</head>', `<style>html{width:${width}px}</style></head>`);
}
