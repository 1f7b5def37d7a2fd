import { describe, expect, test } from 'vitest';
import { HOUR } from '../../src/domain/time.ts';
import { WEEKDAYS, WEEKLY } from '../../src/domain/weekdays.ts';
import { openTestSite } from '../support/site.ts';

describe('confirming', () => {
  test('takes a button: the link alone changes nothing', async () => {
    const site = await openTestSite({ subscriber: { state: 'pending' } });
    const link = await site.path('confirm');
    const page = await site.get(link);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<form method="post">');
    expect((await site.subscriber()).state).toBe('pending');
    const done = await site.post(link);
    const text = await done.text();
    expect(done.status).toBe(200);
    expect(text).toContain('every day at 07:30, Berlin time');
    expect(text).toContain(await site.path('preferences'));
    expect((await site.subscriber()).state).toBe('active');
  });

  test('twice shows the same as once', async () => {
    const site = await openTestSite();
    expect(await site.text(await site.path('confirm'))).toContain('You are subscribed');
  });

  test('too late is 410 with the sign-up form', async () => {
    const site = await openTestSite();
    const old = `/confirm/${await site.token('confirm', 8 * 24 * HOUR)}`;
    for (const response of [await site.get(old), await site.post(old)]) {
      expect(response.status).toBe(410);
      expect(await response.text()).toContain('action="/subscribe"');
    }
  });
});

describe('unsubscribing', () => {
  test('takes a button: the link alone changes nothing', async () => {
    const site = await openTestSite();
    const link = await site.path('unsubscribe');
    expect(await site.text(link)).toContain(`<form method="post" action="${link}">`);
    expect((await site.subscriber()).state).toBe('active');
    expect((await site.post(link)).status).toBe(200);
    expect((await site.post(link)).status).toBe(200);
    expect((await site.subscriber()).state).toBe('unsubscribed');
    expect(await site.text(link)).toContain('You are unsubscribed');
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
      const site = await openTestSite();
      const response = await site.get(await site.path('unsubscribe'), { method: 'POST', ...init });
      expect([response.status, response.headers.get('location')]).toEqual([200, null]);
      expect((await site.subscriber()).state).toBe('unsubscribed');
    }
  });
});

describe('a pause in place of leaving', () => {
  test('is offered, keeps every choice, and says until when', async () => {
    const site = await openTestSite();
    const link = await site.path('unsubscribe');
    expect(await site.text(link)).toContain(`<form method="post" action="${link}/pause"`);
    const before = await site.subscriber();
    const paused = await site.post(`${link}/pause`, { pause: '2' });
    expect(await paused.text()).toContain('until Wednesday, 2 September 2026');
    expect(await site.subscriber()).toEqual({ ...before, pausedUntil: Date.parse('2026-09-02T05:00:00Z') });
  });

  test.each(['0', '13', 'x', ''])('of %j weeks is none: the page is shown again', async (pause) => {
    const site = await openTestSite();
    const link = await site.path('unsubscribe');
    expect(await (await site.post(`${link}/pause`, { pause })).text()).toContain('Unsubscribe from');
    expect((await site.subscriber()).pausedUntil).toBe(0);
  });
});

