import { expect, test } from 'vitest';
import { createWeb } from '../../src/web/web.ts';
import { fakeSite, makeIssues } from './fake-site.ts';

const VALUES: Record<string, readonly string[]> = {
  '/confirm/:token': ['c-good', 'old', 'forged'],
  '/unsubscribe/:token': ['u-good', 'forged'],
  '/preferences/:token': ['p-good', 'forged'],
  '/unsubscribe/:token/weekly': ['u-good/weekly', 'forged/weekly'],
  '/preferences/:token/link': ['p-good/link', 'forged/link'],
  '/manage/:token': ['m-good', 'old', 'forged'],
  '/manage/:token/address': ['m-good/address', 'forged/address'],
  '/manage/:token/export': ['m-good/export', 'forged/export'],
  '/address/:token': ['a-good', 'old', 'forged'],
  '/erase/:token': ['e-good', 'old', 'forged'],
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
    const site = fakeSite({ issues: makeIssues(3), subscriber: { state } });
    const web = createWeb(site);
    const paths = publicPaths(web.routes.filter(({ method }) => method !== 'ALL').map(({ path }) => path));
    expect(paths.length).toBeGreaterThan(12);
    for (const path of paths) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        for (const query of ['', '?confirm=1&email=eve@example.org&auto=yes']) {
          const response = await web.request(path + query, { method });
          expect([200, 204, 401, 404, 405, 410]).toContain(response.status);
        }
      }
    }
    expect(site.changes).toEqual([]);
    expect(site.subscriber.state).toBe(state);
    expect(site.reported).toEqual([]);
  },
);

/** Every route of the app, its parameter filled in; a new route with a new one must be added above. */
function publicPaths(routes: readonly string[]): string[] {
  return [...new Set(routes)].flatMap((route) => {
    if (!route.includes(':')) return [route];
    const values = VALUES[route];
    expect(values, `values for ${route}`).toBeDefined();
    return (values ?? []).map((value) => route.replace(/:.*$/, value));
  });
}
