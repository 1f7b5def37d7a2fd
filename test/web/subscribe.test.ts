import { describe, expect, test } from 'vitest';
import { createWeb } from '../../src/web/web.ts';
import { type FakeSite, fakeSite, STAMP } from './fake-site.ts';

const ADA = 'ada@example.org';
const taken = (address = ADA, how = 'unknown unknown') => [`signUp ${address} ${how}`];

describe('signing up', () => {
  test('by the form asks to look into the inbox', async () => {
    const site = fakeSite();
    const response = await post(site, { email: ' Ada+papers@Example.ORG ', stamp: STAMP });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Look into your inbox');
    expect(site.changes).toEqual(taken('Ada+papers@example.org'));
  });

  test('with a bad address shows the form again, what was wrong and what was typed', async () => {
    const site = fakeSite();
    const response = await post(site, { email: '"><script>alert(1)</script>@x', stamp: STAMP });
    const page = await response.text();
    expect(response.status).toBe(422);
    expect(page).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;@x"');
    expect(page).toContain('aria-describedby="email-problem"');
    expect(page).toContain('id="email-problem"');
    expect(page).not.toContain('<script');
    expect(site.changes).toEqual([]);
  });

  test.each([
    '',
    'ada',
    'ada@example.org\r\nBcc: eve@example.org',
    'ada@example.org%0d%0aBcc: eve@example.org',
    'ada@example.org,eve@example.org',
    '"ada\\\r\n"@example.org',
    `${'a'.repeat(65)}@example.org`,
    `ada@${'a'.repeat(250)}.org`,
  ])('refuses %j', async (email) => {
    const site = fakeSite();
    expect((await post(site, { email, stamp: STAMP })).status).toBe(422);
    expect(site.changes).toEqual([]);
  });

  test('takes an international domain as its ASCII form', async () => {
    const site = fakeSite();
    expect((await post(site, { email: 'ada@bücher.example', stamp: STAMP })).status).toBe(200);
    expect(site.changes).toEqual(taken('ada@xn--bcher-kva.example'));
  });

  test('tells when the domain takes no mail', async () => {
    const site = fakeSite();
    const response = await post(site, { email: 'ada@no-mail.example.org', stamp: STAMP });
    expect([response.status, site.changes]).toEqual([422, []]);
    expect(await response.text()).toContain('takes no mail');
  });

  test('by JSON answers in JSON', async () => {
    const site = fakeSite();
    const good = await postJson(site, JSON.stringify({ email: ADA, stamp: STAMP }));
    expect([good.status, await good.json()]).toEqual([200, { ok: true }]);
    for (const body of [
      '{"email":"ada"}',
      '{"email":["a@example.org"]}',
      '{}',
      'null',
      '[]',
      '{broken',
      '',
    ]) {
      const bad = await postJson(site, body);
      expect([body, bad.status]).toEqual([body, 422]);
      expect(await bad.json()).toMatchObject({ ok: false, error: expect.stringContaining('address') });
    }
    expect(site.changes).toEqual(taken());
  });

  test('with a file, a broken form or no form at all is a bad address, not an error', async () => {
    const file = new FormData();
    file.set('email', new File(['x'], ADA));
    const broken = { 'Content-Type': 'multipart/form-data; boundary=x' };
    for (const init of [{ body: file }, { body: 'no parts', headers: broken }, { body: 'plain' }, {}]) {
      const response = await createWeb(fakeSite()).request('/subscribe', { method: 'POST', ...init });
      expect(response.status).toBe(422);
    }
  });

  test('with more than 64 KB is 413', async () => {
    const site = fakeSite();
    const response = await post(site, { email: 'a'.repeat(70_000) });
    expect([response.status, site.changes]).toEqual([413, []]);
  });
});

describe('whoever comes without a good stamp', () => {
  test.each([undefined, '', 'forged', 'stamp-early'])('has %j gets one with a button', async (stamp) => {
    const site = fakeSite();
    const response = await post(site, { email: ADA, ...(stamp !== undefined && { stamp }) });
    const page = await response.text();
    expect([response.status, site.changes]).toEqual([200, []]);
    expect(page).toContain('One more click');
    // A stamp that is only too young is given back: it is good by the time that a person presses.
    const given = stamp === 'stamp-early' ? stamp : STAMP;
    expect(page).toContain(`name="stamp" value="${given}"`);
    expect(page).toContain(`name="email" value="${ADA}"`);
    expect(page).not.toContain('<script');
  });

  test('and sends JSON gets one in a 202', async () => {
    const site = fakeSite();
    const response = await postJson(site, JSON.stringify({ email: ADA }));
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ ok: false, stamp: STAMP });
    expect(site.changes).toEqual([]);
  });

  test('is not asked to wait for a bad address', async () => {
    expect((await post(fakeSite(), { email: 'ada' })).status).toBe(422);
  });
});

