import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { DAY } from '../../src/domain/time.ts';
import { removeSubscriber } from '../../src/subscribers/admin.ts';
import { changePreferences } from '../../src/subscribers/lifecycle.ts';
import { findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { cli } from '../cli/fake-host.ts';
import { addresses, enrollSubscribers, ledger, openTestApp } from '../support/app.ts';
import { listedDay } from '../support/feeds.ts';
import { openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';
import { linkIn, openPages } from '../support/pages.ts';

const OPERATOR_EMAIL = 'operator@example.org';
/** Names that `Intl` takes and `Temporal` does not. */
const HALF_KNOWN = ['PST', 'IST', 'SystemV/AST4', 'US/Pacific-New'];

async function zoneOf(app: App, email: string) {
  return (await findByAddress(app.store.db, email))?.timezone;
}

describe('a time zone that only half of the program knows', () => {
  test.each(HALF_KNOWN)('%s is refused by every form, and the reader keeps theirs', async (timezone) => {
    await using room = await openNewsroom();
    const pages = openPages(room.app);
    await pages.signUp('ada@example.org');
    const confirm = await linkIn(room.relay.mails[0]?.raw, 'confirm');
    await pages.post(confirm, { timezone });
    expect(await zoneOf(room.app, 'ada@example.org')).toBe('UTC');
    await runOnce(room.app);
    const link = await linkIn(room.relay.mails.at(-1)?.raw, 'preferences');
    const form = { deliverAt: '07:00', timezone, rhythm: 'every' };
    expect((await pages.post(link, form)).status).toBe(422);
    expect(await zoneOf(room.app, 'ada@example.org')).toBe('UTC');
  });

  test.each(HALF_KNOWN)('%s is refused by the settings', async (zone) => {
    await expect(openTestApp({ DEFAULT_TIMEZONE: zone })).rejects.toMatchObject({ code: 'SETTINGS_INVALID' });
  });
});

describe('a stored time zone, hour or day that is none', () => {
  const SPOILS = [
    { timezone: 'Mars/Olympus' },
    { timezone: '' },
    { timezone: 'PST' },
    { deliver_at: '25:00' },
    { deliver_at: 'noon' },
    { days: 0 },
    { days: 999 },
    { topics: '{' },
  ];

  test.each(SPOILS)('%o keeps nobody from their issue, not even its reader', async (spoil) => {
    await using room = await openNewsroom({ OPERATOR_EMAIL });
    const { app, relay, feeds } = room;
    const all = addresses(4);
    await enrollSubscribers(app, all);
    await app.store.db.updateTable('subscribers').set(spoil).where('id', '=', 2).execute();
    for (const day of ['2026-08-18', '2026-08-19', '2026-08-20']) {
      feeds.state.days[day] = listedDay(day, 12);
      await runOnce(app);
      app.time.advance(DAY);
    }
    const got = (to: string) => relay.mails.filter((mail) => mail.to === to).length;
    expect(all.map(got)).toEqual([3, 3, 3, 3]);
    expect(await wrongBooks(app)).toEqual([]);
    expect(got(OPERATOR_EMAIL)).toBe(1);
    const { out } = await cli(app, 'status');
    expect(out).toContain('Set aside (everything else continues):');
    expect(out).toContain('subscriber 2');
  });

  test.each(SPOILS)('%o can be mended by its reader, and its reader be removed', async (spoil) => {
    await using room = await openNewsroom();
    const { app } = room;
    const [, id = 0] = await enrollSubscribers(app, addresses(2));
    await runOnce(app, { due: true });
    await app.store.db.updateTable('subscribers').set(spoil).where('id', '=', id).execute();
    await changePreferences(app, id, { timezone: 'Europe/Berlin', deliverAt: '08:00', days: 127 });
    expect(await zoneOf(app, 'reader2@example.org')).toBe('Europe/Berlin');
    await app.store.db.updateTable('subscribers').set(spoil).where('id', '=', id).execute();
    await removeSubscriber(app, 'reader2@example.org');
    expect((await findByAddress(app.store.db, 'reader2@example.org'))?.state).toBe('unsubscribed');
    expect((await ledger(app)).map(({ state }) => state)).toEqual(['planned', 'suppressed']);
    expect(await wrongBooks(app)).toEqual([]);
  });
});
