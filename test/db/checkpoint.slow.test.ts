import { copyFileSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createCheckpointer } from '../../src/db/checkpoint.ts';
import { newPath } from '../support/store.ts';

/** A database whose commits never bring the log in themselves. */
async function written() {
  const path = await newPath();
  const database = new DatabaseSync(path);
  onTestFinished(() => database.close());
  database.exec('pragma journal_mode = wal; pragma wal_autocheckpoint = 0; create table words (word text)');
  const insert = database.prepare('insert into words values (?)');
  const write = (count: number) => {
    for (let index = 0; index < count; index += 1) insert.run('w'.repeat(1000));
  };
  return { path, write, log: () => statSync(`${path}-wal`).size };
}

test('a log that has grown is brought into the file beside whoever writes, and begins again as an empty one', async () => {
  const { path, write, log } = await written();
  const checkpointer = createCheckpointer(path, 100_000);
  onTestFinished(() => checkpointer.close());
  write(200);
  expect(log()).toBeGreaterThan(100_000);
  await vi.waitFor(
    async () => {
      for (let index = 0; index < 50; index += 1) checkpointer.wrote();
      expect(log()).toBe(0);
      const copy = await newPath('copy.db');
      copyFileSync(path, copy);
      const file = new DatabaseSync(copy);
      onTestFinished(() => file.close());
      expect(file.prepare('select count(*) as count from words').get()).toEqual({ count: 200 });
    },
    { timeout: 20_000 },
  );
});

test('a log that must not be kept is emptied at once, or as soon as nobody reads it', async () => {
  const { path, write, log } = await written();
  const checkpointer = createCheckpointer(path);
  onTestFinished(() => checkpointer.close());
  write(5);
  await checkpointer.empty();
  expect(log()).toBe(0);
  write(5);
  const subscriber = new DatabaseSync(path);
  onTestFinished(() => subscriber.close());
  subscriber.exec('begin; select * from words');
  const emptied = vi.fn();
  const wait = checkpointer.empty().then(emptied);
  const both = [checkpointer.empty(), wait];
  // The first try ends while the subscriber still reads: it waits half a second at most.
  await vi.waitFor(() => expect(log()).toBeGreaterThan(0));
  expect(emptied).not.toHaveBeenCalled();
  subscriber.exec('commit');
  await Promise.all(both);
  expect(log()).toBe(0);
});

test('a small log is left alone, and closing ends no thread that never began', async () => {
  const { path, write, log } = await written();
  const checkpointer = createCheckpointer(path);
  write(5);
  const before = log();
  for (let index = 0; index < 500; index += 1) checkpointer.wrote();
  await checkpointer.close();
  write(5);
  expect(log()).toBeGreaterThan(before);
});
