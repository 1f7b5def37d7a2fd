import type { App } from '../app.ts';
import { isDatabaseTrouble } from '../db/database-trouble.ts';
import type { Outcome } from '../domain/delivery.ts';
import { rhythmInWords } from '../domain/in-words.ts';
import { kept } from '../domain/memo.ts';
import type { Message, Space } from '../domain/message.ts';
import type { TokenPurpose } from '../domain/token.ts';
import { createPicker, type Picked } from '../issues/subscriber-picks.ts';
import { replanDeferred } from '../ledger/claims.ts';
import { type DueDelivery, dueDeliveries, refusalsInARow, type Turn } from '../ledger/deliveries.ts';
import { findIssueById } from '../ledger/issues.ts';
import { type DueNotice, dueNotices } from '../ledger/notices.ts';
import { reasonFor, reportAside } from '../ledger/set-aside.ts';
import { composeDelivery } from '../mail/compose-message.ts';
import { composeNotice, type Notice } from '../mail/notice.ts';
import { type RenderedIssue, renderIssue } from '../mail/render.ts';
import { aboutAddress, aboutLeaving, linkFor, readerLinks, returnPathOf } from '../subscribers/links.ts';
import { findSubscriber } from '../subscribers/subscribers-table.ts';
import { type Refused, suppressReader } from '../subscribers/suppress.ts';
import { createLedger, type Entry, type Ledger } from './ledger-writer.ts';
import type { Due, Queue } from './queue-types.ts';
import { holdRefusals, takeRefusalBack } from './refusals.ts';
import { createSuppressionCap, type SuppressionCap } from './suppression-cap.ts';

/** One mail to be sent: a notice, which goes first, or a delivery of an issue. */
type Work = Due & Entry & { readonly address: string; compose(space: Space): Promise<Message> };

/** What may be sent now, as the ledger has it. @param turn which deliveries; notices may always go */
export function workQueue(app: App, turn: () => Turn): Queue<Work> {
  const { db } = app.store;
  const rendered = new Map<string, Promise<RenderedIssue>>();
  const ledger = createLedger(app);
  const picker = createPicker(app);
  const cap = createSuppressionCap(app);
  const settling = new Map<string, Promise<void>>();
  return {
    urgent: async (limit) => (await dueNotices(db, limit)).map((row) => noticeWork(app, row)),
    sweep: () => {
      let last: DueDelivery | undefined;
      return async (limit, wants) => {
        if (last === undefined) await replanDeferred(db, app.clock());
        const rows = await dueDeliveries(db, turn(), limit, last);
        const wanted = rows.filter((row) => wants(nameOf(row)));
        const works = (await picker.prepare(wanted)).map((picked) => deliveryWork(app, rendered, picked));
        // Last, so that a page that could not be made is read again.
        last = rows.at(-1) ?? last;
        return { works, isLast: rows.length < limit };
      };
    },
    claim: ledger.claim,
    holds: ledger.holds,
    compose: (work, space) => work.compose(space),
    settle: (work, outcome) => {
      const done = settleWork(app, ledger, cap, work, outcome).finally(() => settling.delete(work.id));
      settling.set(work.id, done);
      return done;
    },
    takeBack: async (works, until) => {
      // What is being written down now would be written over it.
      await Promise.allSettled(works.map(({ id }) => settling.get(id)));
      for (const { key, subscriberId } of works) await takeRefusalBack(app, key, subscriberId, until);
    },
  };
}

