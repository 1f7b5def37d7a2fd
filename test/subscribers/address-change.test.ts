import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { DAY, HOUR, SECOND } from '../../src/domain/time.ts';
import { addNotice, dueNotices } from '../../src/ledger/notices.ts';
import { linkFor } from '../../src/subscribers/links.ts';
import { findSubscriber, setAddress } from '../../src/subscribers/subscribers-table.ts';
import { enrollSubscribers, openTestApp } from '../support/app.ts';
import { openNewsroom } from '../support/newsroom.ts';
import { linkIn, openPages, stateOf } from '../support/pages.ts';
import { recorded } from '../support/recorded.ts';
import { startSmtpServer } from '../support/smtp-server.ts';

const ADA = 'ada@example.org';

/** A subscriber and a link to `manage`, as freshly mailed to them. */
async function withManageLink(app: App) {
  const [id = 0] = await enrollSubscribers(app, [ADA]);
  const link = () => linkFor(app, 'manage', id, { issuedAt: app.clock() });
  const pages = openPages(app);
  const wish = (email: string, from?: string) => pages.post(`${link()}/address`, { email }, from);
  return { id, link, pages, wish };
}

async function addressOf(app: App, id: number): Promise<string | undefined> {
  return (await findSubscriber(app.store.db, id))?.email;
}

describe('a link to prove an address', () => {
  test('proves the mailbox that it was mailed to, and no other that was asked for in the same second', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    const { id, pages, wish } = await withManageLink(app);
    await wish('mine@example.net');
    await wish('victim@example.com');
    const mine = await linkIn(relay.mails.find(({ to }) => to === 'mine@example.net')?.raw, 'address');
    expect((await pages.get(mine)).text).not.toContain('victim');
    expect((await pages.post(mine)).status).toBe(410);
    expect(await findSubscriber(app.store.db, id)).toMatchObject({ email: ADA });
    expect(await stateOf(app, 'victim@example.com')).toBeUndefined();
  });

  test('never moves a reader to an address whose mailbox did not get it, whatever is asked for and when', async () => {
    const step = fc.record({
      to: fc.constantFrom('a@one.example', 'b@two.example', 'c@three.example'),
      wait: fc.constantFrom(0, 1, SECOND, HOUR, 2 * HOUR),
      press: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async (steps) => {
        await using relay = await startSmtpServer();
        await using app = await openTestApp({ SMTP_URL: relay.url });
        const { id, pages, wish } = await withManageLink(app);
        for (const { to, wait, press } of steps) {
          await wish(to);
          for (const mail of press ? relay.mails : []) {
            const before = await addressOf(app, id);
            await pages.post(await linkIn(mail.raw, 'address'));
            expect([before, mail.to]).toContain(await addressOf(app, id));
          }
          app.time.advance(wait);
        }
      }),
    );
  });

  test('goes on working when the same address is asked for again, which brings no second mail', async () => {
    await using room = await openNewsroom();
    const { id, wish } = await withManageLink(room.app);
    await wish('mine@example.net');
    room.app.time.advance(SECOND);
    await wish('mine@example.net');
    expect(room.relay.recipients()).toEqual(['mine@example.net']);
    await openPages(room.app).post(await linkIn(room.relay.mails[0]?.raw, 'address'));
    expect((await findSubscriber(room.app.store.db, id))?.email).toBe('mine@example.net');
  });

  test('is forgotten after a day, with the mail that carried it', async () => {
    await using room = await openNewsroom();
    const { app } = room;
    const { wish } = await withManageLink(app);
    await wish('mine@example.net');
    app.time.advance(DAY + SECOND);
    await openPages(app).signUp('somebody@example.net');
    expect(await app.store.db.selectFrom('address_changes').selectAll().execute()).toEqual([]);
    const notices = await app.store.db.selectFrom('notices').select('address').execute();
    expect(notices).toEqual([{ address: 'somebody@example.net' }]);
  });
});

test('a notice that is sent late has links for its reader as they were when it was made', async () => {
  await using app = await openTestApp();
  const [id = 0] = await enrollSubscribers(app, [ADA]);
  await addNotice(app.store.db, 'manage', { id, email: ADA }, app.clock());
  await setAddress(app.store.db, id, 'new@example.net');
  expect(await dueNotices(app.store.db, 9)).toMatchObject([{ address: ADA, tokenVersion: 0 }]);
});

