import { describe, expect, test } from 'vitest';
import { WEEKDAYS, WEEKLY } from '../../src/domain/days.ts';
import { createWeb } from '../../src/web/web.ts';
import { type FakeSite, fakeSite } from './fake-site.ts';

describe('signing up', () => {
  test('by the form asks to look into the inbox', async () => {
    const site = fakeSite();
    const response = await post(site, '/subscribe', { email: ' Ada+papers@Example.ORG ' });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Look into your inbox');
    expect(site.changes).toEqual(['signUp Ada+papers@example.org']);
  });

  test('with a bad address shows the form again, what was wrong and what was typed', async () => {
    const site = fakeSite();
    const response = await post(site, '/subscribe', { email: '"><script>alert(1)</script>@x' });
    const page = await response.text();
    expect(response.status).toBe(422);
    expect(page).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;@x"');
    expect(page).toContain('aria-describedby="email-problem"');
    expect(page).toContain('id="email-problem"');
    expect(page).not.toContain('<script');
    expect(site.changes).toEqual([]);
  });

  test.each(['', 'ada', 'ada@example.org\r\nBcc: eve@example.org', 'ada@example.org,eve@example.org'])(
    'refuses %j',
    async (email) => {
      const site = fakeSite();
      expect((await post(site, '/subscribe', { email })).status).toBe(422);
      expect(site.changes).toEqual([]);
    },
  );

  test('by JSON answers in JSON', async () => {
    const site = fakeSite();
    const good = await postJson(site, '{"email":"ada@example.org"}');
    expect([good.status, await good.json()]).toEqual([200, { ok: true }]);
    for (const body of ['{"email":"ada"}', '{"email":["a@example.org"]}', '{}', 'null', '{broken', '']) {
      const bad = await postJson(site, body);
      expect([body, bad.status]).toEqual([body, 422]);
      expect(await bad.json()).toMatchObject({ ok: false, error: expect.stringContaining('address') });
    }
    expect(site.changes).toEqual(['signUp ada@example.org']);
  });

  test('with a file, a broken form or no form at all is a bad address, not an error', async () => {
    const file = new FormData();
    file.set('email', new File(['x'], 'ada@example.org'));
    const broken = { 'Content-Type': 'multipart/form-data; boundary=x' };
    for (const init of [{ body: file }, { body: 'no parts', headers: broken }, { body: 'plain' }, {}]) {
      const response = await createWeb(fakeSite()).request('/subscribe', { method: 'POST', ...init });
      expect(response.status).toBe(422);
    }
  });

  test('with more than 64 KB is 413', async () => {
    const site = fakeSite();
    const response = await post(site, '/subscribe', { email: 'a'.repeat(70_000) });
    expect([response.status, site.changes]).toEqual([413, []]);
  });
});

describe('confirming', () => {
  test('takes a button: the link alone changes nothing', async () => {
    const site = fakeSite({ reader: { state: 'pending' } });
    const page = await createWeb(site).request('/confirm/c-good');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<form method="post">');
    expect(site.changes).toEqual([]);
    const done = await post(site, '/confirm/c-good');
    const text = await done.text();
    expect(done.status).toBe(200);
    expect(text).toContain('07:30');
    expect(text).toContain('Europe/Berlin');
    expect(text).toContain('/preferences/p-good');
    expect(site.reader.state).toBe('active');
  });

  test('twice shows the same as once', async () => {
    const page = await createWeb(fakeSite()).request('/confirm/c-good');
    expect(await page.text()).toContain('You are subscribed');
  });

  test('too late is 410 with the sign-up form', async () => {
    const site = fakeSite();
    for (const response of [
      await createWeb(site).request('/confirm/old'),
      await post(site, '/confirm/old'),
    ]) {
      expect(response.status).toBe(410);
      expect(await response.text()).toContain('action="/subscribe"');
    }
  });
});

describe('unsubscribing', () => {
  test('takes a button: the link alone changes nothing', async () => {
    const site = fakeSite();
    const page = await createWeb(site).request('/unsubscribe/u-good');
    expect(await page.text()).toContain('<form method="post">');
    expect(site.changes).toEqual([]);
    expect((await post(site, '/unsubscribe/u-good')).status).toBe(200);
    expect((await post(site, '/unsubscribe/u-good')).status).toBe(200);
    expect(site.reader.state).toBe('unsubscribed');
    expect(await (await createWeb(site).request('/unsubscribe/u-good')).text()).toContain(
      'You are unsubscribed',
    );
  });

  test('in one click works as urlencoded, multipart, broken and empty body from any origin', async () => {
    const multipart = new FormData();
    multipart.set('List-Unsubscribe', 'One-Click');
    const bodies = [
      { body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) },
      { body: multipart },
      { body: 'x', headers: { 'Content-Type': 'multipart/form-data' } },
      { headers: { Origin: 'https://mail.example', 'Sec-Fetch-Site': 'cross-site' } },
    ];
    for (const init of bodies) {
      const site = fakeSite();
      const response = await createWeb(site).request('/unsubscribe/u-good', { method: 'POST', ...init });
      expect([response.status, response.headers.get('location')]).toEqual([200, null]);
      expect(site.changes).toEqual(['unsubscribe u-good']);
    }
  });
});

