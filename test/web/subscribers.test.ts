import { describe, expect, test } from 'vitest';
import { WEEKDAYS, WEEKLY } from '../../src/domain/weekdays.ts';
import { createWeb } from '../../src/web/web.ts';
import { type FakeSite, fakeSite } from './fake-site.ts';

describe('confirming', () => {
  test('takes a button: the link alone changes nothing', async () => {
    const site = fakeSite({ subscriber: { state: 'pending' } });
    const page = await createWeb(site).request('/confirm/c-good');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<form method="post">');
    expect(site.changes).toEqual([]);
    const done = await post(site, '/confirm/c-good');
    const text = await done.text();
    expect(done.status).toBe(200);
    expect(text).toContain('every day at 07:30, Berlin time');
    expect(text).toContain('/preferences/p-good');
    expect(site.subscriber.state).toBe('active');
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
    expect(await page.text()).toContain('<form method="post" action="/unsubscribe/u-good">');
    expect(site.changes).toEqual([]);
    expect((await post(site, '/unsubscribe/u-good')).status).toBe(200);
    expect((await post(site, '/unsubscribe/u-good')).status).toBe(200);
    expect(site.subscriber.state).toBe('unsubscribed');
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
    expect(await response.text()).toContain('It comes on Monday and Thursday at 22:00, Tokyo time.');
    expect(site.subscriber).toMatchObject({ deliverAt: '22:00', timezone: 'Asia/Tokyo', days: 9 });
    await post(site, '/preferences/p-good', { deliver_at: '06:30', timezone: 'UTC', rhythm: 'weekdays' });
    expect(site.subscriber).toMatchObject({ deliverAt: '06:30', timezone: 'UTC', days: WEEKDAYS });
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

  test.each([{ rhythm: 'chosen', day: 'someday' }, { rhythm: '' }])('refuse the days %j', async (days) => {
    const fields = { deliver_at: '07:00', timezone: 'UTC', ...days } as Record<string, string>;
    const site = fakeSite();
    expect((await post(site, '/preferences/p-good', fields)).status).toBe(422);
    expect(site.changes).toEqual([]);
  });

  test('keep a weekly reader weekly', async () => {
    const site = fakeSite({ subscriber: { days: WEEKLY } });
    const page = await (await createWeb(site).request('/preferences/p-good')).text();
    expect(page).toMatch(/value="weekly" checked/);
    await post(site, '/preferences/p-good', { deliver_at: '09:00', timezone: 'UTC', rhythm: 'weekly' });
    expect(site.subscriber).toMatchObject({ deliverAt: '09:00', days: WEEKLY });
  });

  test('tell a reader who left that nothing is mailed', async () => {
    const site = fakeSite({ subscriber: { state: 'unsubscribed' } });
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
        expect(site.subscriber).toEqual(fakeSite().subscriber);
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

describe('the language of a page', () => {
  test('is the reader’s own on their pages, and the newsletter’s on those for everybody', async () => {
    const site = fakeSite({ subscriber: { language: 'de' } });
    const own = await (await createWeb(site).request('/preferences/p-good')).text();
    expect(own).toContain('<html lang="de" dir="ltr">');
    expect(own).toContain('Ihr Newsletter');
    expect(own).toContain('Höchstens 5');
    expect(own).toContain('<option value="de" lang="de" selected>Deutsch</option>');
    expect(own).not.toContain('[object');
    const home = await (await createWeb(site).request('/')).text();
    expect(home).toContain('<html lang="en" dir="ltr">');
    const german = fakeSite({ site: { language: 'de' } });
    expect(await (await createWeb(german).request('/')).text()).toContain('Mittwoch, 19. August 2026');
  });

  test('is chosen among the preferences, and the answer is in it at once', async () => {
    const site = fakeSite();
    const wishes = { deliver_at: '06:30', timezone: 'UTC', rhythm: 'every' };
    const saved = await post(site, '/preferences/p-good', { ...wishes, language: 'de' });
    expect(await saved.text()).toContain('Es kommt täglich um 06:30 Uhr (Ortszeit UTC).');
    expect(site.subscriber.language).toBe('de');
    const wrong = await post(site, '/preferences/p-good', { ...wishes, language: 'tlh' });
    expect(wrong.status).toBe(422);
    expect(await wrong.text()).toContain('Bitte wählen Sie eine Sprache');
    expect(site.subscriber.language).toBe('de');
  });
});
