import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { App } from '../../src/app.ts';
import { HOUR, SECOND } from '../../src/domain/time.ts';
import { linkFor } from '../../src/subscribers/links.ts';
import { findSubscriber } from '../../src/subscribers/subscribers-table.ts';
import { enrollSubscribers, openTestApp } from '../support/app.ts';
import { openPages } from '../support/pages.ts';

const ADA = 'ada@example.org';
const TOKEN = 'a-token-that-nobody-guesses';

/** 62 kB of the letters that are the dearest to normalise. */
const MARKS = '\u0301\u0316'.repeat(15_500);

/** Longer than any text that is worth a thought, and short enough that no work on it is much. */
const LONGEST_THOUGHT = 600;

/** Texts that were handed to what takes more than one look at each letter, since the last call. */
function watchTexts(): () => string[] {
  const spies = (['normalize', 'toLowerCase', 'toUpperCase', 'localeCompare'] as const).map((name) =>
    vi.spyOn(String.prototype, name),
  );
  onTestFinished(() => spies.forEach((spy) => void spy.mockRestore()));
  return () => {
    const texts = spies.flatMap((spy) => spy.mock.contexts.map(String));
    for (const spy of spies) spy.mockClear();
    return texts;
  };
}

async function openWithLinks() {
  const app = await openTestApp({ API_TOKENS: TOKEN });
  const [id = 0] = await enrollSubscribers(app, [ADA]);
  const [pending = 0] = await enrollSubscribers(app, ['new@example.org'], {
    state: 'pending',
    consent: 'form',
  });
  const issuedAt = app.clock();
  const link = (purpose: 'preferences' | 'manage' | 'confirm', of = id) =>
    new URL(linkFor(app, purpose, of, { issuedAt })).pathname;
  return { app, id, pending, link };
}

/** Every form with its fields, and what else it needs to come as far as it can. */
function formsOf({ app, pending, link }: Awaited<ReturnType<typeof openWithLinks>>) {
  const good = { deliver_at: '07:00', timezone: 'UTC', rhythm: 'every' };
  const signUp = { email: 'eve@example.org', stamp: openPages(app).stamp() };
  return [
    ['/subscribe', ['email', 'stamp', 'proof', 'plain', 'subject', 'topics'], signUp],
    [link('confirm', pending), ['timezone'], {}],
    [link('preferences'), ['deliver_at', 'timezone', 'rhythm', 'day', 'picks', 'interests'], good],
    [link('preferences'), ['mutes', 'pause', 'language'], good],
    [`${link('preferences')}/link`, ['for'], {}],
    [`${link('manage')}/address`, ['email'], {}],
  ] as const;
}

function expectLittle(texts: readonly string[], where: string): void {
  expect(Math.max(0, ...texts.map((text) => text.length)), where).toBeLessThan(LONGEST_THOUGHT);
}