test('the links and addresses of readers have caps of their own, told in the same way', async () => {
  for (const [path, fields] of [
    ['/preferences/p-good/link', { for: 'erase' }],
    ['/manage/m-good/address', { email: 'new@example.net' }],
  ] as const) {
    const site = fakeSite();
    site.answer = { kind: 'later', retryAfter: 61_001, yours: true };
    const response = await createWeb(site).request(path, {
      method: 'POST',
      body: new URLSearchParams(fields),
    });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '62']);
    expect(await response.text()).toContain('Too many requests came from you');
  }
});

test('who fills in the field that nobody sees is told what everybody is told, and nothing comes of it', async () => {
  const site = fakeSite();
  const caught = await post(site, { email: ADA, stamp: STAMP, subject: 'Buy' });
  expect(site.changes).toEqual([]);
  const honest = await post(site, { email: ADA, stamp: STAMP, subject: '' });
  expect(site.changes).toEqual(taken());
  expect(await caught.text()).toBe(await honest.text());
});

describe('when very many sign up', () => {
  test('a browser is given work, and one without JavaScript a button', async () => {
    const site = fakeSite();
    site.answer = { kind: 'prove' };
    const page = await (await post(site, { email: ADA, stamp: STAMP })).text();
    expect(page).toContain(`data-challenge="{&quot;for&quot;:&quot;${STAMP}&quot;}"`);
    expect(page).toContain('name="plain" value="1"');
    expect(page).toMatch(/<script type="module" src="\/assets\/proof\.js\?v&#x3D;\w+"><\/script>/);
    site.answer = { kind: 'taken' };
    await post(site, { email: ADA, stamp: STAMP, proof: '', plain: '1' });
    await post(site, { email: ADA, stamp: STAMP, proof: '{"done":1}', plain: '1' });
    expect(site.changes.slice(1)).toEqual([
      ...taken(ADA, 'unknown unknown plain'),
      ...taken(ADA, 'unknown unknown {"done":1} plain'),
    ]);
  });

  test('a program gets the work as JSON, and may give the proof as JSON', async () => {
    const site = fakeSite();
    site.answer = { kind: 'prove' };
    const response = await postJson(site, JSON.stringify({ email: ADA, stamp: STAMP }));
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ stamp: STAMP, challenge: { for: STAMP } });
    await postJson(site, JSON.stringify({ email: ADA, stamp: STAMP, proof: { done: 1 } }));
    expect(site.changes.at(-1)).toBe(`signUp ${ADA} unknown unknown {"done":1}`);
  });

  test.each([
    [true, 429],
    [false, 503],
  ])('the caps are told with the time to wait (of this visitor: %j)', async (yours, status) => {
    const site = fakeSite();
    site.answer = { kind: 'later', retryAfter: 61_001, yours };
    for (const response of [
      await post(site, { email: ADA, stamp: STAMP }),
      await postJson(site, JSON.stringify({ email: ADA, stamp: STAMP })),
    ]) {
      expect(response.status).toBe(status);
      expect(response.headers.get('retry-after')).toBe('62');
    }
  });

  test('visitors are told apart by what a trusted proxy says', async () => {
    const site = fakeSite();
    const headers = { 'X-Forwarded-For': '6.6.6.6, 203.0.113.9' };
    const body = new URLSearchParams({ email: ADA, stamp: STAMP });
    for (const remoteAddress of ['127.0.0.1', '198.51.100.1']) {
      const env = { incoming: { socket: { remoteAddress } } };
      await createWeb(site).request('/subscribe', { method: 'POST', headers, body }, env);
    }
    expect(site.changes).toEqual([
      ...taken(ADA, '203.0.113.9 203.0.113.0/24'),
      ...taken(ADA, '198.51.100.1 198.51.100.0/24'),
    ]);
  });
});

function post(site: FakeSite, fields: Record<string, string>): Response | Promise<Response> {
  return createWeb(site).request('/subscribe', { method: 'POST', body: new URLSearchParams(fields) });
}

function postJson(site: FakeSite, body: string): Response | Promise<Response> {
  const headers = { 'Content-Type': 'application/json; charset=utf-8' };
  return createWeb(site).request('/subscribe', { method: 'POST', body, headers });
}
