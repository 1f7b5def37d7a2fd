import { describe, expect, test } from 'vitest';
import { ADA, openTestSite, type TestSite } from '../support/site.ts';

describe('signing up', () => {
  test('by the form asks to look into the inbox', async () => {
    const site = await openTestSite();
    const response = await post(site, { email: ' Ada+papers@Example.ORG ', stamp: site.stamp() });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Check your inbox');
    expect(await site.signUps()).toEqual(['Ada+papers@example.org']);
  });

  test('with a bad address shows the form again, what was wrong and what was typed', async () => {
    const site = await openTestSite();
    const response = await post(site, { email: '"><script>alert(1)</script>@x', stamp: site.stamp() });
    const page = await response.text();
    expect(response.status).toBe(422);
    expect(page).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;@x"');
    expect(page).toContain('aria-describedby="email-problem"');
    expect(page).toContain('id="email-problem"');
    expect(page).not.toContain('<script');
    expect(await site.signUps()).toEqual([]);
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
    const site = await openTestSite();
    expect((await post(site, { email, stamp: site.stamp() })).status).toBe(422);
    expect(await site.signUps()).toEqual([]);
  });

  test('offers the newsletter’s own categories and the week, folded away', async () => {
    const site = await openTestSite({ settings: { SOURCES: 'huggingface, arxiv:cs.CL+q-bio.XX' } });
    const page = await site.text('/');
    expect(page).toContain('<details class="choices">');
    expect(page).toMatch(
      /name="topic" value="cs.CL"> Language<[\s\S]*name="topic" value="q-bio.XX"> q-bio.XX</,
    );
    expect(page).toContain('<a href="/issues/latest">See the latest issue</a>');
    const form = new URLSearchParams({ email: ADA, stamp: site.stamp(), rhythm: 'weekly', topics: 'tides' });
    for (const topic of ['cs.CL', 'like:nonsense']) form.append('topic', topic);
    await site.get('/subscribe', { method: 'POST', body: form });
    expect(await site.signUps()).toEqual([`${ADA} tides cs.CL weekly`]);
  });

  test('keeps what was chosen when the address is wrong or one more click is needed', async () => {
    const site = await openTestSite();
    const chosen = { rhythm: 'weekly', topic: 'cs.CL' };
    const wrong = await (await post(site, { ...chosen, email: 'ada', stamp: site.stamp() })).text();
    expect(wrong).toContain('<details class="choices" open>');
    expect(wrong).toMatch(/value="weekly" checked/);
    expect(wrong).toMatch(/value="cs.CL" checked/);
    const almost = await (await post(site, { ...chosen, email: ADA, stamp: 'forged' })).text();
    expect(almost).toContain('name="topics" value="cs.CL"');
    expect(almost).toContain('name="rhythm" value="weekly"');
  });

  test('takes an international domain as its ASCII form', async () => {
    const site = await openTestSite();
    expect((await post(site, { email: 'ada@bücher.example', stamp: site.stamp() })).status).toBe(200);
    expect(await site.signUps()).toEqual(['ada@xn--bcher-kva.example']);
  });

  test('tells when the domain takes no mail', async () => {
    const site = await openTestSite({ settings: { MX_LOOKUP: 'true' } });
    const response = await post(site, { email: 'ada@nowhere.invalid', stamp: site.stamp() });
    expect([response.status, await site.signUps()]).toEqual([422, []]);
    expect(await response.text()).toContain('takes no mail');
  });

  test('by JSON answers in JSON', async () => {
    const site = await openTestSite();
    const good = await postJson(site, JSON.stringify({ email: ADA, stamp: site.stamp() }));
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
    expect(await site.signUps()).toEqual([ADA]);
  });

  test('with a file, a broken form or no form at all is a bad address, not an error', async () => {
    const file = new FormData();
    file.set('email', new File(['x'], ADA));
    const broken = { 'Content-Type': 'multipart/form-data; boundary=x' };
    for (const init of [{ body: file }, { body: 'no parts', headers: broken }, { body: 'plain' }, {}]) {
      const response = await (await openTestSite()).web.request('/subscribe', { method: 'POST', ...init });
      expect(response.status).toBe(422);
    }
  });

  test('with more than 64 KB is 413', async () => {
    const site = await openTestSite();
    const response = await post(site, { email: 'a'.repeat(70_000) });
    expect([response.status, await site.signUps()]).toEqual([413, []]);
  });
});

describe('whoever comes without a good stamp', () => {
  test.each([undefined, '', 'forged', 'early'])('has %j gets one with a button', async (kind) => {
    const site = await openTestSite();
    const stamp = kind === 'early' ? site.stamp(0) : kind;
    const response = await post(site, { email: ADA, ...(stamp !== undefined && { stamp }) });
    const page = await response.text();
    expect([response.status, await site.signUps()]).toEqual([200, []]);
    expect(page).toContain('One more click');
    // A stamp that is only too young is given back: it is good by the time that a person presses.
    const [, given = ''] = /name="stamp" value="([^"]+)"/.exec(page) ?? [];
    site.app.time.advance(2000);
    const again = await post(site, { email: ADA, stamp: given });
    expect([again.status, await site.signUps()]).toEqual([200, [ADA]]);
    if (kind === 'early') expect(given).toBe(stamp);
    expect(page).toContain(`name="email" value="${ADA}"`);
    expect(page).not.toContain('<script');
  });

  test('and sends JSON gets one in a 202', async () => {
    const site = await openTestSite();
    const response = await postJson(site, JSON.stringify({ email: ADA }));
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ ok: false, stamp: site.stamp(0) });
    expect(await site.signUps()).toEqual([]);
  });

  test('is not asked to wait for a bad address', async () => {
    expect((await post(await openTestSite(), { email: 'ada' })).status).toBe(422);
  });
});