describe('asking for another address', () => {
  test('mails three strangers an hour and six a day, from however many places', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    const { wish } = await withManageLink(app);
    const statuses = new Set<number>();
    for (let count = 0; count < 60; count += 1)
      statuses.add((await wish(`x${count}@d${count}.example`, `198.51.${count}.1`)).status);
    expect([relay.mails.length, [...statuses]]).toEqual([3, [200, 429]]);
    app.time.advance(HOUR + SECOND);
    for (let count = 0; count < 9; count += 1) await wish(`y${count}@e${count}.example`);
    app.time.advance(HOUR + SECOND);
    const late = await wish('z@f.example');
    expect([relay.mails.length, late.status]).toEqual([6, 429]);
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(20 * 3600);
  });

  test('counts against the caps of sign-ups too: of the network, the domain and all', async () => {
    const settings = { SIGNUP_PER_ADDRESS: '2/h', SIGNUP_PER_DOMAIN: '2/h', SIGNUP_TOTAL: '4/h' };
    await using app = await openTestApp(settings);
    const ids = await enrollSubscribers(app, ['a@one.example', 'b@one.example', 'c@one.example']);
    const pages = openPages(app);
    const ask = async (subscriber: number, email: string, from: string) => {
      const link = linkFor(app, 'manage', ids[subscriber] ?? 0, { issuedAt: app.clock() });
      return (await pages.post(`${link}/address`, { email }, from)).status;
    };
    expect(await ask(0, 'x@one.example', '198.51.1.1')).toBe(200);
    expect(await ask(1, 'y@two.example', '198.51.1.1')).toBe(200);
    expect(await ask(2, 'z@three.example', '198.51.1.1'), 'the network').toBe(429);
    expect(await ask(2, 'z@sub.one.example', '198.51.2.1')).toBe(200);
    expect(await ask(0, 'w@one.example', '198.51.3.1'), 'the domain').toBe(503);
    expect(await ask(1, 'v@four.example', '198.51.4.1')).toBe(200);
    expect(await ask(2, 'u@five.example', '198.51.5.1'), 'all').toBe(503);
  });

  test('is the same work whoever has the address', async () => {
    await using real = await openTestApp();
    const { link, pages } = await withManageLink(real);
    for (const state of ['active', 'pending', 'unsubscribed', 'suppressed'] as const)
      await enrollSubscribers(real, [`${state}@${state}.example`], { state });
    await pages.signUp('capped@capped.example');
    const { app, statements } = recorded(real);
    const { web } = openPages(app);
    const seen = new Set<string>();
    for (const name of ['nobody', 'active', 'pending', 'unsubscribed', 'suppressed', 'capped']) {
      real.time.advance(DAY / 4);
      if (name === 'capped') await pages.signUp('capped@capped.example');
      statements.length = 0;
      const body = new URLSearchParams({ email: `${name}@${name}.example` });
      const answer = await web.request(new URL(`${link()}/address`).pathname, { method: 'POST', body });
      expect(statements.length).toBeGreaterThan(3);
      const text = (await answer.text()).replaceAll(`${name}@${name}`, 'NAME');
      seen.add(JSON.stringify([answer.status, [...answer.headers].map(String), text, statements]));
    }
    expect(seen.size).toBe(1);
  });
});

describe('who is on the list', () => {
  /** What the holder of a manage link, who also has the mailbox `mine`, can do. */
  const action = fc.oneof(
    fc.record({ wish: fc.constantFrom('target@example.com', 'mine@example.net', 'other@example.edu') }),
    fc.record({ look: fc.nat({ max: 3 }) }),
    fc.record({ wait: fc.constantFrom(1, SECOND, HOUR, 5 * HOUR) }),
    fc.constant({ take: 'export' }),
    fc.constant({ take: 'page' }),
  );
  type Action = { wish?: string; look?: number; wait?: number; take?: string };

  /** Everything that they see, and every row that is kept of what they did. */
  async function seenBy(actions: readonly Action[], setUp: (app: App) => Promise<unknown>): Promise<string> {
    await using relay = await startSmtpServer();
    await using app = await openTestApp({ SMTP_URL: relay.url, SECRET: 'the same in both worlds' });
    const { id, link, pages } = await withManageLink(app);
    await setUp(app);
    const seen: unknown[] = [];
    const keep = ({ status, text, headers }: Awaited<ReturnType<typeof pages.get>>) =>
      seen.push([status, text, [...headers].map(String)]);
    for (const { wish, look, wait, take } of actions) {
      if (wish) keep(await pages.post(`${link()}/address`, { email: wish }));
      if (wait) app.time.advance(wait);
      const mine = relay.mails.filter(({ to }) => to === 'mine@example.net')[look ?? -1];
      if (mine) keep(await pages.get(await linkIn(mine.raw, 'address')));
      if (take === 'export') keep(await pages.post(`${link()}/export`));
      if (take === 'page') keep(await pages.get(link()));
    }
    const { db } = app.store;
    const rows = await Promise.all([
      db.selectFrom('address_changes').selectAll().execute(),
      db.selectFrom('subscribers').selectAll().where('id', '=', id).execute(),
      db.selectFrom('limits').selectAll().where('key', 'like', '%:1').orderBy('key').execute(),
    ]);
    return JSON.stringify([seen, rows]);
  }

  test('shows in nothing that the holder of a manage link can do or see, in whatever order', async () => {
    const states = fc.constantFrom('active', 'pending', 'unsubscribed', 'suppressed', 'capped');
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 2, maxLength: 8 }), states, async (actions, state) => {
        const absent = await seenBy(actions, async () => {});
        const present = await seenBy(actions, (app) =>
          state === 'capped'
            ? openPages(app).signUp('target@example.com', '198.51.100.7')
            : enrollSubscribers(app, ['target@example.com'], { state }),
        );
        expect(present).toBe(absent);
      }),
    );
  });

  test('does not show in one’s data, which has the wish and not what became of it', async () => {
    await using room = await openNewsroom();
    const { app } = room;
    await enrollSubscribers(app, ['bea@example.com']);
    const { link, pages, wish } = await withManageLink(app);
    for (const email of ['bea@example.com', 'nobody@example.edu']) {
      await wish(email);
      const data = JSON.parse((await pages.post(`${link()}/export`)).text);
      expect(data).toMatchObject({ addressChange: { email }, notices: [] });
    }
  });
});
