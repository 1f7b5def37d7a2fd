import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { TOKEN_PURPOSES } from '../../src/domain/token.ts';
import { linkFor } from '../../src/subscribers/links.ts';
import { enrollSubscribers } from '../support/app.ts';
import { openNewsroom, runOnce } from '../support/newsroom.ts';
import { openPages, openWeb } from '../support/pages.ts';

/** Every row of every table. */
async function everyRow(app: App): Promise<Record<string, unknown[]>> {
  const tables = await app.store.db.introspection.getTables();
  const rows = tables.map(async ({ name }) => {
    const found = await sql`select * from ${sql.table(name)}`.execute(app.store.db);
    return [name, found.rows] as const;
  });
  return Object.fromEntries(await Promise.all(rows));
}

/** An issue, mails sent and unsent, and a subscriber in each state, one with an address that waits to be proved. */
async function fillDatabase(app: App): Promise<number[]> {
  const ids: number[] = [];
  for (const state of ['active', 'pending', 'unsubscribed', 'suppressed'] as const)
    ids.push(...(await enrollSubscribers(app, [`${state}@example.org`], { state })));
  await runOnce(app, { due: true });
  const pages = openPages(app);
  await pages.signUp('new@example.org');
  const manage = linkFor(app, 'manage', ids[0] ?? 0, { issuedAt: app.clock() });
  await pages.post(`${manage}/address`, { email: 'other@example.org' });
  return ids;
}

test('GET, HEAD and OPTIONS of every public route change no row of a filled database', async () => {
  await using room = await openNewsroom();
  const { app } = room;
  const ids = await fillDatabase(app);
  let woken = 0;
  const web = openWeb(app, () => {
    woken += 1;
  });
  const routes = [...new Set(web.routes.filter(({ method }) => method !== 'ALL').map(({ path }) => path))];
  const before = await everyRow(app);
  expect(Object.keys(before).length).toBeGreaterThan(12);
  let asked = 0;
  for (const path of routes.flatMap((route) => filled(app, route, ids))) {
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      const query = '?confirm=1&email=eve@example.org&List-Unsubscribe=One-Click&_method=POST';
      const headers = { 'X-HTTP-Method-Override': 'POST', 'User-Agent': 'LinkScanner/1.0' };
      const answer = await web.request(path + query, { method, headers });
      await answer.text();
      expect(answer.status, `${method} ${path}`).not.toBe(500);
      asked += 1;
    }
  }
  expect(asked).toBeGreaterThan(100);
  expect(await everyRow(app)).toEqual(before);
  expect(woken).toBe(0);
});

/** The route with every value that could make it act: each subscriber's good token for each purpose. */
function filled(app: App, route: string, ids: readonly number[]): string[] {
  if (!route.includes(':')) return [route];
  if (route.includes(':token')) {
    const tokens = ids.flatMap((id) =>
      TOKEN_PURPOSES.map((purpose) => linkFor(app, purpose, id, { issuedAt: app.clock() }).split('/').at(-1)),
    );
    const undated = ids.map((id) => linkFor(app, 'unsubscribe', id).split('/').at(-1));
    return [...tokens, ...undated, 'forged'].map((token) => route.replace(':token', token ?? ''));
  }
  return ['2026-08-19', '2608.00001', 'style.css', '1', 'x'].map((value) =>
    route.replace(/:\w+(\{[^}]*\})?/g, value),
  );
}
