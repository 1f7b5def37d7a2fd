import type { App } from '../../src/app.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { readStatus } from '../../src/runtime/health.ts';
import { type OnceOptions, once } from '../../src/runtime/run-once.ts';
import { openTestApp, type TestParts } from './app.ts';
import { listedDay, startFeeds } from './feeds.ts';
import { startSmtpServer } from './smtp-server.ts';

export const NEVER = new AbortController().signal;

/** Feeds with twelve papers on 18 August and a relay, and the program between them at 05:00 of the 19th. */
export async function openNewsroom(settings: Record<string, string> = {}, parts: TestParts = {}) {
  const feeds = await startFeeds({ '2026-08-18': listedDay('2026-08-18', 12) });
  const relay = await startSmtpServer();
  const all = { SOURCES: feeds.huggingface, SMTP_URL: relay.url, ...settings };
  const app = await openTestApp(all, parts);
  return {
    feeds,
    relay,
    app,
    settings: all,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      await relay[Symbol.asyncDispose]();
      await feeds[Symbol.asyncDispose]();
    },
  };
}

export function runOnce(app: App, change: Partial<OnceOptions> = {}, stop: AbortSignal = NEVER) {
  return once(app, { due: false, at: app.clock(), wait: 5 * MINUTE, ...change }, stop);
}

/** What is wrong with any issue's books. */
export async function wrongBooks(app: App): Promise<string[]> {
  const { issues } = await readStatus(app, 100);
  return issues.flatMap((issue) => issue.imbalances.map((wrong) => `${issue.date}: ${wrong}`));
}
