import { createHmac } from 'node:crypto';
import { Fault } from '../domain/fault.ts';
import { issueSlug } from '../domain/slug.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../domain/time.ts';
import { createPost, type Post } from '../fetch/post.ts';
import { claimHook, dueHooks, forgetHooks, type HookCall, queueHooks, settleHook } from '../store/hooks.ts';
import { findIssueById, finishIssues } from '../store/issues.ts';
import type { Trx } from '../store/schema.ts';
import type { App } from './wire.ts';

/** What other programs can be told. */
export type HookEvent =
  | {
      readonly type: 'subscribed' | 'unsubscribed' | 'bounced' | 'complained';
      readonly subscriber: { readonly id: number; readonly email: string };
    }
  | {
      readonly type: 'issue.sent';
      readonly issue: { readonly slug: string; readonly subject: string; readonly url: string };
    };

/** After each failed attempt; after the last it is given up. */
const PAUSES = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR, DAY];
const MEMORY = 7 * DAY;
/** Longer than an attempt can take. */
const CLAIM = 30 * SECOND;
const BATCH = 20;

/**
 * Writes down an event for every address of WEBHOOK_URLS, in the transaction of what has happened.
 * @param happening what makes it this event and no other: the same twice is told once
 */
export async function tellHooks(app: App, trx: Trx, event: HookEvent, happening: string): Promise<void> {
  if (app.config.WEBHOOK_URLS.length === 0) return;
  const { type, ...data } = event;
  const body = JSON.stringify({ type, timestamp: new Date(app.clock()).toISOString(), data });
  const subscriberId = 'subscriber' in event ? event.subscriber.id : null;
  const queued = { id: `${type}:${happening}`, body, subscriberId };
  await queueHooks(trx, app.config.WEBHOOK_URLS, queued, app.clock());
}

/** Tells what became of a reader. */
export async function tellOfReader(
  app: App,
  trx: Trx,
  type: 'subscribed' | 'unsubscribed' | 'bounced' | 'complained',
  { id, email }: Subscriber,
): Promise<void> {
  await tellHooks(app, trx, { type, subscriber: { id, email } }, `${id}.${app.clock()}`);
}

/** Closes the issues that have nobody left to send to, and tells of those that have now been sent. */
export async function closeIssues(app: App): Promise<void> {
  await app.store.db.transaction().execute(async (trx) => {
    for (const id of await finishIssues(trx)) {
      const row = await findIssueById(trx, id);
      // Somebody who joins opens an issue again: that is not another one.
      if (!row?.issue || row.sample || row.frozenAt < app.clock() - MEMORY) continue;
      const slug = issueSlug(row);
      const url = `${app.config.SITE_URL}/issues/${slug}`;
      await tellHooks(
        app,
        trx,
        { type: 'issue.sent', issue: { slug, subject: row.issue.subject, url } },
        slug,
      );
    }
  });
}

/** Sends what is due, one after the other; a receiver that fails is tried again for two days. */
export async function sendHooks(app: App, signal: AbortSignal): Promise<void> {
  const { WEBHOOK_URLS, WEBHOOK_SECRET, ALLOW_PRIVATE_FEEDS: allowPrivate } = app.config;
  await forgetHooks(app.store.db, app.clock() - MEMORY);
  if (WEBHOOK_URLS.length === 0 || WEBHOOK_SECRET === undefined) return;
  const post = createPost({ userAgent: `Offprint (${app.config.SITE_URL})`, allowPrivate });
  try {
    for (let due = [] as HookCall[]; ; ) {
      due = await dueHooks(app.store.db, app.clock(), BATCH);
      for (const call of due) {
        if (signal.aborted) return;
        await attempt(app, post, call, WEBHOOK_SECRET, signal);
      }
      if (due.length < BATCH) return;
    }
  } finally {
    await post.close();
  }
}

async function attempt(
  app: App,
  post: Post,
  call: HookCall,
  secret: string,
  signal: AbortSignal,
): Promise<void> {
  const { db } = app.store;
  if (!(await claimHook(db, call, app.clock() + CLAIM))) return;
  const reply = await post
    .send(call.url, call.body, signed(secret, call, app.clock()), signal)
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  if (typeof reply === 'number' && reply >= 200 && reply < 300)
    return settleHook(db, call, 'done', String(reply), 0);
  const pause = PAUSES[call.attempts];
  app.log.warn({ event: call.eventId, reply, attempt: call.attempts + 1 }, 'a webhook was not taken');
  const state = pause === undefined ? 'given-up' : 'waiting';
  await settleHook(db, call, state, String(reply), app.clock() + (pause ?? 0));
}

/** Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over id, time and body. */
export function signed(secret: string, { eventId, body }: HookCall, now: Instant): Record<string, string> {
  const time = String(Math.floor(now / 1000));
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
  const mac = createHmac('sha256', key).update(`${eventId}.${time}.${body}`).digest('base64');
  return { 'webhook-id': eventId, 'webhook-timestamp': time, 'webhook-signature': `v1,${mac}` };
}

/** @throws Fault SETTINGS_INVALID when events would go out unsigned */
export function checkHooks({ WEBHOOK_URLS, WEBHOOK_SECRET }: App['config']): void {
  if (WEBHOOK_URLS.length === 0 || WEBHOOK_SECRET !== undefined) return;
  throw new Fault(
    'SETTINGS_INVALID',
    'WEBHOOK_URLS is set and WEBHOOK_SECRET is not: nobody could tell our events from forged ones.',
    'Set WEBHOOK_SECRET, for instance to what "openssl rand -hex 24" prints.',
  );
}
