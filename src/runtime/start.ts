import type { Context } from 'hono';
import type { App } from '../app.ts';
import { requirePages } from '../config/site.ts';
import { hookRoutes } from '../returns/hook-routes.ts';
import { listenForReturns, type ReturnListener } from '../returns/listener.ts';
import { readMailboxes } from '../returns/mailbox.ts';
import { followSecrets } from '../subscribers/secrets.ts';
import { clientOf } from '../web/client.ts';
import { createWeb } from '../web/web.ts';
import { createWebTools, loadWebTemplates } from '../web/web-tools.ts';
import { sendHooks } from '../webhooks/webhooks.ts';
import { attempt } from './mailer.ts';
import { listen } from './serve.ts';
import { startTicks, type Tick } from './ticks.ts';
import { untilAborted } from './until-aborted.ts';
import { joinWorkerGroup, type WorkerGroup } from './worker-group.ts';

/**
 * Web and scheduler in this process, and its part of publishing and mailing, until `stop` is aborted.
 * @throws Fault DKIM_KEY_UNUSABLE, SITE_URL_MISSING before anything has started
 * @param announce is told the address of the pages, and the host and port, as soon as they answer; nothing where there are none
 */
export async function start(
  app: App,
  stop: AbortSignal,
  announce: (pages?: { readonly url: string; readonly listening: string }) => void,
): Promise<void> {
  requirePages(app.config);
  await app.signer();
  const workerGroup = await joinWorkerGroup(app, stop);
  const server = await servePages(app, workerGroup.wake);
  const inbound = await openInbound(app);
  announce(server && { url: app.config.SITE_URL, listening: `${app.config.HOST}:${server.port}` });
  const unfollow = followSecrets(app.store.db, app.secrets, app.sending.every);
  const stopTicks = startTicks(ticks(app, workerGroup, stop));
  workerGroup.wake();
  await untilAborted(stop);
  stopTicks();
  unfollow();
  await Promise.all([server?.close(), workerGroup.stop(), inbound?.close()]);
}

async function servePages(app: App, wake: () => void) {
  if (app.config.pages === 'none') return undefined;
  const tools = createWebTools(app, loadWebTemplates(app.config, app.languages()), {
    secrets: app.secrets,
    wake,
    readLibrary: app.readLibrary,
  });
  return listen(createWeb(app, tools, hooksOf(app)), app.config.HOST, app.config.PORT);
}

/** Where providers report on mails. */
function hooksOf(app: App) {
  const networkOf = (c: Context) => clientOf(c, app.config.TRUST_PROXY).prefix;
  return hookRoutes(app, {
    returning: app.returning,
    secrets: app.secrets,
    http: app.publishing.http,
    networkOf,
  });
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
