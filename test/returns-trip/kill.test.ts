import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { loadOrCreateSecrets } from '../../src/db/secrets.ts';
import { mailTag } from '../../src/domain/verp.ts';
import { dsn } from '../returns/bounce.ts';
import { tempFolder } from '../support/app.ts';
import { FROZEN } from '../support/makers.ts';
import { enrollSubscribers, planIssue, put } from '../support/store.ts';
import { startDovecot } from './dovecot.ts';
import { startProxy } from './killing-proxy.ts';

/** Each takes some seconds: `KILLS=50 npm run test:returns-trip` asks for more. */
const KILLS = Number(process.env.KILLS ?? 5);
const GROUP = 25;
const PROGRAM = join(import.meta.dirname, 'reader-process.ts');

test('killed between the commit and the move fifty times, each event counts once and each mail is moved', async () => {
  using folder = tempFolder();
  await using dovecot = await startDovecot();
  const database = join(folder.path, 'offprint.db');
  const store = await openStore(database, FROZEN);
  const [secret] = await loadOrCreateSecrets(store.db, undefined, FROZEN);
  const ids = await enrollSubscribers(store.db, KILLS);
  const issueId = await planIssue(store.db, ids);
  await put(store.db, issueId, 'accepted');
  await store.db.updateTable('deliveries').set({ settled_at: FROZEN, reply: '250 ok' }).execute();

  let kill = () => {};
  await using proxy = await startProxy(dovecot.port, /MOVE|CREATE/, () => kill());
  const read = async (port: number, isToDie: boolean) => {
    const child = fork(PROGRAM, {
      env: {
        ...process.env,
        DATABASE_URL: database,
        INBOX_URL: `imap://box:secret@127.0.0.1:${port}/INBOX`,
        BOUNCE_ADDRESS: 'bounces@papers.example.org',
        SITE_URL: 'https://papers.example.org',
      },
    });
    kill = () => child.kill('SIGKILL');
    const [code, signal] = await once(child, 'exit');
    expect([code, signal]).toEqual(isToDie ? [null, 'SIGKILL'] : [0, null]);
  };
  const soft = { status: '5.2.2', diagnostic: 'smtp; 552 5.2.2 full' };
  for (const [index, subscriberId] of ids.entries()) {
    // A pass deals with this many mails at a time: with more, the newest would not be reached before the kill.
    if (index % GROUP === 0) await read(dovecot.port, false);
    dovecot.put(dsn(mailTag(secret, { table: 'deliveries', issueId, subscriberId }), soft));
    await read(proxy.port, true);
    // What died had committed, and had moved nothing.
    const rows = await store.db.selectFrom('returns').select('ref_id').execute();
    expect(rows).toHaveLength(index + 1);
    expect(dovecot.inbox()).toBe((index % GROUP) + 1);
  }
  await read(dovecot.port, false);
  expect([dovecot.inbox(), dovecot.taken()]).toEqual([0, KILLS]);
  const rows = await store.db.selectFrom('returns').select(['ref_id', 'effect']).orderBy('ref_id').execute();
  expect(rows).toEqual(ids.map((id) => ({ ref_id: id, effect: 'counted' })));
  await store.close();
}, 900_000);