function deliveryWork(
  app: App,
  rendered: Map<string, Promise<RenderedIssue>>,
  { row, own, picks }: Picked,
): Work {
  const { issueId, subscriberId, attempts, address, language, welcome } = row;
  const key = { table: 'deliveries', issueId, subscriberId } as const;
  const compose = async (space: Space) => {
    const issue = kept(rendered, `${issueId} ${language} ${welcome}`, () => renderOrTell(app, row));
    const reader = {
      subscriberId,
      email: address,
      ...readerLinks(app, subscriberId, row.tokenVersion),
      ...returnPathOf(app, key),
      ...(welcome && { when: await whenOf(app, row) }),
    };
    const made = await issue;
    return composeDelivery(made, reader, {
      letterhead: app.letterhead,
      date: app.clock(),
      space,
      ...(own && { body: made.own(own) }),
    });
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

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/** When a new reader's mails come, in words. */
async function whenOf(app: App, { subscriberId, language }: DueDelivery): Promise<string> {
  const reader = await findSubscriber(app.store.db, subscriberId);
  const words = app.languages().of(language || app.config.LANGUAGE);
  return reader === undefined ? '' : rhythmInWords(words, reader);
}

/** Its mails wait while an issue cannot be made, which nobody would notice. */
async function renderOrTell(app: App, row: DueDelivery): Promise<RenderedIssue> {
  try {
    return await render(app, row);
  } catch (error) {
    if (!isDatabaseTrouble(error))
      await reportAside(app, [{ kind: 'issue', ref: String(row.issueId), reason: reasonFor(error) }]);
    throw error;
  }
}

async function render(app: App, { issueId, language, welcome }: DueDelivery): Promise<RenderedIssue> {
  const row = await findIssueById(app.store.db, issueId);
  if (row?.issue === undefined) throw new Error(`issue ${issueId} has nothing to send`);
  return renderIssue(await app.templates(), row.issue, app.letterhead, { language, welcome });
}

function noticeWork(app: App, row: DueNotice): Work {
  const { id, subscriberId, address, attempts } = row;
  const key = { table: 'notices', id } as const;
  const compose = async () =>
    composeNotice(await app.templates(), address, noticeOf(app, row), {
      letterhead: app.letterhead,
      date: app.clock(),
      id,
      language: row.language,
      ...returnPathOf(app, key),
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

function noticeOf(app: App, row: DueNotice): Notice {
  const { kind, subscriberId, createdAt: issuedAt, tokenVersion: version } = row;
  const link = (purpose: TokenPurpose, about?: string) =>
    linkFor(app, purpose, subscriberId, { version, issuedAt, ...(about !== undefined && { about }) });
  if (kind === 'operator') return { kind, text: row.detail };
  if (kind === 'known') return { kind, ...readerLinks(app, subscriberId, version) };
  if (kind === 'manage') return { kind, manageUrl: link('manage') };
  if (kind === 'erase') return { kind, eraseUrl: link('erase') };
  if (kind === 'address') return { kind, confirmUrl: link('address', aboutAddress(app, row.address)) };
  if (kind === 'confirm') return { kind, confirmUrl: link('confirm', aboutLeaving(row.leftAt)) };
  throw new Error(`there is no notice of kind ${JSON.stringify(kind satisfies never)}`);
}

async function settleWork(
  app: App,
  ledger: Ledger,
  cap: SuppressionCap,
  work: Work,
  said: Outcome,
): Promise<void> {
  const { subscriberId } = work;
  const suppression = said.kind === 'failed' ? await suppressionBy(app, work, said) : undefined;
  const held = suppression && (await cap.check(work.key, work.domain));
  const outcome = held ? ({ kind: 'held', reply: said.reply, until: held.until } as const) : said;
  const settled = await ledger.settle(work, outcome);
  if (!settled)
    app.log.warn(
      { subscriberId, outcome: outcome.kind },
      'the lease ended before the outcome was written down',
    );
  if (outcome.kind === 'accepted') return;
  app.log.debug({ subscriberId, outcome: outcome.kind, reply: outcome.reply }, 'not accepted');
  if (held) await holdRefusals(app, held, said.reply);
  else if (suppression && (await suppressReader(app, subscriberId, suppression)))
    app.log.info({ subscriberId, reason: suppression.reason }, 'the address is suppressed');
}

/** An address is dead when the server says so, or when three issues in a row were refused without a reason. */
async function suppressionBy(
  app: App,
  { key, subscriberId, address }: Work,
  outcome: Outcome & { kind: 'failed' },
): Promise<Refused | undefined> {
  // An address that a reader only wants to move to, or has left, says nothing about the one they have.
  if ((await findSubscriber(app.store.db, subscriberId))?.email !== address) return undefined;
  const { suppress: isDead, class: type, reply } = outcome;
  const isDelivery = key.table === 'deliveries';
  // This one is not written down yet.
  const before = isDelivery ? 2 : 3;
  const isRefused = type === 'refused' && (await refusalsInARow(app.store.db, subscriberId)) >= before;
  if (!isDead && !isRefused) return undefined;
  return { reason: isDead ? 'hard' : 'refused', reply, ...(isDelivery && { issueId: key.issueId }) };
}
