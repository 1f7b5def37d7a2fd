import { parseArgs } from 'node:util';
import { table } from '../../src/cli/text-table.ts';
import { openStore } from '../../src/db/open.ts';
import { freezeIssue, markPlanned } from '../../src/ledger/issues.ts';
import { plan } from '../../src/ledger/plan-rows.ts';
import { FROZEN, makeIssue } from '../support/makers.ts';
import { type Cluster, startCluster } from './cluster.ts';
import type { Script } from './relay.ts';
import { DATE, openRoom, pause, type Room, type Run } from './room.ts';

/** Workers on one PostgreSQL: killed at random, and without their database for a while. Prints a table. */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    readers: { type: 'string', default: '10000' },
    away: { type: 'string', default: '30' },
    workers: { type: 'string', default: '3' },
    takeovers: { type: 'string', default: '5' },
    port: { type: 'string', default: '25432' },
  },
});
const WORKERS = Number(values.workers);
const CONNECTIONS = 5;
const PATIENCE = 600_000;
/** What a dead machine had in hand is with another by then. */
const TAKEOVER_LIMIT = 30;
/** As many batches as the workers hold at once, so that what is left at a kill is in somebody's hand. */
const IN_HAND = WORKERS * 4 * 250;

type Verdict = {
  readonly name: string;
  readonly subscribers: number;
  readonly kills: number;
  readonly skipped: number;
  readonly doubled: number;
  readonly bound: number;
  readonly seconds: number;
  readonly problems: readonly string[];
};

async function openCrewRoom(cluster: Cluster, subscribers = Number(values.readers), script?: Script) {
  const place = await cluster.newPlace();
  const room = await openRoom({
    subscribers,
    place,
    settings: { SMTP_CONNECTIONS: String(CONNECTIONS) },
    ...(script && { script }),
  });
  await planForAll(room);
  return room;
}

/** An issue that everybody is to get now. */
async function planForAll(room: Room): Promise<void> {
  const store = await openStore(room.database, Date.now());
  try {
    const subscribers = await store.db
      .selectFrom('subscribers')
      .select(['id', 'email'])
      .orderBy('id')
      .execute();
    const planned = subscribers.map(({ id, email }) => ({
      subscriberId: id,
      address: email,
      dueAt: FROZEN,
      dueDay: DATE as `${number}-${number}-${number}`,
    }));
    await store.db.transaction().execute(async (trx) => {
      const id = await freezeIssue(trx, makeIssue({ date: DATE }, ['arxiv:2508.00001']), subscribers.length);
      if (id === undefined) throw new Error('there is an issue already');
      for (let start = 0; start < planned.length; start += 2000)
        await plan(trx, id, planned.slice(start, start + 2000));
      await markPlanned(trx, id, FROZEN);
    });
  } finally {
    await store.close();
  }
}

function judge(
  room: Room,
  books: Awaited<ReturnType<Room['books']>>,
  verdict: Pick<Verdict, 'name' | 'kills' | 'bound' | 'seconds'>,
): Verdict {
  const { taken, unanswered } = room.relay.state;
  const came = (email: string) => (taken.get(email) ?? 0) + (unanswered.get(email) ?? 0);
  const skipped = room.emails.filter((email) => came(email) === 0).length;
  const doubled = room.emails.reduce((sum, email) => sum + Math.max(0, came(email) - 1), 0);
  const { accepted } = books.counts;
  return {
    ...verdict,
    subscribers: room.emails.length,
    skipped,
    doubled,
    problems: [
      ...books.wrong,
      ...(skipped > 0 ? [`${skipped} readers were skipped`] : []),
      ...(doubled > verdict.bound ? [`${doubled} mails came twice, and ${verdict.bound} may`] : []),
      ...(accepted === room.emails.length ? [] : [`${accepted} of ${room.emails.length} are accepted`]),
    ],
  };
}

async function untilAllAccepted(room: Room): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (performance.now() < end) {
    const { counts } = await room.books();
    if (counts.accepted === room.emails.length) return;
    await pause(500);
  }
}

async function untilTaken(room: Room, more: number, limit: number): Promise<void> {
  const goal = room.relay.state.total + more;
  for (const end = performance.now() + limit; performance.now() < end && room.relay.state.total < goal; )
    await pause(5);
}

