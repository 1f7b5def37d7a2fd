import type { Core } from '../core.ts';
import { isDatabaseTrouble } from '../db/database-trouble.ts';
import type { Db } from '../db/schema.ts';
import { domainOf } from '../domain/address.ts';
import type { Outcome } from '../domain/delivery.ts';
import { messageOf } from '../domain/failure.ts';
import { rhythmInWords } from '../domain/in-words.ts';
import type { Languages } from '../domain/language.ts';
import { memoizeAsync } from '../domain/memo.ts';
import type { Message, ReusableBuffer } from '../domain/message.ts';
import type { TokenPurpose } from '../domain/token.ts';
import { verdict } from '../domain/verdict.ts';
import { createPicker, type Picked } from '../issues/subscriber-picks.ts';
import { replanDeferred } from '../ledger/claims.ts';
import { type DueDelivery, dueDeliveries, type Turn } from '../ledger/deliveries.ts';
import { findIssueById } from '../ledger/issues.ts';
import { type DueNotice, dueNotices } from '../ledger/notices.ts';
import { historyOf } from '../ledger/returned.ts';
import { reportAside } from '../ledger/set-aside.ts';
import { composeDelivery } from '../mail/compose-message.ts';
import { composeNotice, type Notice } from '../mail/notice.ts';
import { type RenderedIssue, renderIssue } from '../mail/render.ts';
import {
  aboutAddress,
  aboutLeaving,
  feedbackLink,
  type LinkTools,
  linkFor,
  mailNames,
  subscriberLinks,
} from '../subscribers/links.ts';
import { findSubscriber } from '../subscribers/subscribers-table.ts';
import { type Refused, suppressSubscriber } from '../subscribers/suppress.ts';
import type { Composing } from './composing.ts';
import { createLedger, type Ledger, type LedgerRow } from './ledger-writer.ts';
import type { Due, Queue } from './queue-types.ts';
import { holdRefusals, undoRefusal } from './refusals.ts';
import type { Routes } from './routes.ts';
import type { Sending } from './sending.ts';
import { createSuppressionCap, type SuppressionCap } from './suppression-cap.ts';

/** One mail to be sent: a notice (these go first) or a delivery of an issue. */
type Work = Due & LedgerRow & { readonly address: string; compose(buffer: ReusableBuffer): Promise<Message> };

/** What the ledger allows to be sent now. @param turn which deliveries; notices are always allowed */
export function workQueue(core: Core, composing: Composing, sending: Sending, turn: () => Turn): Queue<Work> {
  const { db } = core.store;
  const rendered = new Map<string, Promise<RenderedIssue>>();
  const ledger = createLedger(core, sending);
  const picker = createPicker(core);
  const cap = createSuppressionCap(core);
  const settling = new Map<string, Promise<void>>();
  return {
    urgent: async (limit) => (await dueNotices(db, limit)).map((row) => noticeWork(core, composing, row)),
    sweep: () => {
      let last: DueDelivery | undefined;
      return async (limit, wants) => {
        if (last === undefined) await replanDeferred(db, core.clock());
        const rows = await dueDeliveries(db, turn(), limit, last);
        const wanted = rows.filter((row) => wants(nameOf(row)));
        const works = (await picker.prepare(wanted)).map((picked) =>
          deliveryWork(core, composing, rendered, picked),
        );
        // Last, so that a page that failed is read again.
        last = rows.at(-1) ?? last;
        return { works, isLast: rows.length < limit };
      };
    },
    claim: ledger.claim,
    holds: ledger.holds,
    compose: (work, buffer) => work.compose(buffer),
    settle: (work, outcome) => {
      const done = settleWork(core, { ledger, cap, routes: sending.routes }, work, outcome).finally(() =>
        settling.delete(work.id),
      );
      settling.set(work.id, done);
      return done;
    },
    takeBack: async (works, until) => {
      // An outcome that is being written now would overwrite it.
      await Promise.allSettled(works.map(({ id }) => settling.get(id)));
      for (const { key, subscriberId } of works) await undoRefusal(core, key, subscriberId, until);
    },
  };
}

function deliveryWork(
  core: Core,
  composing: Composing,
  rendered: Map<string, Promise<RenderedIssue>>,
  { row, own, picks }: Picked,
): Work {
  const { issueId, subscriberId, attempts, address, language, welcome } = row;
  const key = { table: 'deliveries', issueId, subscriberId } as const;
  const links = { config: core.config, secrets: composing.secrets };
  const compose = async (buffer: ReusableBuffer) => {
    const issue = memoizeAsync(rendered, `${issueId} ${language} ${welcome}`, () =>
      renderOrTell(core, composing, row),
    );
    const subscriber = {
      subscriberId,
      email: address,
      ...subscriberLinks(links, subscriberId, row.tokenVersion),
      ...mailNames(links, key),
      ...(welcome && { when: await whenOf(core, composing.languages, row) }),
    };
    const made = await issue;
    const feedbackUrl = feedbackLink(links, subscriberId, row.tokenVersion, made);
    return composeDelivery(
      made,
      { ...subscriber, feedbackUrl },
      {
        letterhead: composing.letterhead,
        date: core.clock(),
        buffer,
        ...(own && { body: made.own(own) }),
      },
    );
  };
  return {
    ...nameOf(row),
    key,
    asRead: { ...row, keep: picks },
    subscriberId,
    address,
    attempts,
    compose,
  };
}

