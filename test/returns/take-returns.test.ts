import { describe, expect, test } from 'vitest';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { mailTag } from '../../src/domain/verp.ts';
import { issueCalled } from '../../src/issues/find-edition.ts';
import { holdIssue } from '../../src/issues/hold.ts';
import { findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { findSuppression } from '../../src/subscribers/suppressions-table.ts';
import { cli } from '../cli/fake-host.ts';
import { addresses, enrollSubscribers } from '../support/app.ts';
import { listedDay } from '../support/feeds.ts';
import { openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';
import { complaint, dsn } from './bounce.ts';
import { everythingElse, sentIssue, tagOf, take } from './support.ts';

const stateOf = async (app: Parameters<typeof everythingElse>[0], email: string) =>
  (await findByAddress(app.store.db, email))?.state;

describe('a mail', () => {
  test('has its signed tag as Message-ID and in its envelope sender', async () => {
    await using room = await sentIssue(addresses(1));
    const [mail] = room.relay.mails;
    const tag = tagOf(room.app, room.ids[0] ?? 0);
    expect(mail?.from).toBe(`bounces+${tag}@papers.example.org`);
    expect(mail?.raw.toString()).toContain(`Message-ID: <${tag}@papers.example.org>`);
  });
});

describe('an accepted mail that comes back', () => {
  test('has failed, takes its dead address off the list, and the next issue is not sent to it', async () => {
    await using room = await sentIssue(addresses(3), {
      WEBHOOK_URLS: 'https://hooks.example.org/',
      WEBHOOK_SECRET: 'not a secret of anybody',
    });
    const { app, feeds, relay, ids } = room;
    expect(await take(app, dsn(tagOf(app, ids[1] ?? 0)))).toEqual(['suppressed']);
    expect(await stateOf(app, 'reader2@example.org')).toBe('suppressed');
    const row = await app.store.db
      .selectFrom('deliveries')
      .selectAll()
      .where('subscriber_id', '=', ids[1] ?? 0)
      .executeTakeFirst();
    expect(row).toMatchObject({
      state: 'failed',
      reason: 'hard',
      bounce_class: 'hard',
      reply: expect.stringContaining('550 5.1.1'),
    });
    expect(await wrongBooks(app)).toEqual([]);
    const calls = await app.store.db.selectFrom('hook_calls').select('body').execute();
    expect(calls.filter(({ body }) => body.includes('"bounced"'))).toHaveLength(1);
    app.time.advance(DAY);
    feeds.state.days['2026-08-19'] = listedDay('2026-08-19', 12);
    await runOnce(app);
    expect(relay.count('reader1@example.org')).toBe(2);
    expect(relay.count('reader2@example.org')).toBe(1);
    const { out } = await cli(app, 'status', '2026-08-19');
    expect(out).toContain('1 came back');
  });

  test('counts once, however often and by whichever way it is brought', async () => {
    await using room = await sentIssue(addresses(1));
    const { app, ids } = room;
    const mail = dsn(tagOf(app, ids[0] ?? 0), { status: '5.2.2', diagnostic: 'smtp; 552 5.2.2 full' });
    expect(await take(app, mail, mail)).toEqual(['counted', 'known']);
    const before = await everythingElse(app);
    expect(await take(app, `Delivered-To: somebody@else.example\r\n${mail}`)).toEqual(['known']);
    expect(await everythingElse(app)).toBe(before);
  });

  test('changes nothing when its tag is forged, is another newsletter’s, or stands in no field of ours', async () => {
    await using room = await sentIssue(addresses(2));
    const { app, ids } = room;
    const before = await everythingElse(app);
    const tag = tagOf(app, ids[0] ?? 0);
    const forged = tag.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const other = mailTag('another secret', { table: 'deliveries', issueId: 1, subscriberId: ids[0] ?? 0 });
    const inText = dsn('nothing').replace(
      'This is the mail system',
      `reader1@example.org ${tag} This is the mail system`,
    );
    expect(await take(app, dsn(forged), dsn(other), inText)).toEqual(['unmatched', 'unmatched', 'unmatched']);
    expect(await everythingElse(app)).toBe(before);
    expect(await app.store.db.selectFrom('returns').selectAll().execute()).toEqual([]);
  });

  test('of an address that its subscriber has left is about the delivery only', async () => {
    await using room = await sentIssue(addresses(1));
    const { app, ids } = room;
    await app.store.db
      .updateTable('subscribers')
      .set({ email: 'new@example.org', email_key: 'new@example.org' })
      .execute();
    expect(await take(app, dsn(tagOf(app, ids[0] ?? 0)))).toEqual(['none']);
    expect(await stateOf(app, 'new@example.org')).toBe('active');
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('is not a dead address’s while it is only delayed, delivered, or against our mail', async () => {
    await using room = await sentIssue(addresses(1));
    const { app, ids } = room;
    const tag = tagOf(app, ids[0] ?? 0);
    const results = await take(
      app,
      dsn(tag, { action: 'delayed', status: '4.4.1' }),
      dsn(tag, { action: 'delivered', status: '2.0.0' }),
      dsn(tag, { status: '5.7.1', diagnostic: 'smtp; 550 5.7.1 spam' }),
    );
    expect(results).toEqual(['none', 'none', 'policy']);
    expect(await stateOf(app, 'reader1@example.org')).toBe('active');
  });

  test('is held with those before it when a whole domain comes back', async () => {
    await using room = await sentIssue(addresses(40), { OPERATOR_EMAIL: 'desk@example.net' });
    const { app, ids } = room;
    const results = await take(app, ...ids.slice(0, 25).map((id) => dsn(tagOf(app, id))));
    expect(results.slice(-3)).toEqual(['held', 'held', 'held']);
    const states = await app.store.db
      .selectFrom('subscribers')
      .select('state')
      .where('state', '=', 'suppressed')
      .execute();
    expect(states).toEqual([]);
    const { out } = await cli(app, 'returns', 'list', '--effect', 'held', '--json');
    expect(JSON.parse(out)).toHaveLength(25);
    expect(await wrongBooks(app)).toEqual([]);
    const told = await app.store.db
      .selectFrom('notices')
      .select('detail')
      .where('kind', '=', 'operator')
      .execute();
    expect(told.some(({ detail }) => detail.includes('came back'))).toBe(true);
    expect((await cli(app, 'subscribers', 'suppress', '--held')).out).toContain('25 readers are suppressed');
  });
});

describe('a complaint', () => {
  test('ends the mails for ever, and neither an import nor the form brings them back before thirty days', async () => {
    await using room = await sentIssue(addresses(1));
    const { app, ids } = room;
    expect(await take(app, complaint(tagOf(app, ids[0] ?? 0)))).toEqual(['complained']);
    expect((await findSuppression(app.store.db, 'reader1@example.org'))?.reason).toBe('complained');
    expect(await stateOf(app, 'reader1@example.org')).toBe('suppressed');
    expect(
      (await app.store.db.selectFrom('deliveries').select('state').execute()).map(({ state }) => state),
    ).toEqual(['accepted']);
    expect((await cli(app, 'subscribers', 'allow', 'reader1@example.org')).out).toContain(
      'may be mailed again',
    );
    expect(await stateOf(app, 'reader1@example.org')).toBe('active');
  });

  test('of another kind changes nothing, and an opt-out is an unsubscription', async () => {
    await using room = await sentIssue(addresses(1));
    const { app, ids } = room;
    const before = await everythingElse(app);
    expect(await take(app, complaint(tagOf(app, ids[0] ?? 0), 'not-spam'))).toEqual(['none']);
    expect(await everythingElse(app)).toBe(before);
    expect(await take(app, complaint(tagOf(app, ids[0] ?? 0), 'opt-out'))).toEqual(['unsubscribed']);
    expect(await stateOf(app, 'reader1@example.org')).toBe('unsubscribed');
  });
});

describe('an unsubscribe mail', () => {
  test('with the token of List-Unsubscribe ends it, whoever it is from', async () => {
    await using room = await sentIssue(addresses(1), { UNSUBSCRIBE_ADDRESS: 'leave@papers.example.org' });
    const { app, relay } = room;
    const subject = /subject=unsubscribe%20([\w.-]+)>/.exec(relay.mails[0]?.raw.toString() ?? '')?.[1];
    const mail = `From: anybody@example.com\r\nTo: leave@papers.example.org\r\nSubject: unsubscribe\r\n ${subject}\r\n\r\n`;
    expect(await take(app, mail)).toEqual(['unsubscribed']);
    expect(await stateOf(app, 'reader1@example.org')).toBe('unsubscribed');
  });

  test('is not an answer that quotes our links, nor a vacation note', async () => {
    await using room = await sentIssue(addresses(1));
    const { app, relay } = room;
    const raw = relay.mails[0]?.raw.toString() ?? '';
    const url = /<(https:[^>]*\/unsubscribe\/[^>]+)>/.exec(raw)?.[1];
    const before = await everythingElse(app);
    const answer = `From: reader1@example.org\r\nTo: newsletter@papers.example.org\r\nIn-Reply-To: ${/Message-ID: (.*)/.exec(raw)?.[1]}\r\nSubject: Re: papers\r\n\r\nThanks!\r\n> Unsubscribe: ${url}\r\n`;
    const vacation = `Return-Path: <>\r\nAuto-Submitted: auto-replied\r\n${answer.replace('Thanks!', '550 5.1.1 away')}`;
    expect(await take(app, answer, vacation)).toEqual(['none', 'none']);
    expect(await everythingElse(app)).toBe(before);
  });
});

describe('somebody whose address was dead', () => {
  test('may ask for it again on the form after a week, and is active once they confirm', async () => {
    await using room = await sentIssue(addresses(1));
    const { app, ids, relay } = room;
    await take(app, dsn(tagOf(app, ids[0] ?? 0)));
    const ask = async () => {
      await app.store.db
        .insertInto('signups')
        .values({ email: 'reader1@example.org', asked_at: app.clock(), may_mail: 1 })
        .execute();
      await runOnce(app);
    };
    app.time.advance(6 * DAY);
    await ask();
    expect(relay.count('reader1@example.org')).toBe(1);
    app.time.advance(DAY + HOUR);
    await ask();
    const confirm = relay.mails.filter(({ to }) => to === 'reader1@example.org').at(-1);
    expect(confirm?.raw.toString()).toContain('/confirm/');
  });
});

describe('a stopped issue', () => {
  test('sends at most what is on the wire, also in a run under way, and the rest when it is released', async () => {
    await using room = await openNewsroom({ SMTP_CONNECTIONS: '2' });
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(30));
    let sentBefore = Number.POSITIVE_INFINITY;
    relay.follow(async ({ stage, nth, to }) => {
      if (stage !== 'data' || nth !== 1 || to !== 'reader5@example.org') return undefined;
      await holdIssue(app, await issueCalled(app.store.db, '2026-08-19'));
      sentBefore = relay.mails.length;
      return undefined;
    });
    const { issue } = await runOnce(app, { wait: 0 });
    expect(issue.state).toBe('stopped');
    const sent = relay.mails.length;
    expect(sent - sentBefore).toBeLessThanOrEqual(2);
    expect(await wrongBooks(app)).toEqual([]);
    await runOnce(app, { wait: 0 });
    expect(relay.mails).toHaveLength(sent);
    expect((await cli(app, 'issue', 'release', '2026-08-19')).code).toBe(0);
    await runOnce(app);
    expect(relay.recipients()).toEqual(addresses(30).sort());
  });
});

describe('a reputation', () => {
  test('stops an issue by itself when a twentieth of its mails went to dead addresses', async () => {
    await using room = await sentIssue(
      Array.from({ length: 240 }, (_, index) => `reader@host${index % 60}-${index}.example`),
      { OPERATOR_EMAIL: 'desk@example.net' },
    );
    const { app, ids } = room;
    await app.store.db.updateTable('issues').set({ state: 'frozen' }).execute();
    await take(app, ...ids.slice(0, 19).map((id) => dsn(tagOf(app, id))));
    expect((await cli(app, 'issue', 'list', '--json')).out).toContain('"frozen"');
    await take(app, dsn(tagOf(app, ids[30] ?? 0)));
    expect((await cli(app, 'issue', 'list', '--json')).out).toContain('"stopped"');
    const told = await app.store.db
      .selectFrom('notices')
      .select('detail')
      .where('kind', '=', 'operator')
      .execute();
    expect(told.map(({ detail }) => detail).join()).toContain('is stopped');
    expect((await cli(app, 'issue', 'release', '2026-08-19')).out).toContain('goes on');
    await take(app, dsn(tagOf(app, ids[31] ?? 0)));
    expect((await cli(app, 'issue', 'list', '--json')).out).toContain('"frozen"');
  });
});
