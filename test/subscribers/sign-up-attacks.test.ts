import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { HOUR, SECOND } from '../../src/domain/time.ts';
import { settleSignUps } from '../../src/subscribers/sign-up.ts';
import { enrollSubscribers, openTestApp } from '../support/app.ts';
import { openNewsroom } from '../support/newsroom.ts';
import { openPages, stateOf } from '../support/pages.ts';
import { recorded } from '../support/recorded.ts';

describe('who is on the list', () => {
  test('shows neither in the answer nor in the work that it takes', async () => {
    await using real = await openTestApp();
    await enrollSubscribers(real, ['active@example.org']);
    for (const state of ['pending', 'unsubscribed', 'suppressed'] as const)
      await enrollSubscribers(real, [`${state}@example.org`], { state });
    await openPages(real).signUp('capped@example.org');
    const { app, statements } = recorded(real);
    const { web, stamp } = openPages(app);
    const seen = new Set<string>();
    for (const name of ['newcomer', 'active', 'pending', 'unsubscribed', 'suppressed', 'capped']) {
      statements.length = 0;
      const body = new URLSearchParams({ email: `${name}@example.org`, stamp: stamp() });
      const answer = await web.request('/subscribe', { method: 'POST', body });
      expect(statements.length).toBeGreaterThan(2);
      const headers = [...answer.headers].map(String);
      seen.add(JSON.stringify([answer.status, headers, await answer.text(), statements]));
    }
    expect(seen.size).toBe(1);
  });

  test('does not show in the pages of forged links either', async () => {
    await using app = await openTestApp();
    const [id = 0] = await enrollSubscribers(app, ['ada@example.org']);
    const pages = openPages(app);
    for (const purpose of ['confirm', 'unsubscribe', 'preferences', 'manage', 'address', 'erase']) {
      const [known, unknown] = [id, id + 1000].map(
        (of) => `/${purpose}/${of.toString(36)}.${'x'.repeat(27)}`,
      );
      const answers = [await pages.get(known ?? ''), await pages.get(unknown ?? '')];
      expect(answers.map(({ status }) => status)).toEqual([404, 404]);
      expect(answers[0]?.text.replace(/value="[\w.-]*"/g, '')).toBe(
        answers[1]?.text.replace(/value="[\w.-]*"/g, ''),
      );
    }
  });
});

describe('a mailbox', () => {
  test('is one however many addresses lead to it', async () => {
    await using room = await openNewsroom();
    const pages = openPages(room.app);
    for (const email of ['ada@gmail.com', 'a.d.a@gmail.com', 'ada+1@googlemail.com', 'ADA+2@gmail.com'])
      await pages.signUp(email);
    expect(room.relay.recipients()).toEqual(['ada@gmail.com']);
    for (let tag = 0; tag < 5; tag += 1) await pages.signUp(`bea+${tag}@example.org`);
    expect(room.relay.recipients().filter((to) => to.startsWith('bea'))).toEqual(['bea+0@example.org']);
  });

  test('of somebody who signs up gets no word that a visitor typed', async () => {
    await using room = await openNewsroom({}, { realMails: true });
    const { web, stamp } = openPages(room.app);
    const fields = {
      email: 'ada@example.org',
      stamp: stamp(),
      name: 'BUY NOW',
      message: 'http://spam.example',
    };
    await web.request('/subscribe?ref=BUY+NOW', { method: 'POST', body: new URLSearchParams(fields) });
    await openPages(room.app).signUp('bea@example.org');
    const [first] = room.relay.mails;
    expect(first?.to).toBe('ada@example.org');
    expect(String(first?.raw)).not.toMatch(/BUY|spam\.example/);
  });
});

