import type { App } from '../app.ts';
import { takesMail } from '../config/mail-domain.ts';
import type { Trx } from '../db/schema.ts';
import { inSlices } from '../db/slices.ts';
import { parseAddress } from '../domain/address.ts';
import { DAY, HOUR } from '../domain/time.ts';
import { EVERY_DAY } from '../domain/weekdays.ts';
import { addNotice } from '../ledger/notices.ts';
import { reasonFor, reportAside } from '../ledger/set-aside.ts';
import type { SetAside } from '../ledger/set-aside-table.ts';
import type { SignUpAnswer, SignUpRequest } from '../web/site.ts';
import { settleWish } from './address-change.ts';
import { mailLimits, refusal } from './form-limits.ts';
import { provedChallenge } from './proof.ts';
import { type Limit, take } from './sign-up-limits.ts';
import { type AskedSignUp, queueSignUp, takeSignUps } from './sign-up-table.ts';
import { addSubscriber, findByAddress, setState } from './subscribers-table.ts';
import { findSuppression } from './suppressions-table.ts';
import { tidy } from './tidy.ts';

/** How long a form may have been open; after that its button must be pressed once more. */
export const STAMP_LIMIT = DAY;

/** Slices that leave room for pages between them. */
const SLICE = 10;

/**
 * Counts and queues an address that somebody entered. Nothing is looked up about it, so that neither the answer nor its
 * timing reveals whether it is on the list. The DNS is only asked once the limits have let the request through.
 */
export async function askSignUp(app: App, request: SignUpRequest): Promise<SignUpAnswer> {
  const { address, topics, proof, stamp } = request;
  const proved = proof === '' ? undefined : await provedChallenge(app, proof, stamp);
  const limits = [...mailLimits(app, request), ...workLimits(app, request, proved)];
  const taken = await app.store.db.transaction().execute((trx) => take(trx, limits, app.clock()));
  if (!taken.ok) {
    const { key } = taken.full;
    if (key === 'signup:calm' || key.startsWith('proof:')) return { kind: 'prove' };
    return refusal(taken.full, taken.retryAfter);
  }
  if (app.config.MX_LOOKUP && !(await takesMail(address))) return { kind: 'unmailable' };
  await queueSignUp(app.store.db, address, topics, app.clock(), { mayMail: !taken.quietlyFull });
  return { kind: 'taken' };
}

/** Limits that decide whether a proof of work is required, and that let each proof count once. */
function workLimits(app: App, { plain }: SignUpRequest, proved: string | undefined): Limit[] {
  const { SIGNUP_CALM, SIGNUP_PLAIN, PROOF_OF_WORK } = app.config;
  if (PROOF_OF_WORK === 'off') return [];
  if (proved !== undefined) return [{ key: `proof:${proved}`, count: 1, window: STAMP_LIMIT }];
  if (plain) return [{ key: 'signup:plain', ...SIGNUP_PLAIN }];
  const calm = PROOF_OF_WORK === 'always' ? { count: 0, window: HOUR } : SIGNUP_CALM;
  return [{ key: 'signup:calm', ...calm }];
}

/**
 * Processes the queued addresses. Each owner gets one mail: a request to confirm, or a note that they are subscribed
 * already. Suppressed addresses, and mailboxes that have reached their limit, get none.
 */
export async function settleSignUps(app: App): Promise<void> {
  const left: SetAside[] = [];
  await inSlices({
    most: SLICE,
    work: (limit) =>
      app.store.db.transaction().execute(async (trx) => {
        const asked = await takeSignUps(trx, limit);
        for (const one of asked) {
          if (parseAddress(one.email) !== undefined) await settleOne(app, trx, one);
          else left.push({ kind: 'sign-up', ref: String(one.id), reason: 'its row holds no address' });
        }
        return asked.length;
      }),
    setAside: async (error) => {
      const [one] = await app.store.db.transaction().execute((trx) => takeSignUps(trx, 1));
      if (one) left.push({ kind: 'sign-up', ref: String(one.id), reason: reasonFor(error) });
    },
  });
  await reportAside(app, left);
  await tidy(app);
}

async function settleOne(app: App, trx: Trx, asked: AskedSignUp): Promise<void> {
  if (!asked.mayMail) return;
  const owner = await findByAddress(trx, asked.email);
  if (owner?.state === 'suppressed' || (!owner && (await isDead(trx, asked.email)))) return;
  if (asked.askedBy !== 0) return settleWish(app, trx, asked, owner);
  const now = app.clock();
  const reader = owner ?? (await addSubscriber(trx, newReader(app, asked.email, asked.topics), now));
  if (reader === undefined) return;
  // Restarts the seven days. An unsubscribed reader stays unsubscribed until they press the button in the mail.
  if (reader.state === 'pending') await setState(trx, reader.id, 'pending', now);
  await addNotice(trx, reader.state === 'active' ? 'known' : 'confirm', reader, now);
}

/** Whoever left and was erased may come back, an address that refused our mail may not. */
async function isDead(trx: Trx, email: string): Promise<boolean> {
  const reason = (await findSuppression(trx, email))?.reason;
  return reason !== undefined && reason !== 'unsubscribed' && reason !== 'erased';
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
