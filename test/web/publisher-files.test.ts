import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readFiles } from '../../src/config/package-files.ts';
import { accentOf } from '../../src/domain/accent.ts';
import { Fault } from '../../src/domain/fault.ts';
import { compileTemplates } from '../../src/mail/mail-templates.ts';
import { tempFolder } from '../support/app.ts';
import { openTestSite } from '../support/site.ts';

/** A folder for TEMPLATES with some files in it, gone when the test ends. */
function publisherFolder(files: Record<string, string>): string {
  const folder = tempFolder();
  onTestFinished(folder.remove);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder.path, path, '..'), { recursive: true });
    writeFileSync(join(folder.path, path), text);
  }
  return folder.path;
}

const open = (settings: Record<string, string>) => openTestSite({ settings });

test('a page in TEMPLATES/web stands in place of ours, and extra.css after our stylesheet', async () => {
  const TEMPLATES = publisherFolder({
    'web/empty.hbs': '{{#> layout title="Ours"}}<h1>Soon</h1>{{/layout}}',
    'web/extra.css': '.masthead { border: 0 }',
  });
  const site = await openTestSite({ settings: { TEMPLATES }, issues: [] });
  expect(await site.text('/')).toContain('<h1>Soon</h1>');
  const css = await site.text('/assets/style.css');
  expect(css.indexOf('.masthead { border: 0 }')).toBeGreaterThan(css.indexOf('--accent: #8a2432'));
});

test('a broken page of the publisher is a fault that names the file, before any visitor comes', async () => {
  const TEMPLATES = publisherFolder({ 'web/home.hbs': '{{#if x}}' });
  await expect(open({ TEMPLATES })).rejects.toThrow(/home\.hbs: /);
});

test('about, privacy and imprint become pages and links in the footer, and markup in them is text', async () => {
  const TEMPLATES = publisherFolder({
    'about.md': '# About *us*\n\nWe read <script>alert(1)</script> [papers](https://papers.example).\n',
    'imprint.md': 'No heading here. [x](javascript:alert)',
  });
  const site = await open({ TEMPLATES });
  const about = await site.text('/about');
  expect(about).toContain('<h1>About <em>us</em></h1>');
  expect(about).toContain(
    '&lt;script&gt;alert(1)&lt;/script&gt; <a href="https://papers.example">papers</a>',
  );
  const home = await site.text('/');
  expect(home).toContain('<a href="/imprint">imprint</a>');
  expect(home).not.toContain('href="/privacy"');
  expect((await site.get('/privacy')).status).toBe(404);
  expect(await site.text('/imprint')).not.toContain('href="javascript:');
});

test('the accent is in the stylesheet and in every mail, readable on light and dark', async () => {
  const site = await open({ ACCENT: '#00AA55' });
  const { light, dark } = accentOf('#00aa55');
  expect(await site.text('/assets/style.css')).toContain(`:root{--accent:${light};`);
  expect(await site.text('/assets/style.css')).toContain(`:root{--accent:${dark};`);
  const files = readFiles('templates');
  const made: string[] = [];
  await compileTemplates(
    files,
    undefined,
    async (source) => {
      made.push(source);
      return source;
    },
    accentOf('#00aa55'),
  );
  for (const source of made) expect(source).not.toMatch(/\{\{accent|#8a2432|#f0a3ab/);
  expect(made.join()).toContain(light);
});

test('the tagline and the logo are on the pages, and the logo is served by us and shown elsewhere', async () => {
  const folder = publisherFolder({ 'our.png': 'not really a picture' });
  const LOGO = join(folder, 'our.png');
  const site = await open({ LOGO, NEWSLETTER_TAGLINE: 'Tides, & what moves them' });
  const home = await site.text('/');
  expect(home).toContain('<p class="pitch" id="pitch">Tides, &amp; what moves them</p>');
  expect(home).toContain('content="The Morning Offprint: Tides, &amp; what moves them"');
  expect(home).toContain('<meta property="og:image" content="https://papers.example.org/assets/logo.png">');
  const [, path = ''] = /<img class="logo" src="([^"]+)"/.exec(home) ?? [];
  const logo = await site.get(path.replace('&#x3D;', '='));
  expect(Buffer.from(await logo.arrayBuffer())).toEqual(readFileSync(LOGO));
  expect(logo.headers.get('content-type')).toBe('image/png');
  expect(logo.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  expect(site.app.composing.letterhead).toMatchObject({
    tagline: 'Tides, & what moves them',
    logoUrl: 'https://papers.example.org/assets/logo.png',
  });
});

test.each(['logo.exe', 'missing.png'])('%s as a logo is a fault with a next step', async (name) => {
  const LOGO = join(publisherFolder({ 'logo.exe': 'x' }), name);
  await expect(open({ LOGO })).rejects.toThrow(Fault);
});

test('robots and the sitemap name what there is', async () => {
  const site = await open({});
  expect(await site.text('/robots.txt')).toContain('Sitemap: https://papers.example.org/sitemap.xml');
  const map = await site.get('/sitemap.xml');
  expect(map.headers.get('content-type')).toContain('application/xml');
  expect(await map.text()).toContain(
    '<url><loc>https://papers.example.org/issues/2026-08-19</loc><lastmod>2026-08-19</lastmod></url>',
  );
});