test('the links and addresses of subscribers have caps of their own, told in the same way', async () => {
  for (const [purpose, form, fields] of [
    ['preferences', 'link', { for: 'erase' }],
    ['manage', 'address', { email: 'new@example.net' }],
  ] as const) {
    const site = await openTestSite({ settings: { SIGNUP_PER_ADDRESS: '1/h' } });
    const path = `${await site.path(purpose)}/${form}`;
    expect((await site.post(path, fields)).status).toBe(200);
    const response = await site.post(path, fields);
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '3600']);
    expect(await response.text()).toContain('Too many requests came from you');
  }
});

test('who fills in the field that nobody sees is told what everybody is told, and nothing comes of it', async () => {
  const site = await openTestSite();
  const caught = await post(site, { email: ADA, stamp: site.stamp(), subject: 'Buy' });
  expect(await site.signUps()).toEqual([]);
  const honest = await post(site, { email: ADA, stamp: site.stamp(), subject: '' });
  expect(await site.signUps()).toEqual([ADA]);
  expect(await caught.text()).toBe(await honest.text());
});

describe('when very many sign up', () => {
  const crowded = () => openTestSite({ settings: { PROOF_OF_WORK: 'always' } });

  test('a browser is given work, and one without JavaScript a button', async () => {
    const site = await crowded();
    const page = await (await post(site, { email: ADA, stamp: site.stamp() })).text();
    expect(page).toContain('data-challenge="{&quot;parameters&quot;:');
    expect(page).toContain('name="plain" value="1"');
    expect(page).toMatch(/<script type="module" src="\/assets\/proof\.js\?v&#x3D;\w+"><\/script>/);
    expect(await site.signUps()).toEqual([]);
    await post(site, { email: ADA, stamp: site.stamp(), proof: '', plain: '1' });
    expect(await site.signUps()).toEqual([ADA]);
    await post(site, { email: ADA, stamp: site.stamp(), proof: '{"done":1}', plain: '1' });
    expect(await site.signUps()).toEqual([ADA, ADA]);
  });

  test('a program gets the work as JSON, and may give the proof as JSON', async () => {
    const site = await crowded();
    const response = await postJson(site, JSON.stringify({ email: ADA, stamp: site.stamp() }));
    expect(response.status).toBe(202);
    const given = (await response.json()) as { stamp: string; challenge: object };
    const parameters = { algorithm: 'PBKDF2/SHA-256', data: { stamp: given.stamp } };
    expect(given.challenge).toMatchObject({ parameters });
    const proof = { challenge: given.challenge, solution: { counter: 1, derivedKey: '00' } };
    const wrong = await postJson(site, JSON.stringify({ email: ADA, stamp: site.stamp(), proof }));
    expect([wrong.status, await site.signUps()]).toEqual([202, []]);
  });

  test.each([
    ['SIGNUP_PER_ADDRESS', 429],
    ['SIGNUP_TOTAL', 503],
  ])('the cap %s is told with the time to wait as %j', async (cap, status) => {
    const site = await openTestSite({ settings: { [cap]: '1/h' } });
    await post(site, { email: ADA, stamp: site.stamp() });
    for (const response of [
      await post(site, { email: ADA, stamp: site.stamp() }),
      await postJson(site, JSON.stringify({ email: ADA, stamp: site.stamp() })),
    ]) {
      expect(response.status).toBe(status);
      expect(response.headers.get('retry-after')).toBe('3600');
    }
  });

  test('visitors are told apart by what a trusted proxy says', async () => {
    const site = await openTestSite({ settings: { SIGNUP_PER_ADDRESS: '1/h' } });
    const headers = { 'X-Forwarded-For': '6.6.6.6, 203.0.113.9' };
    const ask = async (remoteAddress: string) => {
      const body = new URLSearchParams({ email: ADA, stamp: site.stamp() });
      const env = { incoming: { socket: { remoteAddress } } };
      return (await site.web.request('/subscribe', { method: 'POST', headers, body }, env)).status;
    };
    expect(await ask('127.0.0.1')).toBe(200);
    expect(await ask('198.51.100.1')).toBe(200);
    expect(await ask('127.0.0.1')).toBe(429);
    expect(await ask('203.0.113.9')).toBe(429);
  });
});

function post(site: TestSite, fields: Record<string, string>): Response | Promise<Response> {
  return site.web.request('/subscribe', { method: 'POST', body: new URLSearchParams(fields) });
}

function postJson(site: TestSite, body: string): Response | Promise<Response> {
  const headers = { 'Content-Type': 'application/json; charset=utf-8' };
  return site.web.request('/subscribe', { method: 'POST', body, headers });
}