describe('62 kB of combining marks', () => {
  test('in any field of any form are no work', async () => {
    const opened = await openWithLinks();
    await using app = opened.app;
    const { web } = openPages(app);
    const texts = watchTexts();
    for (const [path, fields, good] of formsOf(opened)) {
      for (const field of fields) {
        for (const value of [MARKS, `-${MARKS}`, `author:${MARKS}`, `a@${MARKS}.org`]) {
          texts();
          const body = new URLSearchParams({ ...good, [field]: value });
          // As multipart, since marks are three times as long when they are encoded.
          const form = new FormData();
          for (const [name, text] of body) form.set(name, text);
          const answer = await web.request(path, { method: 'POST', body: form });
          expect([200, 202, 422, 429], `${path} ${field}`).toContain(answer.status);
          expectLittle(texts(), `${path} ${field}`);
        }
      }
    }
  });

  test('in any field of JSON, in the API and in any query are no work', async () => {
    const opened = await openWithLinks();
    await using app = opened.app;
    const { web } = openPages(app);
    const texts = watchTexts();
    const auth = { Authorization: `Bearer ${TOKEN}` };
    const send = async (
      method: string,
      path: string,
      body?: object,
      headers: Record<string, string> = auth,
    ) => {
      texts();
      const type = { 'Content-Type': 'application/json' };
      const init =
        body === undefined ? { headers } : { headers: { ...headers, ...type }, body: JSON.stringify(body) };
      const answer = await web.request(path, { method, ...init });
      expect([200, 202, 404, 422], path).toContain(answer.status);
      expectLittle(texts(), `${method} ${path.slice(0, 60)} ${Object.keys(body ?? {})}`);
    };
    for (const field of ['email', 'stamp', 'proof', 'topics'])
      await send('POST', '/subscribe', { email: ADA, [field]: MARKS }, {});
    for (const field of ['email', 'name', 'timezone', 'deliverAt', 'days', 'topics'])
      for (const value of [MARKS, [MARKS]]) {
        await send('POST', '/api/v1/subscribers', { email: ADA, [field]: value });
        await send('PATCH', `/api/v1/subscribers/${ADA}`, { [field]: value });
      }
    const long = encodeURIComponent(MARKS.slice(0, 2500));
    for (const path of ['/papers?q=', '/feed.xml?q=', '/feed.json?q=', '/issues?before=', '/papers?page='])
      await send('GET', path + long);
    for (const path of [
      'subscribers?state=',
      'issues?before=',
      'papers?q=',
      'deliveries?issue=',
      'papers?order=',
    ])
      await send('GET', `/api/v1/${path}${long}`);
  });

  test('a thousand fields and a thousand lists in one another are no work and no error', async () => {
    const { app: opened, link } = await openWithLinks();
    await using app = opened;
    const { web } = openPages(app);
    const many = 'day=mon&'.repeat(7000);
    const answer = await web.request(link('preferences'), {
      method: 'POST',
      body: new URLSearchParams(`deliver_at=07:00&timezone=UTC&rhythm=chosen&${many}`),
    });
    expect(answer.status).toBe(200);
    const deep = `{"email":"${ADA}","proof":${'['.repeat(25_000)}${']'.repeat(25_000)}}`;
    for (const [path, method] of [
      ['/subscribe', 'POST'],
      ['/api/v1/subscribers', 'POST'],
    ] as const) {
      const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${TOKEN}` };
      const response = await web.request(path, { method, headers, body: deep });
      expect(response.status).toBe(422);
    }
    expect(app.logged).toEqual([]);
  });
});

describe('preferences', () => {
  const FORM = { deliver_at: '07:00', timezone: 'UTC', rhythm: 'every', interests: 'slow lamps' };

  test('are saved thirty times an hour, and then shown as they were typed, with when it will work again', async () => {
    const { app: opened, id, link } = await openWithLinks();
    await using app = opened;
    const pages = openPages(app);
    for (let count = 0; count < 30; count += 1)
      expect((await pages.post(link('preferences'), FORM)).status).toBe(200);
    const late = await pages.post(link('preferences'), { ...FORM, interests: 'quick lamps' });
    expect(late.status).toBe(429);
    expect(late.text).toContain('quick lamps');
    expect(late.text).toContain('You have saved very often in the last hour');
    expect(Number(late.headers.get('retry-after'))).toBe(3600);
    expect(await topicsOf(app, id)).toEqual(['slow lamps']);
    app.time.advance(HOUR + SECOND);
    expect((await pages.post(link('preferences'), { ...FORM, interests: 'quick lamps' })).status).toBe(200);
    expect(await topicsOf(app, id)).toEqual(['quick lamps']);
  });

  test('that are too long for any fifty topics are not saved in part', async () => {
    const { app: opened, id, link } = await openWithLinks();
    await using app = opened;
    const interests = `lamps${' '.repeat(12_000)}\nlanterns`;
    const answer = await openPages(app).post(link('preferences'), { ...FORM, interests });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('there is room for 50 topics');
    expect(await topicsOf(app, id)).toEqual([]);
  });

  test('begin with no more topics than a reader may have', async () => {
    await using app = await openTestApp();
    const topics = Array.from({ length: 300 }, (_, index) => `a${index}`).join('\n');
    await openPages(app).signUp('eve@example.org', undefined, { topics });
    const [{ topics: kept = '[]' } = {}] = await app.store.db
      .selectFrom('subscribers')
      .select('topics')
      .execute();
    expect(JSON.parse(kept)).toHaveLength(50);
  });
});

async function topicsOf(app: App, id: number): Promise<readonly string[] | undefined> {
  return (await findSubscriber(app.store.db, id))?.topics;
}
