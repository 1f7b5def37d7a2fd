import { expect, test } from 'vitest';
import { HOUR } from '../../src/domain/time.ts';
import { TOKEN_PURPOSES } from '../../src/domain/token.ts';
import { makePageIssues, openTestSite, type TestSite } from '../support/site.ts';

const VALUES: Record<string, readonly string[]> = {
  '/api/v1/subscribers/:name': ['ada@example.org'],
  '/api/v1/issues/:name': ['2026-08-19'],
  '/api/v1/papers/:name{.+}': ['arxiv:2608.00001'],
  '/issues/:date': ['2026-08-19', '2020-01-01', '2026-W34', '2020-W01', '2026-W99'],
  '/papers/:id{.+}': ['arxiv:2608.00001', 'arxiv:none', 'doi:10.1000/none'],
  '/assets/:name{.+}': ['style.css', 'none.css'],
  '/thumbnails/:name{[0-9a-f]{64}\\.jpg}': [`${'0'.repeat(64)}.jpg`, 'none.jpg'],
};

test.each(['pending', 'active', 'unsubscribed', 'suppressed'] as const)(
  'GET, HEAD and OPTIONS of every public route change nothing for a reader who is %s',
  async (state) => {
    const site = await openTestSite({ issues: makePageIssues(3), subscriber: { state } });
    const before = await site.subscriber();
    const routes = site.web.routes.filter(({ method }) => method !== 'ALL').map(({ path }) => path);
    const paths = await publicPaths(site, routes);
    expect(paths.length).toBeGreaterThan(12);
    for (const path of paths) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        for (const query of ['', '?confirm=1&email=eve@example.org&auto=yes']) {
          const response = await site.get(path + query, { method });
          expect([200, 204, 302, 401, 404, 405, 410]).toContain(response.status);
        }
      }
    }
    expect(await site.subscriber()).toEqual(before);
    expect(await site.signUps()).toEqual([]);
    expect(site.app.logged).toEqual([]);
  },
);

/** Every route of the app, its parameter filled in; a new route with a new one must be added above. */
async function publicPaths(site: TestSite, routes: readonly string[]): Promise<string[]> {
  const paths = [...new Set(routes)].map(async (route) => {
    if (!route.includes(':')) return [route];
    const purpose = TOKEN_PURPOSES.find((name) => route.startsWith(`/${name}/:token`));
    const tokens = purpose && [
      await site.token(purpose),
      await site.token(purpose, 30 * 24 * HOUR),
      'forged',
    ];
    const values = tokens ?? VALUES[route];
    expect(values, `values for ${route}`).toBeDefined();
    return (values ?? []).map((value) => route.replace(/:\w+(\{.*\})?/, value));
  });
  return (await Promise.all(paths)).flat();
}
