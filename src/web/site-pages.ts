import Handlebars from 'handlebars';
import { Hono } from 'hono';
import { etag } from 'hono/etag';
import type { Core } from '../core.ts';
import { issueSlug } from '../domain/slug.ts';
import { issueLines } from '../ledger/issue-lines.ts';
import { shared } from './cache-headers.ts';
import type { Pages } from './page.ts';
import type { WrittenPage } from './publisher-files.ts';

/** A sitemap may name 50,000 addresses (sitemaps.org). */
const MOST_ISSUES = 10_000;

/** What stands beside the issues: the publisher's own pages, `/robots.txt` and `/sitemap.xml`. */
export function sitePages(core: Core, pages: Pages, written: readonly WrittenPage[]): Hono {
  const app = new Hono({ strict: false });
  for (const path of [...written.map(({ name }) => `/${name}`), '/robots.txt', '/sitemap.xml'])
    app.get(path, etag(), shared);
  for (const { name, title, html } of written)
    app.get(`/${name}`, (c) =>
      c.html(pages.renderShared('written', { title, text: new Handlebars.SafeString(html) })),
    );
  app.get('/robots.txt', (c) =>
    c.text(`User-agent: *\nDisallow: /api/\n\nSitemap: ${core.config.SITE_URL}/sitemap.xml\n`),
  );
  app.get('/sitemap.xml', async (c) =>
    c.body(await sitemap(core, written), 200, { 'Content-Type': 'application/xml; charset=utf-8' }),
  );
  return app;
}

async function sitemap({ store, config }: Core, written: readonly WrittenPage[]): Promise<string> {
  const lines = await issueLines(store.readOnly, { limit: MOST_ISSUES });
  const issues = lines
    .filter(({ state }) => state === 'frozen' || state === 'done')
    .map((line) => ({ path: `/issues/${issueSlug(line)}`, changed: line.date }));
  const pages = ['/', '/issues', ...written.map(({ name }) => `/${name}`)].map((path) => ({
    path,
    changed: '',
  }));
  const entries = [...pages, ...issues].map(({ path, changed }) => {
    const address = Handlebars.escapeExpression(config.SITE_URL + path);
    return `<url><loc>${address}</loc>${changed && `<lastmod>${changed}</lastmod>`}</url>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries.join('\n')}\n</urlset>\n`;
}
