import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { joinWorkerGroup } from '../../src/runtime/worker-group.ts';
import { addresses, enrollSubscribers, ledger, openTestApp } from '../support/app.ts';
import { openNewsroom, wrongBooks } from '../support/newsroom.ts';

const wait = (ms: number, signal: AbortSignal) => pause(ms, undefined, { signal });

describe('several processes on one Postgres', () => {
  test('publish once and mail each reader once, whoever does it', async () => {
    const DATABASE_URL = `crew-${crypto.randomUUID()}`;
    await using room = await openNewsroom({ DATABASE_URL, DELIVER_AT: '05:00' }, { owner: 'a', wait });
    await using second = await openTestApp({ ...room.settings, DATABASE_URL }, { owner: 'b', wait });
    await using third = await openTestApp({ ...room.settings, DATABASE_URL }, { owner: 'c', wait });
    await enrollSubscribers(room.app, addresses(60), { deliverAt: '05:00' });
    const apps = [room.app, second, third];
    const stop = new AbortController();
    const crews = await Promise.all(apps.map((app) => joinWorkerGroup(app, stop.signal)));
    for (const workerGroup of crews) workerGroup.wake();
    await room.relay.received(60);
    stop.abort();
    await Promise.all(crews.map((workerGroup) => workerGroup.stop()));
    expect(new Set(room.relay.mails.map((mail) => mail.to)).size).toBe(60);
    expect((await ledger(room.app)).map((row) => row.state)).toEqual(Array(60).fill('accepted'));
    expect(await wrongBooks(room.app)).toEqual([]);
    const frozen = apps.flatMap((app) => app.logged).filter((line) => line === 'issue frozen');
    expect(frozen).toHaveLength(1);
  }, 60_000);
});