/** One of the workers, whichever, is killed at a random moment and started again. */
async function kills(cluster: Cluster): Promise<Verdict> {
  await using room = await openCrewRoom(cluster);
  const startedAt = performance.now();
  const workerGroup: Run[] = Array.from({ length: WORKERS }, () => room.run('worker'));
  const each = Math.floor((room.emails.length * 0.9) / Number(values.kills));
  let killed = 0;
  while (killed < Number(values.kills) && room.relay.state.taken.size < room.emails.length) {
    await untilTaken(room, 1 + Math.floor(Math.random() * 2 * each), 30_000);
    await pause(Math.random() * 20);
    const victim = Math.floor(Math.random() * workerGroup.length);
    workerGroup[victim]?.child.kill('SIGKILL');
    await workerGroup[victim]?.ended;
    workerGroup[victim] = room.run('worker');
    killed += 1;
    if (killed % 10 === 0) console.error(`${killed} killed, ${room.relay.state.total} mails`);
  }
  await untilAllAccepted(room);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const name = `kill -9 of one of ${WORKERS} workers`;
  return judge(room, await room.books(), { name, kills: killed, bound: killed * CONNECTIONS, seconds });
}

/** The database is stopped while all workers send, and comes back: nobody is told, nothing is started again. */
async function away(cluster: Cluster): Promise<Verdict> {
  await using room = await openCrewRoom(cluster);
  const startedAt = performance.now();
  const workerGroup: Run[] = Array.from({ length: WORKERS }, () => room.run('worker'));
  await untilTaken(room, Math.floor(room.emails.length / 4), 60_000);
  await cluster.stop();
  await pause(Number(values.away) * 1000);
  await cluster.start();
  await untilAllAccepted(room);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const ended = workerGroup.filter((run) => run.child.exitCode !== null).length;
  const verdict = judge(room, await room.books(), {
    name: `no database for ${values.away} s`,
    kills: 0,
    bound: 0,
    seconds,
  });
  if (ended === 0) return verdict;
  const output = workerGroup.map((run) => run.output().slice(-500)).join('\n');
  return { ...verdict, problems: [...verdict.problems, `${ended} workers ended by themselves: ${output}`] };
}

/**
 * Workers as if on machines of their own: nobody sees that one is dead but by its silence. The others have sent what was
 * theirs long before, so that the last mail is one of the dead one's.
 */
async function takeOver(cluster: Cluster): Promise<Verdict> {
  const verdicts: Verdict[] = [];
  for (let round = 0; round < Number(values.takeovers); round += 1) {
    await using room = await openCrewRoom(cluster, IN_HAND, async ({ stage }) => {
      if (stage === 'end') await pause(30);
      return undefined;
    });
    const workerGroup = Array.from({ length: WORKERS }, (_, index) =>
      room.runOn(`machine${index}`, 'worker'),
    );
    await untilTaken(room, Math.floor(IN_HAND * (0.2 + Math.random() * 0.3)), 60_000);
    workerGroup[round % workerGroup.length]?.child.kill('SIGKILL');
    const killedAt = performance.now();
    await untilAllAccepted(room);
    const seconds = Math.round((performance.now() - killedAt) / 1000);
    console.error(`taken over and sent after ${seconds} s`);
    verdicts.push(judge(room, await room.books(), { name: '', kills: 1, bound: CONNECTIONS, seconds }));
  }
  const sum = (of: (verdict: Verdict) => number) => verdicts.reduce((total, one) => total + of(one), 0);
  const seconds = Math.max(0, ...verdicts.map((one) => one.seconds));
  const late = seconds > TAKEOVER_LIMIT ? [`${seconds} s, and ${TAKEOVER_LIMIT} are promised`] : [];
  return {
    name: 'kill -9 of a machine, to its last mail sent by others; the longest',
    subscribers: IN_HAND,
    kills: sum((one) => one.kills),
    skipped: sum((one) => one.skipped),
    doubled: sum((one) => one.doubled),
    bound: sum((one) => one.bound),
    seconds,
    problems: [...verdicts.flatMap((one) => one.problems), ...late],
  };
}

const verdicts: Verdict[] = [];
{
  await using cluster = await startCluster(Number(values.port));
  for (const scenario of [takeOver, kills, away]) {
    const verdict = await scenario(cluster);
    console.error(`${verdict.name}: ${verdict.problems.join('; ') || 'as promised'} (${verdict.seconds} s)`);
    verdicts.push(verdict);
  }
}
console.log(
  table(
    ['torture', 'readers', 'kills', 'skipped', 'doubled', 'at most', 'seconds', 'verdict'],
    verdicts.map((v) => [
      v.name,
      v.subscribers,
      v.kills,
      v.skipped,
      v.doubled,
      v.bound,
      v.seconds,
      v.problems.join('; ') || 'as promised',
    ]),
  ),
);
process.exitCode = verdicts.some((verdict) => verdict.problems.length > 0) ? 1 : 0;
