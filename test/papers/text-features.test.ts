import { expect, test } from 'vitest';
import type { Entry } from '../../src/domain/entry.ts';
import { readSources } from '../../src/issues/gather.ts';
import { DEFAULT_MODEL } from '../../src/ranking/default-model.ts';
import { decodeVector } from '../../src/ranking/vector.ts';
import { NEVER, openNewsroom } from '../support/newsroom.ts';

test.each([
  ['another model made', { model: 'old', text: 9, vector: 'v2.AA' }],
  ['hold a vector of another version', { model: DEFAULT_MODEL.name, text: 9, vector: 'v1.AAAA' }],
  ['are missing', undefined],
])(
  'features that %s are made anew at the next reading, also of papers that no source gives any more',
  async (_, old) => {
    await using room = await openNewsroom();
    const { app, feeds } = room;
    const { db } = app.store;
    const read = () =>
      readSources(app, app.publishing, { date: '2026-08-19', seenAt: app.clock(), signal: NEVER });
    const entries = async () =>
      (await db.selectFrom('entries').selectAll().orderBy('key').execute()).map(({ body, paper }) => ({
        entry: JSON.parse(body) as Entry,
        paper,
      }));
    await read();
    const before = await entries();
    for (const { entry } of before.slice(0, 8)) {
      const { features: _, ...rest } = entry;
      const body = JSON.stringify({ ...rest, ...(old && { features: old }) });
      await db.updateTable('entries').set({ body }).where('key', '=', entry.key).execute();
    }
    feeds.state.days = { '2026-08-18': feeds.state.days['2026-08-18']?.slice(0, 4) ?? [] };
    await read();
    const after = await entries();
    expect(after).toEqual(before);
    for (const { entry } of after) {
      expect(entry.features?.model).toBe(DEFAULT_MODEL.name);
      expect(decodeVector(entry.features?.vector ?? '')).toBeDefined();
    }
  },
);
