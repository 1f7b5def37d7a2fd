import { PgBoss } from 'pg-boss';
import type { Batch } from '../domain/batch.ts';
import { type Jobs, SHARED_TASKS, type Worker } from './jobs.ts';

const BATCHES = 'batches';

/** How long a worker may be silent before its batches go to another; 10 s is the minimum of pg-boss. */
const HEARTBEAT_SECONDS = 10;
/** How often silent workers are looked for, by whichever process comes first. */
const MONITOR_SECONDS = 5;
/** Batches that a process works on at once: while the last mails of one are in flight, the others continue. */
const IN_HAND = 4;

export type Report = (error: unknown) => void;

/**
 * pg-boss on the database of the ledger, in a schema of its own.
 * @param report called with background errors; the work continues
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
    ask: async (task, once) => {
      await boss.send(task, {}, once === undefined ? {} : { singletonKey: once, singletonSeconds: 3600 });
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

/** `exclusive`: at most one job per key is queued or running. */
async function createQueue(boss: PgBoss, name: string): Promise<void> {
  await boss.createQueue(name, {
    policy: 'exclusive',
    heartbeatSeconds: HEARTBEAT_SECONDS,
    // A batch takes as long as the rate allows; a hanging process is detected by its silence.
    expireInSeconds: 6 * 3600,
    retryLimit: 3,
    retentionSeconds: 3600,
    deleteAfterSeconds: 3600,
  });
}

async function work(boss: PgBoss, worker: Worker): Promise<void> {
  for (const task of SHARED_TASKS) {
    await boss.work(task, { pollingIntervalSeconds: 1 }, () => worker.tasks[task]());
  }
  const options = { pollingIntervalSeconds: 0.5, localConcurrency: IN_HAND };
  await boss.work<Batch>(BATCHES, options, async ([job]) => {
    if (job) await worker.send(job.data);
  });
}

function keyOf({ issueId, from }: Batch): string {
  return `${issueId}/${from}`;
}