describe('preferences', () => {
  test('show what is kept and no address', async () => {
    const page = await textOf(await openTestSite());
    expect(page).toContain('<option selected>07:30</option>');
    expect(page).toContain('value="Europe/Berlin"');
    expect(page).toMatch(/value="every" checked/);
    expect(page.match(/<option/g)?.length).toBeGreaterThan(48 + 300);
    expect(page).not.toContain('ada@example.org');
  });

  test('are saved', async () => {
    const site = await openTestSite();
    const response = await post(site, [
      ['deliver_at', '22:00'],
      ['timezone', ' asia/tokyo '],
      ['rhythm', 'chosen'],
      ['day', 'mon'],
      ['day', 'thu'],
    ]);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(
      'Your newsletter arrives on Monday and Thursday at 22:00, Tokyo time.',
    );
    expect(await site.subscriber()).toMatchObject({ deliverAt: '22:00', timezone: 'Asia/Tokyo', days: 9 });
    await post(site, { deliver_at: '06:30', timezone: 'UTC', rhythm: 'weekdays' });
    expect(await site.subscriber()).toMatchObject({ deliverAt: '06:30', timezone: 'UTC', days: WEEKDAYS });
  });

  test('that are wrong come back with everything typed and each problem tied to its field', async () => {
    const site = await openTestSite();
    const before = await site.subscriber();
    const response = await post(site, {
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
    expect(await site.subscriber()).toEqual(before);
  });

  test.each([{ rhythm: 'chosen', day: 'someday' }, { rhythm: '' }])('refuse the days %j', async (days) => {
    const fields = { deliver_at: '07:00', timezone: 'UTC', ...days } as Record<string, string>;
    const site = await openTestSite();
    const before = await site.subscriber();
    expect((await post(site, fields)).status).toBe(422);
    expect(await site.subscriber()).toEqual(before);
  });

  test('say of each list what is wrong with it, at the list', async () => {
    const site = await openTestSite();
    const wishes = { deliver_at: '07:00', timezone: 'UTC', rhythm: 'every' };
    const mutes = await (await post(site, { ...wishes, interests: 'tides', mutes: 'like:nonsense' })).text();
    expect(mutes).toContain('<ul class="problem" id="mutes-problem">');
    expect(mutes).toContain('<a href="#mutes">Not interested in, one per line</a>');
    expect(mutes).not.toContain('id="interests-problem"');
    const interests = await (await post(site, { ...wishes, interests: 'like:nonsense', mutes: '' })).text();
    expect(interests).toContain('<ul class="problem" id="interests-problem">');
    expect(interests).not.toContain('id="mutes-problem"');
  });

  test('keep a weekly reader weekly', async () => {
    const site = await openTestSite({ subscriber: { days: WEEKLY } });
    const page = await textOf(site);
    expect(page).toMatch(/value="weekly" checked/);
    await post(site, { deliver_at: '09:00', timezone: 'UTC', rhythm: 'weekly' });
    expect(await site.subscriber()).toMatchObject({ deliverAt: '09:00', days: WEEKLY });
  });

  test('tell a reader who left that nothing is mailed', async () => {
    const site = await openTestSite({ subscriber: { state: 'unsubscribed' } });
    const page = await textOf(site);
    expect(page).toContain('You are not subscribed at the moment');
    expect(page).not.toContain('/unsubscribe/');
  });
});

describe('a page behind a token', () => {
  const purposes = ['confirm', 'unsubscribe', 'preferences'] as const;

  test('is 404 for a forged token and for one of another purpose', async () => {
    const site = await openTestSite();
    const before = await site.subscriber();
    for (const purpose of purposes) {
      const others = await Promise.all(
        purposes.filter((other) => other !== purpose).map((other) => site.token(other)),
      );
      for (const token of ['forged', ...others, '%00', 'x'.repeat(5000)]) {
        expect((await site.get(`/${purpose}/${token}`)).status).toBe(404);
        expect((await site.post(`/${purpose}/${token}`)).status).toBe(404);
      }
    }
    expect(await site.subscriber()).toEqual(before);
  });

  test('stays out of caches, search engines and frames, whatever its answer', async () => {
    const site = await openTestSite();
    const good = await Promise.all(purposes.map((purpose) => site.path(purpose)));
    const old = await site.token('confirm', 8 * 24 * HOUR);
    for (const path of [...good, `/confirm/${old}`, '/confirm/forged']) {
      for (const method of ['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT']) {
        const { headers } = await site.get(path, { method });
        expect(headers.get('cache-control')).toBe('no-store');
        expect(headers.get('x-robots-tag')).toBe('noindex');
        expect(headers.get('x-frame-options')).toBe('DENY');
      }
    }
  });
});

type TestSite = Awaited<ReturnType<typeof openTestSite>>;

async function textOf(site: TestSite): Promise<string> {
  return site.text(await site.path('preferences'));
}

async function post(
  site: TestSite,
  fields: Record<string, string> | [string, string][] = {},
): Promise<Response> {
  return site.post(await site.path('preferences'), fields);
}

describe('the language of a page', () => {
  test('is the reader’s own on their pages, and the newsletter’s on those for everybody', async () => {
    const site = await openTestSite({ subscriber: { language: 'de' } });
    const own = await textOf(site);
    expect(own).toContain('<html lang="de" dir="ltr">');
    expect(own).toContain('Ihr Newsletter');
    expect(own).toContain('Höchstens 5');
    expect(own).toContain('<option value="de" lang="de" selected>Deutsch</option>');
    expect(own).not.toContain('[object');
    const home = await site.text('/');
    expect(home).toContain('<html lang="en" dir="ltr">');
    const german = await openTestSite({ settings: { LANGUAGE: 'de' } });
    expect(await german.text('/')).toContain('Mittwoch, 19. August 2026');
  });

  test('is chosen among the preferences, and the answer is in it at once', async () => {
    const site = await openTestSite();
    const wishes = { deliver_at: '06:30', timezone: 'UTC', rhythm: 'every' };
    const saved = await post(site, { ...wishes, language: 'de' });
    expect(await saved.text()).toContain('Ihr Newsletter kommt jeden Tag um 06:30 Uhr (Ortszeit UTC).');
    expect((await site.subscriber()).language).toBe('de');
    const wrong = await post(site, { ...wishes, language: 'tlh' });
    expect(wrong.status).toBe(422);
    expect(await wrong.text()).toContain('Bitte wählen Sie eine Sprache');
    expect((await site.subscriber()).language).toBe('de');
  });
});
