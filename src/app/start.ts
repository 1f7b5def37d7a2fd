import { startTicks, type Tick } from '../schedule/ticks.ts';
import { createWeb } from '../web/web.ts';
import { upcoming } from './editions.ts';
import { sendHooks } from './hooks.ts';
import { startMailer } from './mailer.ts';
import { listen } from './serve.ts';
import { createSite } from './site.ts';
import { readSources } from './sources.ts';
import type { App } from './wire.ts';

/**
 * Web, scheduler and mailer in this process, until `stop` is aborted.
 * @throws Fault DKIM_KEY_UNUSABLE before anything has started
 * @param announce is told the address of the page, and the host and port, as soon as they answer
 */
export async function start(
  app: App,
  stop: AbortSignal,
  announce: (url: string, listening: string) => void,
): Promise<void> {
  await app.signer();
  const mailer = startMailer(app);
  const site = createSite(app, mailer.wake);
  const server = await listen(createWeb(site), app.config.HOST, app.config.PORT);
  announce(app.config.SITE_URL, `${app.config.HOST}:${server.port}`);
  const stopTicks = startTicks(ticks(app, mailer.wake, stop));
  mailer.wake();
  await aborted(stop);
  stopTicks();
  await Promise.all([server.close(), mailer.stop()]);
}

function ticks(app: App, wake: () => void, signal: AbortSignal): Tick[] {
  const { FETCH_CRON, ISSUE_TIMEZONE: timezone } = app.config;
  return [
    { name: 'mail', cron: '* * * * *', timezone, run: async () => wake() },
    { name: 'hooks', cron: '* * * * *', timezone, run: () => sendHooks(app, signal) },
    { name: 'fetch', cron: FETCH_CRON, timezone, run: () => readAhead(app, signal) },
  ];
}

/** Reads for the next issue, so that what comes and goes between two issues is seen. */
async function readAhead(app: App, signal: AbortSignal): Promise<void> {
  try {
    await readSources(app, { date: upcoming(app).date, seenAt: app.clock(), signal });
  } catch (error) {
    if (!signal.aborted)
      app.log.error({ err: error }, 'the sources could not be read; the next tick tries again');
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  if (signal.aborted) resolve();
  await promise;
}
