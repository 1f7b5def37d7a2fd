import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MIGRATIONS, migrate } from '../../src/db/migrate.ts';
import { openStore } from '../../src/db/open.ts';
import { loadOrCreateSecrets } from '../../src/db/secrets.ts';
import { Fault } from '../../src/domain/fault.ts';
import { addSubscriber, findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { FROZEN, makeSubscriber } from '../support/makers.ts';
import { fileStore, memoryStore, newPath } from '../support/store.ts';

describe('opening the database', () => {
  test('makes the file, its folder and its tables, and the second time nothing', async () => {
    const path = await newPath('new/folder/offprint.db');
    expect((await fileStore(path)).migrated).toEqual(MIGRATIONS.map(({ name }) => name));
    expect((await fileStore(path)).migrated).toEqual([]);
  });

  test('by two at once makes the tables once', async () => {
    const path = await newPath();
    const stores = await Promise.all([fileStore(path), fileStore(path), fileStore(path)]);
    expect(stores.flatMap((store) => store.migrated)).toEqual(MIGRATIONS.map(({ name }) => name));
  });

  test('refuses one that a newer program has used, and names both versions', async () => {
    const path = await newPath();
    const first = await openStore(path, FROZEN);
    await first.db
      .insertInto('migrations')
      .values({ version: 99, name: 'later', applied_at: FROZEN })
      .execute();
    await first.close();
    const error = await openStore(path, FROZEN).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Fault);
    expect(error).toMatchObject({ code: 'DATABASE_NEWER' });
    expect((error as Fault).message).toContain('version 99');
    expect((error as Fault).message).toContain(`up to ${MIGRATIONS.length}.`);
  });

  test('says which file it is that cannot be opened', async () => {
    const text = await newPath('notes.txt');
    writeFileSync(text, 'This is no database, however long it is. '.repeat(50));
    const folder = await newPath('folder');
    mkdirSync(folder);
    for (const path of [text, folder, `${text}/under-a-file.db`]) {
      const error = await openStore(path, FROZEN).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'DATABASE_UNREADABLE', message: expect.stringContaining(path) });
    }
  });

  test('leaves nothing half done when a migration fails', async () => {
    const { db } = await fileStore(await newPath());
    const broken = {
      name: 'broken',
      up: async (trx: Parameters<(typeof MIGRATIONS)[number]['up']>[0]) => {
        await trx.schema.createTable('half').addColumn('id', 'integer').execute();
        throw new Error('out of luck');
      },
    };
    await expect(migrate(db, FROZEN, [...MIGRATIONS, broken])).rejects.toThrow('out of luck');
    expect((await db.introspection.getTables()).map((table) => table.name)).not.toContain('half');
    expect(await migrate(db, FROZEN)).toEqual([]);
  });

  test('applies only what is new to the database', async () => {
    const { db } = await fileStore(await newPath());
    const second = { name: 'second', up: async () => {} };
    expect(await migrate(db, FROZEN, [...MIGRATIONS, second])).toEqual(['second']);
    expect(await migrate(db, FROZEN, [...MIGRATIONS, second])).toEqual([]);
    await expect(migrate(db, FROZEN)).rejects.toMatchObject({ code: 'DATABASE_NEWER' });
  });
});

describe('the connections', () => {
  test('run transactions one after the other, however many are asked for at once', async () => {
    const { db } = await memoryStore();
    const story: string[] = [];
    const transactions = ['a', 'b', 'c'].map((name) =>
      db.transaction().execute(async (trx) => {
        story.push(`${name} begins`);
        await addSubscriber(trx, makeSubscriber({ email: `${name}@example.org` }), FROZEN);
        await new Promise(setImmediate);
        story.push(`${name} ends`);
      }),
    );
    await Promise.all(transactions);
    const pairs = [story.slice(0, 2), story.slice(2, 4), story.slice(4)];
    expect(pairs.toSorted()).toEqual(['a', 'b', 'c'].map((name) => [`${name} begins`, `${name} ends`]));
  });

  test('take back everything when a transaction fails, and go on', async () => {
    const { db } = await memoryStore();
    const failing = db.transaction().execute(async (trx) => {
      await addSubscriber(trx, makeSubscriber(), FROZEN);
      throw new Error('changed our mind');
    });
    await expect(failing).rejects.toThrow('changed our mind');
    expect(await findByAddress(db, 'ada@example.org')).toBeUndefined();
    expect(await addSubscriber(db, makeSubscriber(), FROZEN)).toBeDefined();
  });

  test('lose no update when two processes read and write in turn', async () => {
    const path = await newPath();
    const stores = [await fileStore(path), await fileStore(path)];
    await stores[0]?.db.insertInto('secrets').values({ value: '0', created_at: FROZEN }).execute();
    const addOne = (store: (typeof stores)[number]) =>
      store.db.transaction().execute(async (trx) => {
        const { value } = await trx.selectFrom('secrets').select('value').executeTakeFirstOrThrow();
        await trx
          .updateTable('secrets')
          .set({ value: String(Number(value) + 1) })
          .execute();
      });
    await Promise.all(stores.flatMap((store) => Array.from({ length: 10 }, () => addOne(store))));
    const rows = await stores[1]?.readOnly.selectFrom('secrets').select('value').execute();
    expect(rows).toEqual([{ value: '20' }]);
  });
});

describe('the secret', () => {
  test('is made once and kept', async () => {
    const { db } = await memoryStore();
    const [made, ...others] = await loadOrCreateSecrets(db, undefined, FROZEN);
    expect(made).toMatch(/^[\w-]{43}$/);
    expect(others).toEqual([]);
    expect(await loadOrCreateSecrets(db, undefined, FROZEN)).toEqual([made]);
    expect(await loadOrCreateSecrets((await memoryStore()).db, undefined, FROZEN)).not.toEqual([made]);
  });

  test('that is configured becomes the current one, and old ones remain', async () => {
    const { db } = await memoryStore();
    const [made] = await loadOrCreateSecrets(db, undefined, FROZEN);
    expect(await loadOrCreateSecrets(db, 'first', FROZEN)).toEqual(['first', made]);
    expect(await loadOrCreateSecrets(db, 'second', FROZEN)).toEqual(['second', 'first', made]);
    expect(await loadOrCreateSecrets(db, 'first', FROZEN)).toEqual(['first', 'second', made]);
    expect(await loadOrCreateSecrets(db, undefined, FROZEN)).toEqual(['first', 'second', made]);
  });

  test('is one, when two processes start at once', async () => {
    const path = await newPath();
    const stores = [await fileStore(path), await fileStore(path)];
    const [one, other] = await Promise.all(
      stores.map(({ db }) => loadOrCreateSecrets(db, undefined, FROZEN)),
    );
    expect(one).toEqual(other);
  });
});
