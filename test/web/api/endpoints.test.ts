import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { setIssueState } from '../../../src/ledger/issue-states.ts';
import { plan } from '../../../src/ledger/plan-rows.ts';
import { findByAddress } from '../../../src/subscribers/subscribers-table.ts';
import { ENDPOINTS } from '../../../src/web/api/endpoints.ts';
import { ADA, openTestSite, type TestSite } from '../../support/site.ts';

const TOKEN = 'a-token-that-nobody-guesses';
const GOOD = { Authorization: `Bearer ${TOKEN}` };

const openApiSite = () => openTestSite({ settings: { API_TOKENS: TOKEN } });

async function ask(site: TestSite, path: string, init: RequestInit = {}) {
  const response = await site.get(`/api/v1${path}`, { headers: GOOD, ...init });
  return { status: response.status, json: JSON.parse((await response.text()) || 'null') };
}

function send(site: TestSite, method: string, path: string, body: object) {
  const headers = { ...GOOD, 'Content-Type': 'application/json' };
  return ask(site, path, { method, body: JSON.stringify(body), headers });
}

describe('the API', () => {
  test.each([undefined, 'Bearer another-token-of-24-letters', 'Bearer ', `Basic ${TOKEN}`, TOKEN])(
    'says nothing to whoever comes with %s',
    async (token) => {
      const site = await openApiSite();
      const headers: Record<string, string> = token === undefined ? {} : { Authorization: token };
      for (const path of [
        '/subscribers',
        `/subscribers/${ADA}`,
        '/papers',
        '/issues',
        '/deliveries?issue=x',
      ]) {
        const answer = await ask(site, path, { headers });
        expect([answer.status, answer.json.ok]).toEqual([401, false]);
      }
      await ask(site, `/subscribers/${ADA}`, { method: 'DELETE', headers });
      expect((await site.subscriber()).state).toBe('active');
    },
  );

  test('lists subscribers and shows one', async () => {
    const site = await openApiSite();
    const ada = { email: ADA, days: '', deliverAt: '07:30', createdAt: '2026-08-19T05:00:00.000Z' };
    expect((await ask(site, '/subscribers')).json).toMatchObject([ada]);
    expect((await ask(site, `/subscribers/${ADA}`)).json).toMatchObject(ada);
    expect((await ask(site, '/subscribers/eve@example.org')).status).toBe(404);
  });

  test('adds, changes, unsubscribes and erases', async () => {
    const site = await openApiSite();
    const { db } = site.app.store;
    const bea = { email: 'bea@example.org', days: 'mon wed', topics: ['cs.CL'] };
    expect((await send(site, 'POST', '/subscribers', bea)).status).toBe(201);
    expect(await findByAddress(db, bea.email)).toMatchObject({ topics: ['cs.CL'], days: 5, state: 'active' });
    const changed = await send(site, 'PATCH', `/subscribers/${ADA}`, { deliverAt: '06:00' });
    expect(changed.json).toMatchObject({ deliverAt: '06:00', timezone: 'Europe/Berlin' });
    await ask(site, `/subscribers/${ADA}`, { method: 'DELETE' });
    expect((await site.subscriber()).state).toBe('unsubscribed');
    await ask(site, `/subscribers/${ADA}?erase=true`, { method: 'DELETE' });
    expect(await findByAddress(db, ADA)).toBeUndefined();
  });

  test('refuses what is not right, naming each field, and changes nothing', async () => {
    const site = await openApiSite();
    const wrong = { email: 'no', timezone: 'Mars', days: 'someday' };
    const { status, json } = await send(site, 'POST', '/subscribers', wrong);
    expect(status).toBe(422);
    for (const field of ['email', 'timezone', 'days']) expect(json.error).toContain(field);
    expect((await ask(site, '/subscribers?limit=5000')).status).toBe(422);
    expect((await ask(site, '/subscribers', { method: 'POST', body: '{', headers: GOOD })).status).toBe(422);
    expect((await ask(site, '/subscribers')).json).toHaveLength(1);
  });

  test('takes no text without a limit to its length', () => {
    const texts = (schema: unknown, path: string): string[] => {
      if (typeof schema !== 'object' || schema === null) return [];
      const { type, maxLength, enum: choices, format } = schema as Record<string, unknown>;
      const isOpen = type === 'string' && maxLength === undefined && !choices && format !== 'date';
      const inner = Object.entries(schema).flatMap(([name, part]) => texts(part, `${path}.${name}`));
      return isOpen ? [path, ...inner] : inner;
    };
    const open = ENDPOINTS.flatMap(({ method, path, query, body }) =>
      [query, body].flatMap((shape) =>
        shape ? texts(z.toJSONSchema(shape, { io: 'input' }), `${method} ${path}`) : [],
      ),
    );
    expect(open).toEqual([]);
  });

  test('gives issues with their papers, papers by search and by id, and deliveries', async () => {
    const site = await openApiSite();
    await mailToAda(site);
    expect((await ask(site, '/issues')).json).toMatchObject([{ date: '2026-08-19', number: 1 }]);
    const issue = (await ask(site, '/issues/2026-08-19')).json;
    expect(issue.papers[0]).toMatchObject({ id: 'arxiv:2608.00001', reasons: ['39 upvotes in 29 h'] });
    expect((await ask(site, '/papers?q=slow')).json).toMatchObject({
      total: 1,
      papers: [{ authors: ['Ada Example', 'Bo Sample'] }],
    });
    expect((await ask(site, '/papers/arxiv:2608.00001')).json.title).toBe('Slow Clocks for Fast Gardens');
    const [row] = (await ask(site, '/deliveries?issue=2026-08-19')).json;
    expect(row).toMatchObject({ state: 'planned', dueAt: '2026-08-19T07:00:00.000Z', settledAt: null });
    expect((await ask(site, '/deliveries?issue=2020-01-01')).status).toBe(404);
  });

  test('answers with exactly the fields that its description names', async () => {
    const site = await openApiSite();
    const { paths } = (await ask(site, '/openapi.json')).json;
    const fieldsOf = (path: string) => {
      const { schema } = paths[path].get.responses[200].content['application/json'];
      return Object.keys((schema.items ?? schema).properties).sort();
    };
    for (const [path, asked] of [
      ['/subscribers', '/subscribers'],
      ['/subscribers/{name}', `/subscribers/${ADA}`],
      ['/issues', '/issues'],
      ['/issues/{name}', '/issues/2026-08-19'],
      ['/papers', '/papers'],
      ['/papers/{name}', '/papers/arxiv:2608.00001'],
    ] as const) {
      const { json } = await ask(site, asked);
      expect([path, Object.keys([json].flat()[0]).sort()]).toEqual([path, fieldsOf(path)]);
    }
  });

  test('describes itself, for people and as OpenAPI with every endpoint', async () => {
    const site = await openApiSite();
    const { json } = await ask(site, '/openapi.json', { headers: {} });
    expect(json.openapi).toBe('3.1.0');
    expect(Object.keys(json.paths)).toEqual([
      '/subscribers',
      '/subscribers/{name}',
      '/issues',
      '/issues/{name}',
      '/papers',
      '/papers/{name}',
      '/deliveries',
    ]);
    expect(json.paths['/subscribers'].post.requestBody.content['application/json'].schema.required).toEqual([
      'email',
    ]);
    const page = await site.text('/api/v1');
    expect(page).toContain('GET /api/v1/papers/{name}');
  });
});

/** A mail of the issue that waits to be sent at nine in Berlin. */
async function mailToAda({ app, subscriber }: TestSite): Promise<void> {
  const { id } = await app.store.db.selectFrom('issues').select('id').executeTakeFirstOrThrow();
  const row = {
    subscriberId: (await subscriber()).id,
    address: ADA,
    dueAt: Date.parse('2026-08-19T07:00:00Z'),
  };
  await app.store.db.transaction().execute(async (trx) => {
    await setIssueState(trx, id, 'frozen');
    await plan(trx, id, [{ ...row, dueDay: '2026-08-19' }]);
  });
}
