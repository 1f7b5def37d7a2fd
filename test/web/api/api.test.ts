import { expect, test } from 'vitest';
import { checkTopics } from '../../../src/papers/topics.ts';
import { eraseById, removeSubscriber } from '../../../src/subscribers/admin.ts';
import { suppressSubscriber } from '../../../src/subscribers/suppress.ts';
import { enrollSubscribers } from '../../support/app.ts';
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

test('the API brings nobody back who has left, was erased, or whose address is dead', async () => {
  await using room = await openNewsroom({ API_TOKENS: TOKEN });
  const { app } = room;
  const web = openWeb(app);
  const add = async (email: string) => {
    const headers = { Authorization: `Bearer ${TOKEN}` };
    const body = JSON.stringify({ email });
    const response = await web.request('/api/v1/subscribers', { method: 'POST', headers, body });
    return { status: response.status, json: JSON.parse(await response.text()) };
  };
  const [, erased = 0, dead = 0] = await enrollSubscribers(app, ['left', 'erased', 'dead'].map(at));
  await removeSubscriber(app, at('left'));
  await eraseById(app, erased);
  await suppressSubscriber(app, dead, { reason: 'hard', reply: '550 5.1.1 no' });
  await enrollSubscribers(app, [at('pending')], { state: 'pending' });
  for (const [name, reason] of [
    ['left', 'unsubscribed'],
    ['erased', 'unsubscribed'],
    ['dead', 'suppressed (hard)'],
  ] as const) {
    const { status, json } = await add(at(name));
    expect(status).toBe(409);
    expect(json.error).toContain(`left out: ${reason}.`);
  }
  for (const name of ['new', 'pending', 'new'])
    expect(await add(at(name))).toMatchObject({ status: 201, json: { state: 'active' } });
  await runOnce(app);
  expect(room.relay.recipients().toSorted()).toEqual(['new', 'pending'].map(at));
});

const at = (name: string) => `${name}@example.org`;
