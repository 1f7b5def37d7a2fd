import type { Config } from '../config/load.ts';
import type { Core } from '../core.ts';
import type { Trx } from '../db/schema.ts';
import type { Secrets } from '../db/secrets.ts';
import { inSlices } from '../db/slices.ts';
import { parseAddress } from '../domain/address.ts';
import { messageOf } from '../domain/failure.ts';
import type { SetAside } from '../domain/set-aside.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { mayAskAgain } from '../domain/suppression.ts';
import { DAY, HOUR } from '../domain/time.ts';
import type { Days } from '../domain/weekdays.ts';
import { addNotice } from '../ledger/notices.ts';
import { reportAside } from '../ledger/set-aside.ts';
import { settleWish } from './address-change.ts';
import { type Client, type MailAnswer, mailLimits, refusal } from './form-limits.ts';
import { acceptsMail } from './mail-domain.ts';
import { provedChallenge } from './proof.ts';
import { countRequest, type Limit } from './sign-up-limits.ts';
import { type AskedSignUp, claimSignUps, queueSignUp } from './sign-up-table.ts';
import { addSubscriber, findByAddress, setState } from './subscribers-table.ts';
import { findSuppression } from './suppressions-table.ts';
import { tidy } from './tidy.ts';

export type SignUpRequest = {
  readonly address: string;
  /** Interests that a new subscriber begins with, one a line, as `checkTopics` reads them. */
  readonly topics: readonly string[];
  /** The days that a new subscriber begins with. */
  readonly days: Days;
  readonly client: Client;
  readonly stamp: string;
  /** What a browser worked out, as JSON; empty without. */
  readonly proof: string;
  /** Sent from the page that asked for a proof, without one. */
  readonly plain: boolean;
};

/** `prove`: a proof of work is required. `unmailable`: the domain accepts no mail (MX_LOOKUP). */
export type SignUpAnswer = MailAnswer | { readonly kind: 'prove' } | { readonly kind: 'unmailable' };

/** How long a form may have been open; after that its button must be pressed once more. */
export const STAMP_LIMIT = DAY;

/** Slices that leave room for pages between them. */
const SLICE = 10;

/**
 * Counts and queues an address that somebody entered. Nothing is looked up about it, so that neither the answer nor its
 * timing reveals whether it is on the list. The DNS is only asked once the limits have let the request through.
 */
export async function askSignUp(core: Core, secrets: Secrets, request: SignUpRequest): Promise<SignUpAnswer> {
  const { address, topics, days, proof, stamp } = request;
  const proved = proof === '' ? undefined : await provedChallenge(secrets, proof, stamp);
  const limits = [
    ...mailLimits({ config: core.config, secrets }, request),
    ...workLimits(core.config, request, proved),
  ];
  const taken = await core.store.db.transaction().execute((trx) => countRequest(trx, limits, core.clock()));
  if (!taken.ok) {
    const { key } = taken.full;
    if (key === 'signup:calm' || key.startsWith('proof:')) return { kind: 'prove' };
    return refusal(taken.full, taken.retryAfter);
  }
  if (core.config.MX_LOOKUP && !(await acceptsMail(address, core.after))) return { kind: 'unmailable' };
  await queueSignUp(core.store.db, address, topics, core.clock(), { mayMail: !taken.quietlyFull, days });
  return { kind: 'taken' };
}

/** Limits that decide whether a proof of work is required, and that let each proof count once. */
function workLimits(config: Config, { plain }: SignUpRequest, proved: string | undefined): Limit[] {
  const { SIGNUP_CALM, SIGNUP_PLAIN, PROOF_OF_WORK } = config;
  if (PROOF_OF_WORK === 'off') return [];
  if (proved !== undefined) return [{ key: `proof:${proved}`, count: 1, per: STAMP_LIMIT }];
  if (plain) return [{ key: 'signup:plain', ...SIGNUP_PLAIN }];
  const calm = PROOF_OF_WORK === 'always' ? { count: 0, per: HOUR } : SIGNUP_CALM;
  return [{ key: 'signup:calm', ...calm }];
}

/**
 * Processes the queued addresses. Each owner gets one mail: a request to confirm, or a note that they are subscribed
 * already. Suppressed addresses, and mailboxes that have reached their limit, get none.
 */
export async function settleSignUps(core: Core): Promise<void> {
  const left: SetAside[] = [];
  await inSlices({
    most: SLICE,
    work: (limit) =>
      core.store.db.transaction().execute(async (trx) => {
        const asked = await claimSignUps(trx, limit);
        for (const one of asked) {
          if (parseAddress(one.email) !== undefined) await settleOne(core, trx, one);
          else left.push({ kind: 'sign-up', ref: String(one.id), reason: 'its row holds no address' });
        }
        return asked.length;
      }),
    setAside: async (error) => {
      const [one] = await core.store.db.transaction().execute((trx) => claimSignUps(trx, 1));
      if (one) left.push({ kind: 'sign-up', ref: String(one.id), reason: messageOf(error) });
    },
  });
  await reportAside(core, left);
  await tidy(core);
}

async function settleOne(core: Core, trx: Trx, asked: AskedSignUp): Promise<void> {
  if (!asked.mayMail) return;
  const owner = await findByAddress(trx, asked.email);
  const staysAway = !(await mayBeMailed(core, trx, asked.email, owner));
  if (asked.askedBy !== 0)
    return staysAway || owner?.state === 'suppressed' ? undefined : settleWish(core, trx, asked, owner);
  if (staysAway) return;
  const now = core.clock();
  const subscriber = owner ?? (await addSubscriber(trx, newSubscriber(core.config, asked), now));
  if (subscriber === undefined) return;
  // Restarts the seven days. An unsubscribed subscriber stays unsubscribed until they press the button in the mail.
  if (subscriber.state === 'pending') await setState(trx, subscriber.id, 'pending', now);
  await addNotice(trx, subscriber.state === 'active' ? 'known' : 'confirm', subscriber, now);
}

/** Whoever left may come back at once; an address that refused our mail, or complained of it, after a while. */
async function mayBeMailed(
  core: Core,
  trx: Trx,
  email: string,
  owner: Subscriber | undefined,
): Promise<boolean> {
  if (owner && owner.state !== 'suppressed') return true;
  const suppression = await findSuppression(trx, email);
  if (suppression === undefined) return owner === undefined;
  return mayAskAgain(suppression, core.clock());
}

function newSubscriber({ DEFAULT_TIMEZONE, DELIVER_AT }: Config, { email, topics, days }: AskedSignUp) {
  return {
    email,
    name: '',
    state: 'pending' as const,
    timezone: DEFAULT_TIMEZONE,
    deliverAt: DELIVER_AT,
    days,
    topics,
    consent: 'form',
  };
}
