import { expect, test } from 'vitest';
import { checkTopics } from '../../../src/papers/topics.ts';
import { openNewsroom, runOnce } from '../../support/newsroom.ts';
import { openWeb } from '../../support/pages.ts';

const TOKEN = 'a-token-that-nobody-guesses';

test('a program with a token adds a reader, sees their delivery, and erases them', async () => {
  await using room = await openNewsroom({ API_TOKENS: TOKEN });
  const web = openWeb(room.app);
  const ask = async (method: string, path: string, body?: object) => {
    const headers = { Authorization: `Bearer ${TOKEN}` };
    const response = await web.request(`/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
    return { status: response.status, json: JSON.parse(await response.text()) };
  };
  const added = await ask('POST', '/subscribers', {
    email: 'ada@example.org',
    name: 'Ada',
    timezone: 'Asia/Tokyo',
  });
  expect(added).toMatchObject({
    status: 201,
    json: { state: 'active', name: 'Ada', timezone: 'Asia/Tokyo' },
  });
  await runOnce(room.app);
  const [row] = (await ask('GET', '/deliveries?issue=2026-08-19')).json;
  expect(row).toMatchObject({ address: 'ada@example.org', state: 'accepted' });
  const { json } = await ask('GET', '/papers?q=2026');
  expect(json.total).toBe(json.papers.length);
  expect((await ask('DELETE', '/subscribers/ada@example.org')).status).toBe(200);
  expect((await ask('GET', '/subscribers/ada@example.org')).json.state).toBe('unsubscribed');
  await ask('DELETE', '/subscribers/ada@example.org?erase=true');
  expect((await ask('GET', '/subscribers/ada@example.org')).status).toBe(404);
});

test('the API takes names and topics as forms and files do, and keeps them as they keep them', async () => {
  await using room = await openNewsroom({ API_TOKENS: TOKEN });
  const web = openWeb(room.app);
  const send = async (method: string, path: string, body: object) => {
    const headers = { Authorization: `Bearer ${TOKEN}` };
    const response = await web.request(`/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
    return { status: response.status, json: JSON.parse(await response.text()) };
  };
  const email = 'ada@example.org';
  for (const [wrong, field] of [
    [{ name: 'Ada\r\nBcc: eve@example.org' }, 'name'],
    [{ name: 'A\u0000da' }, 'name'],
    [{ name: 'a'.repeat(201) }, 'name'],
    [{ topics: ['like:nonsense'] }, 'topics'],
    [{ topics: ['x'.repeat(101)] }, 'topics'],
    [{ topics: Array.from({ length: 51 }, (_, index) => `topic ${index}`) }, 'topics'],
  ] as const) {
    const { status, json } = await send('POST', '/subscribers', { email, ...wrong });
    expect([status, json.error]).toEqual([422, expect.stringContaining(field)]);
  }
  expect(await room.app.store.db.selectFrom('subscribers').select('id').execute()).toEqual([]);
  const topics = [
    'warm; lanterns',
    'https://arxiv.org/abs/2510.01234v2',
    'cs.CL',
    'CS.cl',
    ' slow\n\tlamps ',
  ];
  const { json } = await send('POST', '/subscribers', { email, name: 'Ada', topics });
  expect(json).toMatchObject({ name: 'Ada', topics: checkTopics(topics).topics });
  expect(json.topics).toContain('warm lanterns');
  const changed = await send('PATCH', `/subscribers/${email}`, { topics: ['Author: Ada Lovelace'] });
  expect(changed.json.topics).toEqual(['author:Ada Lovelace']);
});

test('without tokens the API is closed to everybody', async () => {
  await using room = await openNewsroom();
  const web = openWeb(room.app);
  for (const token of ['', 'x', TOKEN]) {
    const headers = { Authorization: `Bearer ${token}` };
    expect((await web.request('/api/v1/subscribers', { headers })).status).toBe(401);
  }
});
