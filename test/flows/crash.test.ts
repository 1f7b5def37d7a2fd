import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { recover } from '../../src/delivery/deliver.ts';
import { LEASE } from '../../src/delivery/lease.ts';
import { ownerName } from '../../src/delivery/owner.ts';
import { addresses, enrollSubscribers, ledger } from '../support/app.ts';
import { openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';
import { DROP } from '../support/smtp-server.ts';

/** A process of this machine that has just ended, under the name that it claimed work with. */
function deadOwner(): string {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  return ownerName().replace(/\/\d+\/[^/]*$/, `/${pid}/12345`);
}

/** Puts what is planned into the hands of an owner, as a crash would leave it. */
async function leaveSending(app: App, owner: string, leaseUntil: number): Promise<void> {
  await app.store.db
    .updateTable('deliveries')
    .set({ state: 'sending', owner, lease_until: leaseUntil })
    .where('state', '=', 'planned')
    .execute();
}

async function states(app: App): Promise<string[]> {
  return (await ledger(app)).map(({ state }) => state);
}

/** An issue frozen and planned for subscribers at 07:00, nothing sent, the clock at 07:00. */
async function plannedRoom(subscribers: number, settings: Record<string, string> = {}) {
  const room = await openNewsroom(settings, { now: '2026-08-19T05:00:00Z' });
  await enrollSubscribers(room.app, addresses(subscribers));
  await runOnce(room.app, { due: true });
  room.app.time.set('2026-08-19T07:00:00Z');
  return room;
}

describe('a run that is told to stop', () => {
  test('finishes what is on the wire, and the next one sends the rest', async () => {
    await using room = await openNewsroom({ SMTP_CONNECTIONS: '3' });
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(30));
    const stop = new AbortController();
    relay.follow(({ stage }) => {
      if (stage === 'end' && relay.mails.length >= 5) stop.abort();
      return undefined;
    });
    const first = await runOnce(app, {}, stop.signal);
    expect(first.stopped).toBe(true);
    expect(first.left).toEqual({ planned: 30 - relay.mails.length, sending: 0, deferred: 0 });
    expect(relay.mails.length).toBeLessThanOrEqual(5 + 3);
    const second = await runOnce(app);
    expect(second.issue.state).toBe('done');
    expect(relay.recipients()).toEqual(addresses(30).sort());
  });

  test('before the sources have answered freezes nothing', async () => {
    await using room = await openNewsroom();
    const stop = AbortSignal.abort();
    await expect(runOnce(room.app, {}, stop)).rejects.toMatchObject({ name: 'AbortError' });
    expect((await runOnce(room.app)).issue.state).toBe('done');
  });
});

describe('what a crash left on the wire', () => {
  test('is sent again at once when its process is no more', async () => {
    await using room = await plannedRoom(4);
    await leaveSending(room.app, deadOwner(), room.app.clock() + LEASE);
    await runOnce(room.app, { due: true });
    expect(room.relay.recipients()).toEqual(addresses(4).sort());
    expect(room.app.time.now()).toBe(Date.parse('2026-08-19T07:00:00Z'));
  });

  test('is sent again when the lease of a process elsewhere has ended, and waited for until then', async () => {
    await using room = await plannedRoom(4);
    await leaveSending(room.app, 'elsewhere:1/77/88', room.app.clock() + LEASE);
    const { left } = await runOnce(room.app, { due: true });
    expect(left).toEqual({ planned: 0, sending: 0, deferred: 0 });
    expect(room.relay.recipients()).toEqual(addresses(4).sort());
    expect(room.app.time.now()).toBeGreaterThan(Date.parse('2026-08-19T07:00:00Z') + LEASE);
  });

  test('is left alone while its process lives', async () => {
    await using room = await plannedRoom(2);
    await leaveSending(room.app, ownerName(process.ppid), room.app.clock() + LEASE);
    await recover(room.app, room.app.sending);
    expect(await states(room.app)).toEqual(['sending', 'sending']);
  });

  test('is sent again by the same process when only the outcome could not be written', async () => {
    await using room = await plannedRoom(2);
    await leaveSending(room.app, room.app.sending.owner, room.app.clock() + LEASE);
    await runOnce(room.app, { due: true });
    expect(await states(room.app)).toEqual(['accepted', 'accepted']);
  });

  test('waits for a person with UNCERTAIN=hold', async () => {
    await using room = await plannedRoom(3, { UNCERTAIN: 'hold' });
    await leaveSending(room.app, deadOwner(), room.app.clock() + LEASE);
    await runOnce(room.app, { due: true });
    await runOnce(room.app, { due: true });
    expect(room.relay.mails).toEqual([]);
    expect(await states(room.app)).toEqual(['uncertain', 'uncertain', 'uncertain']);
    expect(await wrongBooks(room.app)).toEqual([]);
  });
});

describe('a connection that is lost after the message began', () => {
  test('is made good by sending once more', async () => {
    await using room = await plannedRoom(3);
    room.relay.follow(({ stage, to, nth }) =>
      stage === 'end' && to === 'reader2@example.org' && nth === 1 ? DROP : undefined,
    );
    await runOnce(room.app, { due: true });
    expect(room.relay.recipients()).toEqual(addresses(3).sort());
    expect(await states(room.app)).toEqual(['accepted', 'accepted', 'accepted']);
  });

  test('is not tried a third time', async () => {
    await using room = await plannedRoom(2);
    const { app, relay } = room;
    relay.follow(({ stage, to }) => (stage === 'end' && to === 'reader1@example.org' ? DROP : undefined));
    for (let run = 0; run < 3; run += 1) await runOnce(app, { due: true });
    expect(relay.state.reached.get('end reader1@example.org')).toBe(2);
    expect(await states(app)).toEqual(['uncertain', 'accepted']);
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('is not tried again at all with UNCERTAIN=hold', async () => {
    await using room = await plannedRoom(1, { UNCERTAIN: 'hold' });
    room.relay.follow(({ stage }) => (stage === 'end' ? DROP : undefined));
    for (let run = 0; run < 2; run += 1) await runOnce(room.app, { due: true });
    expect(room.relay.state.reached.get('end reader1@example.org')).toBe(1);
    expect(await states(room.app)).toEqual(['uncertain']);
  });
});