function nameOf({ issueId, subscriberId, address }: DueDelivery) {
  return { id: `${issueId}/${subscriberId}`, domain: domainOf(address) };
}

/** When a new subscriber gets their mails, in words. */
async function whenOf(
  core: Core,
  languages: () => Languages,
  { subscriberId, language }: DueDelivery,
): Promise<string> {
  const subscriber = await findSubscriber(core.store.db, subscriberId);
  const words = languages().of(language || core.config.LANGUAGE);
  return subscriber === undefined ? '' : rhythmInWords(words, subscriber);
}

/** Mails wait while an issue cannot be composed, which nobody would notice otherwise. */
async function renderOrTell(core: Core, composing: Composing, row: DueDelivery): Promise<RenderedIssue> {
  try {
    return await render(core.store.db, composing, row);
  } catch (error) {
    if (!isDatabaseTrouble(error))
      await reportAside(core, [{ kind: 'issue', ref: String(row.issueId), reason: messageOf(error) }]);
    throw error;
  }
}

async function render(
  db: Db,
  { templates, letterhead }: Composing,
  { issueId, language, welcome }: DueDelivery,
): Promise<RenderedIssue> {
  const row = await findIssueById(db, issueId);
  if (row?.issue === undefined) throw new Error(`issue ${issueId} has nothing to send`);
  return renderIssue(await templates(), row.issue, letterhead, { language, welcome });
}

function noticeWork(
  { config, clock }: Core,
  { templates, letterhead, secrets }: Composing,
  row: DueNotice,
): Work {
  const { id, subscriberId, address, attempts } = row;
  const key = { table: 'notices', id } as const;
  const compose = async () =>
    composeNotice(await templates(), address, noticeOf({ config, secrets }, row), {
      letterhead,
      date: clock(),
      id,
      language: row.language,
      ...mailNames({ config, secrets }, key),
    });
  return {
    id: `notice ${id}`,
    domain: domainOf(address),
    key,
    subscriberId,
    address,
    attempts,
    compose,
  };
}

function noticeOf(links: LinkTools, row: DueNotice): Notice {
  const { kind, subscriberId, createdAt: issuedAt, tokenVersion: version } = row;
  const link = (purpose: TokenPurpose, about?: string) =>
    linkFor(links, purpose, subscriberId, { version, issuedAt, ...(about !== undefined && { about }) });
  if (kind === 'operator') return { kind, text: row.detail };
  if (kind === 'known') return { kind, ...subscriberLinks(links, subscriberId, version) };
  if (kind === 'leave') {
    const { unsubscribeUrl } = subscriberLinks(links, subscriberId, version);
    return { kind, unsubscribeUrl };
  }
  if (kind === 'manage') return { kind, manageUrl: link('manage') };
  if (kind === 'erase') return { kind, eraseUrl: link('erase') };
  if (kind === 'address')
    return { kind, confirmUrl: link('address', aboutAddress(links.secrets, row.address)) };
  if (kind === 'confirm') return { kind, confirmUrl: link('confirm', aboutLeaving(row.leftAt)) };
  throw new Error(`there is no notice of kind ${JSON.stringify(kind satisfies never)}`);
}

async function settleWork(
  core: Core,
  { ledger, cap, routes }: { ledger: Ledger; cap: SuppressionCap; routes: Routes },
  work: Work,
  said: Outcome,
): Promise<void> {
  const { subscriberId } = work;
  const suppression = said.kind === 'failed' ? await suppressionBy(core, work, said) : undefined;
  const held = suppression && (await cap.check(work.key, work.domain));
  const outcome = held ? ({ kind: 'held', reply: said.reply, until: held.until } as const) : said;
  const settled = await ledger.settle(work, outcome);
  if (!settled)
    core.log.warn(
      { subscriberId, outcome: outcome.kind },
      'the lease ended before the outcome was written down',
    );
  if (outcome.kind === 'accepted') return;
  core.log.debug({ subscriberId, outcome: outcome.kind, reply: outcome.reply }, 'not accepted');
  if (held) await holdRefusals(core, routes, held, said.reply);
  else if (suppression && (await suppressSubscriber(core, subscriberId, suppression)))
    core.log.info({ subscriberId, reason: suppression.reason }, 'the address is suppressed');
}

/** What the refusal says of the address, in the light of the issues before. */
async function suppressionBy(
  core: Core,
  { key, subscriberId, address }: Work,
  outcome: Outcome & { kind: 'failed' },
): Promise<Refused | undefined> {
  // A refusal of an address that a subscriber wants to change to, or has left, says nothing about the current one.
  if ((await findSubscriber(core.store.db, subscriberId))?.email !== address) return undefined;
  const { suppress: isDead, class: type, reply } = outcome;
  const isDelivery = key.table === 'deliveries';
  const past = isDead ? [] : await historyOf(core.store.db, subscriberId);
  // A notice is no issue; this issue is not written down yet.
  const history = isDead || isDelivery ? [{ class: type, at: core.clock() }, ...past] : past;
  const reason = type === 'policy' ? undefined : verdict(history, core.clock());
  return reason && { reason, reply, ...(isDelivery && { issueId: key.issueId }) };
}
