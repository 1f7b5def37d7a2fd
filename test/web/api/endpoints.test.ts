import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ENDPOINTS } from '../../../src/web/api/endpoints.ts';
import { createWeb } from '../../../src/web/web.ts';
import { fakeSite, makeIssue } from '../fake-site.ts';

const GOOD = { Authorization: 'Bearer t-good' };

async function ask(path: string, init: RequestInit = {}, site = fakeSite()) {
  const response = await createWeb(site).request(`/api/v1${path}`, { headers: GOOD, ...init });
  return { status: response.status, json: JSON.parse((await response.text()) || 'null'), site, response };
}

async function send(method: string, path: string, body: object) {
  return ask(path, {
    method,
    body: JSON.stringify(body),
    headers: { ...GOOD, 'Content-Type': 'application/json' },
  });
}

describe('the API', () => {
  test.each([undefined, 'Bearer t-bad', 'Bearer ', 'Basic t-good', 't-good'])(
    'says nothing to whoever comes with %s',
    async (token) => {
      for (const path of [
        '/subscribers',
        '/subscribers/ada@example.org',
        '/papers',
        '/issues',
        '/deliveries?issue=x',
      ]) {
        const answer = await ask(path, { headers: token === undefined ? {} : { Authorization: token } });
        expect([answer.status, answer.json.ok]).toEqual([401, false]);
      }
      const { site } = await ask('/subscribers/ada@example.org', { method: 'DELETE', headers: {} });
      expect(site.changes).toEqual([]);
    },
  );

  test('lists readers and shows one', async () => {
    const subscriber = { email: 'ada@example.org', days: '', deliverAt: '07:30', createdAt: null };
    expect((await ask('/subscribers')).json).toMatchObject([subscriber]);
    expect((await ask('/subscribers/ada@example.org')).json).toMatchObject(subscriber);
    expect((await ask('/subscribers/eve@example.org')).status).toBe(404);
  });

  test('adds, changes, unsubscribes and erases', async () => {
    const added = await send('POST', '/subscribers', {
      email: 'bea@example.org',
      days: 'mon wed',
      topics: ['cs.CL'],
    });
    expect([added.status, added.site.changes]).toEqual([
      201,
      ['add bea@example.org {"topics":["cs.CL"],"days":5}'],
    ]);
    const changed = await send('PATCH', '/subscribers/ada@example.org', { deliverAt: '06:00' });
    expect(changed.site.changes).toEqual(['change {"deliverAt":"06:00"} ada@example.org']);
    expect((await ask('/subscribers/ada@example.org', { method: 'DELETE' })).site.changes).toEqual([
      'leave ada@example.org',
    ]);
    const erased = await ask('/subscribers/ada@example.org?erase=true', { method: 'DELETE' });
    expect(erased.site.changes).toEqual(['erase ada@example.org']);
  });

  test('refuses what is not right, naming each field, and changes nothing', async () => {
    const { status, json, site } = await send('POST', '/subscribers', {
      email: 'no',
      timezone: 'Mars',
      days: 'someday',
    });
    expect(status).toBe(422);
    for (const field of ['email', 'timezone', 'days']) expect(json.error).toContain(field);
    expect((await ask('/subscribers?limit=5000')).status).toBe(422);
    expect((await ask('/subscribers', { method: 'POST', body: '{', headers: GOOD })).status).toBe(422);
    expect(site.changes).toEqual([]);
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
    const site = fakeSite({ issues: [makeIssue()] });
    expect((await ask('/issues', {}, site)).json).toMatchObject([{ date: '2026-08-19', number: 1 }]);
    const issue = (await ask('/issues/2026-08-19', {}, site)).json;
    expect(issue.papers[0]).toMatchObject({ id: 'arxiv:2608.00001', reasons: ['39 upvotes in 29 h'] });
    expect((await ask('/papers?q=slow', {}, site)).json).toMatchObject({
      total: 1,
      papers: [{ authors: ['Ada Example', 'Bo Sample'] }],
    });
    expect((await ask('/papers/arxiv:2608.00001', {}, site)).json.title).toBe('Slow Clocks for Fast Gardens');
    const [row] = (await ask('/deliveries?issue=2026-08-19', {}, site)).json;
    expect(row).toMatchObject({ state: 'accepted', dueAt: '2026-08-19T07:00:00.000Z', settledAt: null });
    expect((await ask('/deliveries?issue=2020-01-01', {}, site)).status).toBe(404);
  });

  test('describes itself, for people and as OpenAPI with every endpoint', async () => {
    const { json } = await ask('/openapi.json', { headers: {} });
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
    const page = await (await createWeb(fakeSite()).request('/api/v1')).text();
    expect(page).toContain('GET /api/v1/papers/{name}');
  });
});
