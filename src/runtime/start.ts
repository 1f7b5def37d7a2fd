import type { App } from '../app.ts';
import { followSecrets } from '../subscribers/secrets.ts';
import { createSite } from '../web/create-site.ts';
import { createWeb } from '../web/web.ts';
import { sendHooks } from '../webhooks/webhooks.ts';
import { listen } from './serve.ts';
import { startTicks, type Tick } from './ticks.ts';
import { joinWorkerGroup, type WorkerGroup } from './worker-group.ts';

/**
 * Web and scheduler in this process, and its part of publishing and mailing, until `stop` is aborted.
 * @throws Fault DKIM_KEY_UNUSABLE before anything has started
 * @param announce is told the address of the page, and the host and port, as soon as they answer
 */
export async function start(
  app: App,
  stop: AbortSignal,
  announce: (url: string, listening: string) => void,
): Promise<void> {
  await app.signer();
  const crew = await joinWorkerGroup(app, stop);
  const site = createSite(app, crew.wake);
  const server = await listen(createWeb(site), app.config.HOST, app.config.PORT);
  announce(app.config.SITE_URL, `${app.config.HOST}:${server.port}`);
  const unfollow = followSecrets(app.store.db, app.secrets, app.sending.every);
  const stopTicks = startTicks(ticks(app, crew, stop));
  crew.wake();
  await aborted(stop);
  stopTicks();
  unfollow();
  await Promise.all([server.close(), crew.stop()]);
}

function ticks(app: App, crew: WorkerGroup, signal: AbortSignal): Tick[] {
  const { FETCH_CRON, ISSUE_TIMEZONE: timezone } = app.config;
  return [
    { name: 'mail', cron: '* * * * *', timezone, run: async () => crew.wake() },
    { name: 'hooks', cron: '* * * * *', timezone, run: () => sendHooks(app, signal) },
    { name: 'fetch', cron: FETCH_CRON, timezone, run: () => crew.fetch() },
  ];
}

async function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  if (signal.aborted) resolve();
  await promise;
}
