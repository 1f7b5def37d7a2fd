import { describe, expect, test } from 'vitest';
import { addSubscriber, listSubscribers } from '../../src/subscribers/subscribers-table.ts';
import { FROZEN, makeSubscriber } from '../support/makers.ts';
import { fileStore, newPath } from '../support/store.ts';

// Not for PGlite, which has one connection: vitest.config.ts leaves this file out there.
describe('the connections of a store', () => {
  test('wait for another process that is writing, while the event loop goes on', async () => {
    const path = await newPath();
    const [one, other] = [await fileStore(path), await fileStore(path)];
    const hold = Promise.withResolvers<void>();
    const holding = Promise.withResolvers<void>();
    const story: string[] = [];
    const first = one.db.transaction().execute(async (trx) => {
      await addSubscriber(trx, makeSubscriber({ email: 'first@example.org' }), FROZEN);
      holding.resolve();
      await hold.promise;
      story.push('first commits');
    });
    await holding.promise;
    const second = other.db
      .transaction()
      .execute((trx) => addSubscriber(trx, makeSubscriber({ email: 'second@example.org' }), FROZEN))
      .then(() => story.push('second has written'));
    expect(await listSubscribers(other.readOnly, 0, 10)).toEqual([]);
    story.push('pages are read meanwhile');
    hold.resolve();
    await Promise.all([first, second]);
    expect(story).toEqual(['pages are read meanwhile', 'first commits', 'second has written']);
    expect(await listSubscribers(one.readOnly, 0, 10)).toHaveLength(2);
  });

  test('cannot write where they are for pages and searches', async () => {
    const { readOnly, searches } = await fileStore(await newPath());
    for (const connection of [readOnly, searches])
      await expect(addSubscriber(connection, makeSubscriber(), FROZEN)).rejects.toThrow(/read-?only/);
  });
});
