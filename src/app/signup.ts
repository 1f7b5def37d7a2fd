import { mailboxKey } from '../domain/address.ts';
import { EVERY_DAY } from '../domain/days.ts';
import { DAY, HOUR } from '../domain/time.ts';
import { signature } from '../domain/token.ts';
import { forgetLimits, type Limit, take } from '../store/limits.ts';
import { addNotice } from '../store/notices.ts';
import type { Trx } from '../store/schema.ts';
import { queueSignUp, takeSignUps } from '../store/signups.ts';
import { addSubscriber, findByAddress, purgePending, setState } from '../store/subscribers.ts';
import { provedChallenge } from './proof.ts';
import type { App } from './wire.ts';

/** How long a sign-up may wait to be confirmed: then its link is dead, and the address is forgotten. */
export const CONFIRM_LIMIT = 7 * DAY;

/** A form may be open for so long; an older one is asked for its button again. */
export const STAMP_LIMIT = DAY;

/** Slices that leave room for pages between them. */
const SLICE = 10;
const PURGE_SLICE = 100;

export type SignUpRequest = {
  readonly address: string;
  /** Interests that a new reader begins with. */
  readonly topics: readonly string[];
  /** Whoever asks, and the network they ask from. */
  readonly client: { readonly address: string; readonly prefix: string };
  readonly stamp: string;
  /** What a browser has worked out, as JSON; empty without. */
  readonly proof: string;
  /** The button of the page that asked for a proof was pressed without one: a browser without JavaScript. */
  readonly plain: boolean;
};

/** `prove`: so many sign up that a proof of work is wanted. `later`: too many; in how many milliseconds again. */
export type SignUpAnswer =
  | { readonly kind: 'taken' }
  | { readonly kind: 'prove' }
  | { readonly kind: 'later'; readonly retryAfter: number; readonly yours: boolean };

/**
 * Somebody typed an address into the form. It is only queued here: nothing is looked up, so that neither the
 * answer nor the time it takes says whose address it is.
 */
export async function askSignUp(app: App, request: SignUpRequest): Promise<SignUpAnswer> {
  const { proof, stamp } = request;
  const proved = proof === '' ? undefined : await provedChallenge(app, proof, stamp);
  return app.store.db.transaction().execute(async (trx) => {
    const taken = await take(trx, limitsOf(app, request, proved), app.clock());
    if (taken.ok) {
      await queueSignUp(trx, request.address, request.topics, app.clock());
      return { kind: 'taken' };
    }
    if (taken.full.key === 'signup:calm' || taken.full.key.startsWith('proof:')) return { kind: 'prove' };
    const yours = taken.full.key.startsWith('signup:from');
    return { kind: 'later', retryAfter: taken.retryAfter, yours };
  });
}

function limitsOf(app: App, { client, plain }: SignUpRequest, proved: string | undefined): Limit[] {
  const { SIGNUP_PER_ADDRESS, SIGNUP_PER_PREFIX, SIGNUP_TOTAL, SIGNUP_CALM, SIGNUP_PLAIN, PROOF_OF_WORK } =
    app.config;
  const limits: Limit[] = [
    { key: `signup:from:${hidden(app, client.address)}`, ...SIGNUP_PER_ADDRESS },
    { key: `signup:from-prefix:${hidden(app, client.prefix)}`, ...SIGNUP_PER_PREFIX },
    { key: 'signup:total', ...SIGNUP_TOTAL },
  ];
  if (PROOF_OF_WORK === 'off') return limits;
  if (proved !== undefined) return [...limits, { key: `proof:${proved}`, count: 1, window: STAMP_LIMIT }];
  if (plain) return [...limits, { key: 'signup:plain', ...SIGNUP_PLAIN }];
  const calm = PROOF_OF_WORK === 'always' ? { count: 0, window: HOUR } : SIGNUP_CALM;
  return [...limits, { key: 'signup:calm', ...calm }];
}

/**
 * Looks whose the queued addresses are. Whoever they belong to gets one mail: to confirm, or, when they are a
 * reader already, to say so; at most one an hour and three a day for a mailbox, so that the form cannot be turned
 * on anybody. A suppressed address gets none.
 */
export async function settleSignUps(app: App): Promise<void> {
  for (let more = true; more; ) {
    more = await app.store.db.transaction().execute(async (trx) => {
      const asked = await takeSignUps(trx, SLICE);
      for (const { email, topics } of asked) await settleOne(app, trx, email, topics);
      return asked.length === SLICE;
    });
    await new Promise(setImmediate);
  }
  await tidy(app);
}

async function settleOne(app: App, trx: Trx, address: string, topics: readonly string[]): Promise<void> {
  const now = app.clock();
  const known = await findByAddress(trx, address);
  if (known?.state === 'suppressed' || !(await mayMail(app, trx, address))) return;
  const reader = known ?? (await addSubscriber(trx, newReader(app, address, topics), now));
  if (reader === undefined) return;
  if (reader.state !== 'active') await setState(trx, reader.id, 'pending', now);
  await addNotice(trx, reader.state === 'active' ? 'known' : 'confirm', reader, now);
}

/** Whether a mailbox may get a mail that somebody else may have asked for: one an hour, and three a day. */
export async function mayMail(app: App, trx: Trx, address: string): Promise<boolean> {
  const mailbox = hidden(app, mailboxKey(address));
  const limits = [
    { key: `mailbox-hour:${mailbox}`, count: 1, window: HOUR },
    { key: `mailbox-day:${mailbox}`, count: 3, window: DAY },
  ];
  return (await take(trx, limits, app.clock())).ok;
}

/** Forgets who never confirmed, and counts that count no more. */
async function tidy(app: App): Promise<void> {
  const now = app.clock();
  for (let more = true; more; ) {
    more = await app.store.db.transaction().execute(async (trx) => {
      await forgetLimits(trx, now, PURGE_SLICE * 5);
      return (await purgePending(trx, now - CONFIRM_LIMIT, now, PURGE_SLICE)) === PURGE_SLICE;
    });
    await new Promise(setImmediate);
  }
}

/** A name for the table of limits that shows no address. Whoever has the secret, too, can try addresses until one fits. */
function hidden(app: App, text: string): string {
  return signature(app.secrets[0], 'limit', text);
}

function newReader(app: App, email: string, topics: readonly string[]) {
  return {
    email,
    name: '',
    state: 'pending' as const,
    timezone: app.config.DEFAULT_TIMEZONE,
    deliverAt: app.config.DELIVER_AT,
    days: EVERY_DAY,
    topics,
    consent: 'form',
  };
}