describe('preferences', () => {
  test('show what is kept and no address', async () => {
    const page = await (await createWeb(fakeSite()).request('/preferences/p-good')).text();
    expect(page).toContain('<option selected>07:30</option>');
    expect(page).toContain('value="Europe/Berlin"');
    expect(page).toMatch(/value="every" checked/);
    expect(page.match(/<option/g)?.length).toBeGreaterThan(48 + 300);
    expect(page).not.toContain('ada@example.org');
    expect(page).not.toContain('value="weekly"');
  });

  test('are saved', async () => {
    const site = fakeSite();
    const response = await post(site, '/preferences/p-good', [
      ['deliver_at', '22:00'],
      ['timezone', ' asia/tokyo '],
      ['rhythm', 'chosen'],
      ['day', 'mon'],
      ['day', 'thu'],
    ]);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('22:00, Asia/Tokyo time, on Monday and Thursday');
    expect(site.reader).toMatchObject({ deliverAt: '22:00', timezone: 'Asia/Tokyo', days: 9 });
    await post(site, '/preferences/p-good', { deliver_at: '06:30', timezone: 'UTC', rhythm: 'weekdays' });
    expect(site.reader).toMatchObject({ deliverAt: '06:30', timezone: 'UTC', days: WEEKDAYS });
  });

  test('that are wrong come back with everything typed and each problem tied to its field', async () => {
    const site = fakeSite();
    const response = await post(site, '/preferences/p-good', {
      deliver_at: '07:10',
      timezone: 'Atlantis/"City"',
      rhythm: 'chosen',
    });
    const page = await response.text();
    expect(response.status).toBe(422);
    expect(page).toContain('value="Atlantis/&quot;City&quot;"');
    expect(page).toMatch(/value="chosen" checked/);
    for (const id of ['deliver-at-problem', 'timezone-problem', 'days-problem']) {
      expect(page).toContain(`id="${id}"`);
      expect(page).toMatch(new RegExp(`aria-describedby="[^"]*${id}`));
    }
    expect(site.changes).toEqual([]);
  });

  test.each([{ rhythm: 'chosen', day: 'someday' }, { rhythm: 'weekly' }, { rhythm: '' }])(
    'refuse the days %j',
    async (days) => {
      const fields = { deliver_at: '07:00', timezone: 'UTC', ...days } as Record<string, string>;
      const site = fakeSite();
      expect((await post(site, '/preferences/p-good', fields)).status).toBe(422);
      expect(site.changes).toEqual([]);
    },
  );

  test('keep a weekly reader weekly', async () => {
    const site = fakeSite({ reader: { days: WEEKLY } });
    const page = await (await createWeb(site).request('/preferences/p-good')).text();
    expect(page).toMatch(/value="weekly" checked/);
    await post(site, '/preferences/p-good', { deliver_at: '09:00', timezone: 'UTC', rhythm: 'weekly' });
    expect(site.reader).toMatchObject({ deliverAt: '09:00', days: WEEKLY });
  });

  test('tell a reader who left that nothing is mailed', async () => {
    const site = fakeSite({ reader: { state: 'unsubscribed' } });
    const page = await (await createWeb(site).request('/preferences/p-good')).text();
    expect(page).toContain('You are not subscribed at present');
    expect(page).not.toContain('/unsubscribe/');
  });
});

describe('a page behind a token', () => {
  const paths = ['/confirm/', '/unsubscribe/', '/preferences/'];

  test('is 404 for a forged token and for one of another purpose', async () => {
    for (const path of paths) {
      for (const token of ['forged', 'c-good', 'u-good', 'p-good', '%00', 'x'.repeat(5000)]) {
        if (path[1] === token[0] && token.endsWith('-good')) continue;
        const site = fakeSite();
        expect((await createWeb(site).request(path + token)).status).toBe(404);
        expect((await post(site, path + token, {})).status).toBe(404);
        expect(site.reader).toEqual(fakeSite().reader);
      }
    }
  });

  test('stays out of caches, search engines and frames, whatever its answer', async () => {
    for (const path of [
      ...paths.map((path) => `${path}${path[1]}-good`),
      '/confirm/old',
      '/confirm/forged',
    ]) {
      for (const method of ['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT']) {
        const { headers } = await createWeb(fakeSite()).request(path, { method });
        expect(headers.get('cache-control')).toBe('no-store');
        expect(headers.get('x-robots-tag')).toBe('noindex');
        expect(headers.get('x-frame-options')).toBe('DENY');
      }
    }
  });
});

function post(
  site: FakeSite,
  path: string,
  fields: Record<string, string> | [string, string][] = {},
): Response | Promise<Response> {
  return createWeb(site).request(path, { method: 'POST', body: new URLSearchParams(fields) });
}

function postJson(site: FakeSite, body: string): Response | Promise<Response> {
  const headers = { 'Content-Type': 'application/json; charset=utf-8' };
  return createWeb(site).request('/subscribe', { method: 'POST', body, headers });
}
