import { describe, expect, test } from 'vitest';
import { cli } from '../cli/fake-host.ts';
import { enrollSubscribers } from '../support/app.ts';
import { listedDay } from '../support/feeds.ts';
import { openNewsroom, runOnce } from '../support/newsroom.ts';

describe('the issue of a day to come', () => {
  test('is shown as a draft, and neither frozen nor public', async () => {
    await using room = await openNewsroom();
    const { app, feeds } = room;
    await runOnce(app);
    feeds.state.days['2026-08-19'] = listedDay('2026-08-19', 12);
    for (const name of ['2026-08-20', '2026-W35']) {
      const { code, out } = await cli(app, 'issue', 'build', '--date', name);
      expect(code).toBe(0);
      expect(out).toMatch(new RegExp(`^${name} has not come yet`));
    }
    expect((await cli(app, 'issue', 'build', '--date', '2026-08-20')).out).toContain('Made-up findings');
    expect((await cli(app, 'issue', 'build', '--date', '2027-08-20')).out).toContain(
      'no paper for it so far',
    );
    const rows = await app.store.db.selectFrom('issues').select('date').execute();
    expect(rows.map(({ date }) => date)).toEqual(['2026-08-19']);
  });

  test('is mailed to nobody', async () => {
    await using room = await openNewsroom();
    await enrollSubscribers(room.app, ['ada@example.org']);
    const { code, err } = await cli(room.app, 'once', '--date', '2026-08-20');
    expect(code).toBe(2);
    expect(err).toContain('2026-08-20 has not come yet');
    expect(room.relay.mails).toEqual([]);
  });
});