describe('a flood', () => {
  test('from one address, one network and everywhere ends at its cap', async () => {
    await using app = await openTestApp({
      SIGNUP_PER_ADDRESS: '3/h',
      SIGNUP_PER_PREFIX: '5/h',
      SIGNUP_TOTAL: '8/h',
    });
    const pages = openPages(app);
    const statuses = async (count: number, from: (index: number) => string) => {
      const seen: number[] = [];
      for (let index = 0; index < count; index += 1)
        seen.push((await pages.signUp(`${from(index)}-${index}@example.org`, from(index))).status);
      return seen;
    };
    expect(await statuses(4, () => '203.0.113.1')).toEqual([200, 200, 200, 429]);
    expect(await statuses(4, (index) => `203.0.113.${index + 2}`)).toEqual([200, 200, 429, 429]);
    expect(await statuses(5, (index) => `198.51.${index}.1`)).toEqual([200, 200, 200, 503, 503]);
    const capped = await pages.signUp('eve@example.org', '203.0.113.1');
    const wait = Number(capped.headers.get('retry-after'));
    expect([capped.status, wait > 0 && wait <= 3600]).toEqual([429, true]);
    app.time.advance(HOUR + SECOND);
    expect((await pages.signUp('eve@example.org', '203.0.113.1')).status).toBe(200);
  });

  test('is counted across restarts and processes', async () => {
    await using app = await openTestApp({ SIGNUP_PER_ADDRESS: '1/h' });
    expect((await openPages(app).signUp('ada@example.org')).status).toBe(200);
    expect((await openPages({ ...app }).signUp('bea@example.org')).status).toBe(429);
  });

  test('of very many from everywhere asks browsers for work, and goes on at a trickle without', async () => {
    await using app = await openTestApp({ SIGNUP_CALM: '2/h', SIGNUP_PLAIN: '1/h' });
    const pages = openPages(app);
    const from = (index: number) => `198.51.${index}.1`;
    for (const index of [1, 2]) {
      await pages.signUp(`calm${index}@example.org`, from(index));
      expect(await stateOf(app, `calm${index}@example.org`)).toBe('pending');
    }
    const asked = await pages.signUp('ada@example.org', from(3));
    expect(asked.text).toContain('One more click');
    expect(await stateOf(app, 'ada@example.org')).toBeUndefined();
    const plain = await pages.signUp('plain@example.org', from(4), { plain: '1' });
    expect(plain.text).toContain('Check your inbox');
    expect((await pages.signUp('plain2@example.org', from(5), { plain: '1' })).status).toBe(503);

    const { stamp, challenge } = workIn(asked.text);
    app.time.advance(2 * SECOND);
    const solution = await solveChallenge({ challenge: JSON.parse(challenge), deriveKey });
    const proof = JSON.stringify({ challenge: JSON.parse(challenge), solution });
    const proved = { stamp, proof, plain: '1' };
    expect((await pages.signUp('ada@example.org', from(6), proved)).text).toContain('Check your inbox');
    expect(await stateOf(app, 'ada@example.org')).toBe('pending');

    const again = await pages.signUp('eve@example.org', from(7), { stamp, proof: `${proof} ` });
    expect(again.text, 'work counts once').toContain('One more click');
    const lazy = JSON.stringify({ challenge: JSON.parse(challenge), solution: { ...solution, counter: 1 } });
    const easier = proof.replace('"keyPrefix":"00"', '"keyPrefix":"0"');
    const nested = [500, 2000, 4000].map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
    const deep = nested.map((nest) => proof.replace('"parameters":{', `"parameters":{"x":${nest},`));
    for (const forged of ['{}', 'x', 'null', lazy, easier, ...nested, ...deep]) {
      const answer = await pages.signUp('eve@example.org', from(8), { stamp, proof: forged });
      expect(answer.text, forged.slice(0, 300)).toContain('One more click');
    }
    const elsewhere = await pages.signUp('eve@example.org', from(9), { proof });
    expect(elsewhere.text, 'work for another stamp').toContain('One more click');
    expect(app.logged.filter((line) => line.includes('failed'))).toEqual([]);
    expect(await stateOf(app, 'eve@example.org')).toBeUndefined();
  });

  test('leaves nobody behind who never confirmed, but those who were readers before', async () => {
    await using room = await openNewsroom();
    const { app } = room;
    const pages = openPages(app);
    await pages.signUp('ada@example.org');
    // As a database from before leaving was remembered may have it.
    await enrollSubscribers(app, ['bea@example.org'], { state: 'pending' });
    const [id = 0] = [await idOf(app, 'bea@example.org')];
    const row = { kind: 'daily' as const, date: '2026-08-01', sample: 0, state: 'done' as const, reason: '' };
    await app.store.db
      .insertInto('issues')
      .values({ ...row, id: 1, number: 1, frozen_at: 0, body: null, audience: 1, joined: 0, planned_at: 0 })
      .execute();
    const mail = {
      owner: '',
      lease_until: 0,
      attempts: 1,
      lost: 0,
      reply: '250 ok',
      settled_at: 1,
      next_at: 0,
    };
    await app.store.db
      .insertInto('deliveries')
      .values({
        ...mail,
        issue_id: 1,
        subscriber_id: id,
        address: 'bea@example.org',
        state: 'accepted',
        reason: '',
        due_at: 0,
        due_day: '',
      })
      .execute();
    await pages.signUp('bea@example.org');
    expect(await stateOf(app, 'bea@example.org')).toBe('pending');
    app.time.advance(7 * 24 * HOUR + SECOND);
    await settleSignUps(app);
    expect([await stateOf(app, 'ada@example.org'), await stateOf(app, 'bea@example.org')]).toEqual([
      undefined,
      'unsubscribed',
    ]);
    expect(await app.store.db.selectFrom('limits').select('key').execute()).toEqual([]);
  });
});

function workIn(page: string): { stamp: string; challenge: string } {
  const stamp = /name="stamp" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const challenge = (/data-challenge="([^"]+)"/.exec(page)?.[1] ?? '')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x3D;', '=');
  return { stamp, challenge };
}

async function idOf(app: App, email: string): Promise<number> {
  const row = await app.store.db
    .selectFrom('subscribers')
    .select('id')
    .where('email', '=', email)
    .executeTakeFirst();
  return row?.id ?? 0;
}
