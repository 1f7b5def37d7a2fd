import { describe, expect, test } from 'vitest';
import {
  coolDownHost,
  enterLane,
  forgetAddresses,
  hostCooldownUntil,
  leaveLane,
  recallAddress,
  saveAddresses,
} from '../../../src/sources/http/politeness-table.ts';
import { FROZEN } from '../../support/makers.ts';
import { fileStore, memoryStore, newPath } from '../../support/store.ts';

const URL_1 = 'https://feeds.example.org/one.xml';
const HOLD = 35_000;

describe('what an address said of its body', () => {
  test('is remembered for each source and address, the newest as a whole', async () => {
    const { db } = await memoryStore();
    await saveAddresses(db, 'rss:a', [{ url: URL_1, etag: '"a"', lastModified: 'yesterday' }], FROZEN);
    await saveAddresses(db, 'rss:b', [{ url: URL_1, lastModified: 'today' }], FROZEN);
    expect(await recallAddress(db, 'rss:a', URL_1)).toEqual({
      url: URL_1,
      etag: '"a"',
      lastModified: 'yesterday',
    });
    expect(await recallAddress(db, 'rss:b', URL_1)).toEqual({ url: URL_1, lastModified: 'today' });
    expect(await recallAddress(db, 'rss:a', `${URL_1}?p=1`)).toBeUndefined();
    await saveAddresses(db, 'rss:a', [{ url: URL_1, etag: '"b"' }], FROZEN);
    expect(await recallAddress(db, 'rss:a', URL_1)).toEqual({ url: URL_1, etag: '"b"' });
  });

  test('is forgotten when nobody has kept it for long', async () => {
    const { db } = await memoryStore();
    await saveAddresses(db, 'huggingface', [{ url: 'old', etag: '"a"' }], FROZEN - 1);
    await saveAddresses(db, 'huggingface', [{ url: 'new', etag: '"a"' }], FROZEN);
    await forgetAddresses(db, FROZEN);
    expect(await recallAddress(db, 'huggingface', 'old')).toBeUndefined();
    expect(await recallAddress(db, 'huggingface', 'new')).toBeDefined();
  });
});

test('a host rests until the moment that was named last, for every process on the file', async () => {
  const path = await newPath();
  const { db } = await fileStore(path);
  expect(await hostCooldownUntil(db, 'a.example')).toBe(0);
  await coolDownHost(db, 'a.example', FROZEN + 1);
  await coolDownHost(db, 'a.example', FROZEN + 2);
  const other = await fileStore(path);
  expect(await hostCooldownUntil(other.db, 'a.example')).toBe(FROZEN + 2);
  expect(await hostCooldownUntil(other.db, 'b.example')).toBe(0);
});

describe('a lane', () => {
  test('has room for one of all who come at once, over two processes', async () => {
    const path = await newPath();
    const [one, two] = [await fileStore(path), await fileStore(path)];
    const pauses = await Promise.all(
      Array.from({ length: 10 }, (_, index) => enterLane(index % 2 ? one.db : two.db, 'arxiv', FROZEN, HOLD)),
    );
    expect(pauses.filter((pause) => pause === 0)).toHaveLength(1);
    for (const pause of pauses.filter((pause) => pause !== 0)) {
      expect(pause).toBeGreaterThanOrEqual(50);
      expect(pause).toBeLessThanOrEqual(500);
    }
    expect(await enterLane(one.db, 'another', FROZEN, HOLD)).toBe(0);
  });

  test('is free again at the moment that was named on leaving, not before', async () => {
    const { db } = await memoryStore();
    await enterLane(db, 'arxiv', FROZEN, HOLD);
    await leaveLane(db, 'arxiv', FROZEN + 3000);
    expect(await enterLane(db, 'arxiv', FROZEN + 2999, HOLD)).toBeGreaterThan(0);
    expect(await enterLane(db, 'arxiv', FROZEN + 3000, HOLD)).toBe(0);
  });

  test('is free again when who was in it died', async () => {
    const { db } = await memoryStore();
    await enterLane(db, 'arxiv', FROZEN, HOLD);
    expect(await enterLane(db, 'arxiv', FROZEN + HOLD - 1, HOLD)).toBeGreaterThan(0);
    expect(await enterLane(db, 'arxiv', FROZEN + HOLD, HOLD)).toBe(0);
  });

  test('is not closed by a clock that was years ahead', async () => {
    const { db } = await memoryStore();
    await leaveLane(db, 'arxiv', FROZEN);
    await enterLane(db, 'arxiv', Date.parse('2099-01-01T00:00:00Z'), HOLD);
    expect(await enterLane(db, 'arxiv', FROZEN, HOLD)).toBe(0);
  });
});
