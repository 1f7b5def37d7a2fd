import type { App } from '../app.ts';
import { requirePages } from '../config/site.ts';
import { isPostgresUrl } from '../domain/database-url.ts';
import { Fault } from '../domain/fault.ts';
import { untilAborted } from './until-aborted.ts';
import { joinWorkerGroup } from './worker-group.ts';

/**
 * One of many processes that publish and send, without pages, until `stop` is aborted.
 * @throws Fault USAGE on SQLite, whose one writer is `start` itself; DKIM_KEY_UNUSABLE
 */
export async function work(app: App, stop: AbortSignal, announce: () => void): Promise<void> {
  if (!isPostgresUrl(app.config.DATABASE_URL)) {
    throw new Fault(
      'USAGE',
      'Workers need a Postgres database, but DATABASE_URL is a SQLite file.',
      'On one machine "offprint start" does everything; docs/scaling.md says when and how to move.',
    );
  }
  requirePages(app.config);
  await app.signer();
  const workerGroup = await joinWorkerGroup(app, stop);
  announce();
  workerGroup.wake();
  await untilAborted(stop);
  await workerGroup.stop();
}
