import { createHmac } from 'node:crypto';
import * as z from 'zod';
import type { Core } from '../core.ts';
import type { Trx } from '../db/schema.ts';
import { messageOf } from '../domain/failure.ts';
import { Fault } from '../domain/fault.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../domain/time.ts';
import {
  dueHooks,
  forgetHooks,
  type HookCall,
  queueHooks,
  reserveHookCall,
  settleHook,
  waitingAddresses,
} from '../ledger/hook-calls.ts';
import { createPost, type Post } from './post.ts';

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
export async function tellHooks(core: Core, trx: Trx, event: HookEvent, happening: string): Promise<void> {
  if (core.config.WEBHOOK_URLS.length === 0) return;
  const { type, ...data } = event;
  const body = JSON.stringify({ type, timestamp: new Date(core.clock()).toISOString(), data });
  const subscriberId = 'subscriber' in event ? event.subscriber.id : null;
  const queued = { id: `${type}:${happening}`, body, subscriberId };
  await queueHooks(trx, core.config.WEBHOOK_URLS, queued, core.clock());
}

/** Tells what became of a subscriber. */
export async function tellOfSubscriber(
  core: Core,
  trx: Trx,
  type: 'subscribed' | 'unsubscribed' | 'bounced' | 'complained',
  { id, email }: Subscriber,
): Promise<void> {
  await tellHooks(core, trx, { type, subscriber: { id, email } }, `${id}.${core.clock()}`);
}

/**
 * Tells each address what it is to be told, in order; one that fails is tried again for two days. Addresses do not wait
 * for one another.
 */
export async function sendHooks(core: Core, signal: AbortSignal): Promise<void> {
  await forgetHooks(core.store.db, core.clock() - MEMORY);
  const waiting = await waitingAddresses(core.store.db, core.clock());
  await Promise.all(
    waiting.map(async (url) => {
      const receiver = receiverOf(core, url);
      if (receiver) await tellAll(core, url, receiver, signal).finally(() => receiver.post.close());
    }),
  );
}

type Receiver = {
  readonly post: Post;
  readonly body: (call: HookCall) => string;
  readonly headers: (call: HookCall, now: Instant) => Readonly<Record<string, string>>;
};

/** Nothing is told to an address that the settings do not name any more. */
function receiverOf(core: Core, url: string): Receiver | undefined {
  const { WEBHOOK_URLS, WEBHOOK_SECRET, OPERATOR_URL, ALLOW_PRIVATE_FEEDS } = core.config;
  const userAgent = `Offprint (${core.config.SITE_URL || core.config.NEWSLETTER_NAME.replace(/[^\x20-\x7e]/g, '')})`;
  if (url === OPERATOR_URL) {
    const body = (call: HookCall) => (takesPlainText(url) ? textOf(call) : call.body);
    const headers = takesPlainText(url) ? { 'content-type': 'text/plain; charset=utf-8' } : {};
    // The operator's own machine, often on the operator's own network.
    return {
      post: createPost({ userAgent, allowPrivate: true, after: core.after, proxies: core.config }),
      body,
      headers: () => headers,
    };
  }
  if (!WEBHOOK_URLS.includes(url) || WEBHOOK_SECRET === undefined) return undefined;
  const post = createPost({
    userAgent,
    allowPrivate: ALLOW_PRIVATE_FEEDS,
    after: core.after,
    proxies: core.config,
  });
  return { post, body: ({ body }) => body, headers: (call, now) => signed(WEBHOOK_SECRET, call, now) };
}

/** ntfy shows a body as it is; others take the JSON that Slack made usual. */
function takesPlainText(url: string): boolean {
  return /^ntfy\./.test(new URL(url).hostname);
}

function textOf({ body }: HookCall): string {
  return z.object({ text: z.string() }).safeParse(parsed(body)).data?.text ?? body;
}

/** Until there is nothing left, or the address takes nothing now. */
async function tellAll(core: Core, url: string, receiver: Receiver, signal: AbortSignal): Promise<void> {
  for (let due = [] as HookCall[]; ; ) {
    due = await dueHooks(core.store.db, url, core.clock(), BATCH);
    for (const call of due) if (signal.aborted || !(await attempt(core, receiver, call, signal))) return;
    if (due.length < BATCH) return;
  }
}

/** @returns whether the receiver answered as it should, or the call was another process's */
async function attempt(
  core: Core,
  receiver: Receiver,
  call: HookCall,
  signal: AbortSignal,
): Promise<boolean> {
  const { db } = core.store;
  if (!(await reserveHookCall(db, call, core.clock() + CLAIM))) return true;
  const { post, body, headers } = receiver;
  const reply = await post.send(call.url, body(call), headers(call, core.clock()), signal).catch(messageOf);
  const taken = typeof reply === 'number' && reply >= 200 && reply < 300;
  if (taken) await settleHook(db, call, 'done', String(reply), 0);
  else {
    const pause = PAUSES[call.attempts];
    core.log.warn(
      { event: call.eventId, reply, attempt: call.attempts + 1 },
      'a webhook call was not accepted',
    );
    const state = pause === undefined ? 'given-up' : 'waiting';
    await settleHook(db, call, state, String(reply), core.clock() + (pause ?? 0));
  }
  return taken;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over id, time and body. */
function signed(secret: string, { eventId, body }: HookCall, now: Instant): Record<string, string> {
  const time = String(Math.floor(now / 1000));
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
  const mac = createHmac('sha256', key).update(`${eventId}.${time}.${body}`).digest('base64');
  return { 'webhook-id': eventId, 'webhook-timestamp': time, 'webhook-signature': `v1,${mac}` };
}

/** @throws Fault SETTINGS_INVALID when events would go out unsigned */
export function checkHooks({ WEBHOOK_URLS, WEBHOOK_SECRET }: Core['config']): void {
  if (WEBHOOK_URLS.length === 0 || WEBHOOK_SECRET !== undefined) return;
  throw new Fault(
    'SETTINGS_INVALID',
    'WEBHOOK_URLS is set but WEBHOOK_SECRET is not: receivers could not tell our events from forged ones.',
    'Set WEBHOOK_SECRET, for instance to what "openssl rand -hex 24" prints.',
  );
}
