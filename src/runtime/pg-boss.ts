import { PgBoss } from 'pg-boss';
import type { Batch } from '../domain/batch.ts';
import { type Jobs, SHARED_TASKS, type Worker } from './jobs.ts';

const BATCHES = 'batches';

/** How long a worker may be silent before what it had in hand goes to another; 10 s is the least that pg-boss takes. */
const HEARTBEAT_SECONDS = 10;
/** How often the silent are looked for, by whichever process comes first. */
const MONITOR_SECONDS = 5;
/** Batches that a process has in hand at once: while the last mails of one are on the wire the others go on. */
const IN_HAND = 4;

export type Report = (error: unknown) => void;

/**
 * pg-boss on the database of the ledger, in a schema of its own.
 * @param report told of what goes wrong in the background; the work goes on by itself
 */
export async function openPgBoss(url: string, schema: string, report: Report): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString: url,
    schema,
    application_name: 'offprint jobs',
    max: 4,
    schedule: false,
    superviseIntervalSeconds: MONITOR_SECONDS,
    monitorIntervalSeconds: MONITOR_SECONDS,
    instanceHeartbeatSeconds: HEARTBEAT_SECONDS,
  });
  boss.on('error', report);
  await boss.start();
  for (const queue of [...SHARED_TASKS, BATCHES]) await createQueue(boss, queue);
  return {
    ask: async (errand, once) => {
      await boss.send(errand, {}, once === undefined ? {} : { singletonKey: once, singletonSeconds: 3600 });
    },
    handOut: async (batches) => {
      const jobs = batches.map((batch) => ({ data: batch, singletonKey: keyOf(batch) }));
      if (jobs.length > 0) await boss.insert(BATCHES, jobs);
    },
    work: (worker) => work(boss, worker),
    stop: async (limit) => {
      await boss.stop({ graceful: true, timeout: limit });
    },
  };
}

/** `exclusive`: of one key, one job waits or is worked on. */
async function createQueue(boss: PgBoss, name: string): Promise<void> {
  await boss.createQueue(name, {
    policy: 'exclusive',
    heartbeatSeconds: HEARTBEAT_SECONDS,
    // A batch takes as long as the rate allows; a process that hangs is known by its silence.
    expireInSeconds: 6 * 3600,
    retryLimit: 3,
    retentionSeconds: 3600,
    deleteAfterSeconds: 3600,
  });
}

async function work(boss: PgBoss, worker: Worker): Promise<void> {
  for (const errand of SHARED_TASKS) {
    await boss.work(errand, { pollingIntervalSeconds: 1 }, () => worker.errands[errand]());
  }
  const options = { pollingIntervalSeconds: 0.5, localConcurrency: IN_HAND };
  await boss.work<Batch>(BATCHES, options, async ([job]) => {
    if (job) await worker.send(job.data);
  });
}

function keyOf({ issueId, from }: Batch): string {
  return `${issueId}/${from}`;
}
