import type { App } from '../app.ts';
import { listenForReturns, type ReturnListener } from '../returns/listener.ts';
import { readMailboxes } from '../returns/mailbox.ts';
import { followSecrets } from '../subscribers/secrets.ts';
import { createWeb } from '../web/web.ts';
import { createWebTools, loadWebTemplates } from '../web/web-tools.ts';
import { sendHooks } from '../webhooks/webhooks.ts';
import { attempt } from './mailer.ts';
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
  const workerGroup = await joinWorkerGroup(app, stop);
  const { secrets } = app;
  const tools = createWebTools(app, loadWebTemplates(app.languages()), { secrets, wake: workerGroup.wake });
  const server = await listen(createWeb(app, tools), app.config.HOST, app.config.PORT);
  const inbound = await openInbound(app);
  announce(app.config.SITE_URL, `${app.config.HOST}:${server.port}`);
  const unfollow = followSecrets(app.store.db, app.secrets, app.sending.every);
  const stopTicks = startTicks(ticks(app, workerGroup, stop));
  workerGroup.wake();
  await aborted(stop);
  stopTicks();
  unfollow();
  await Promise.all([server.close(), workerGroup.stop(), inbound?.close()]);
}

function ticks(app: App, workerGroup: WorkerGroup, signal: AbortSignal): Tick[] {
  const { FETCH_CRON, ISSUE_TIMEZONE: timezone } = app.config;
  return [
    { name: 'mail', cron: '* * * * *', timezone, run: async () => workerGroup.wake() },
    {
      name: 'mailboxes',
      cron: '* * * * *',
      timezone,
      run: () => attempt(app, () => readMailboxes(app, app.returning, app.secrets, signal), signal),
    },
    { name: 'hooks', cron: '* * * * *', timezone, run: () => sendHooks(app, signal) },
    { name: 'fetch', cron: FETCH_CRON, timezone, run: () => workerGroup.fetch() },
  ];
}

/** Where returned mail is taken directly, if the settings ask for it. */
async function openInbound(app: App): Promise<ReturnListener | undefined> {
  const { INBOUND_LISTEN: where } = app.config;
  return where && listenForReturns(app, app.returning, app.secrets, where);
}

async function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  if (signal.aborted) resolve();
  await promise;
}
