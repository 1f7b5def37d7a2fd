import { composeDelivery } from '../compose/message.ts';
import { composeNotice, type Notice } from '../compose/notice.ts';
import { type RenderedIssue, renderIssue } from '../compose/render.ts';
import type { Queue } from '../deliver/run.ts';
import type { Outcome } from '../domain/delivery.ts';
import type { Message } from '../domain/message.ts';
import { type Instant, SECOND } from '../domain/time.ts';
import type { TokenPurpose } from '../domain/token.ts';
import { retryAt } from '../schedule/backoff.ts';
import { type DueDelivery, dueDeliveries, refusalsInARow, type Turn } from '../store/deliveries.ts';
import { findIssueById } from '../store/issues.ts';
import { type DueNotice, dueNotices } from '../store/notices.ts';
import { findSubscriber } from '../store/subscribers.ts';
import { claim, settle, type WorkKey } from '../store/work.ts';
import { linkFor, readerLinks } from './links.ts';
import { suppressReader } from './readers.ts';
import type { App } from './wire.ts';

/** How long a claim holds without being renewed. */
export const LEASE = 30 * SECOND;

/** One mail to be sent: a notice, which goes first, or a delivery of an issue. */
type Work = {
  readonly key: WorkKey;
  readonly asRead?: { readonly address: string; readonly dueAt: Instant };
  readonly subscriberId: number;
  readonly address: string;
  readonly attempts: number;
  compose(): Promise<Message>;
};

/** What may be sent now, as the ledger has it. @param turn which deliveries; notices may always go */
export function workQueue(app: App, turn: Turn): Queue<Work> {
  const { db } = app.store;
  const rendered = new Map<number, Promise<RenderedIssue>>();
  return {
    due: async (limit) => {
      const notices = (await dueNotices(db, limit)).map((row) => noticeWork(app, row));
      if (notices.length === limit) return notices;
      const deliveries = await dueDeliveries(db, turn, limit - notices.length);
      return [...notices, ...deliveries.map((row) => deliveryWork(app, rendered, row))];
    },
    claim: (work) => claim(db, work.key, app.owner, app.clock() + LEASE, work.asRead),
    compose: (work) => work.compose(),
    settle: (work, outcome) => settleWork(app, work, outcome),
  };
}

function deliveryWork(app: App, rendered: Map<number, Promise<RenderedIssue>>, row: DueDelivery): Work {
  const { issueId, subscriberId, attempts } = row;
  const compose = async () => {
    const issue = rendered.get(issueId) ?? render(app, issueId);
    rendered.set(issueId, issue);
    const reader = { subscriberId, email: row.address, ...readerLinks(app, subscriberId, row.tokenVersion) };
    return composeDelivery(await issue, reader, { letterhead: app.letterhead, date: app.clock() });
  };
  return {
    key: { table: 'deliveries', issueId, subscriberId },
    asRead: row,
    subscriberId,
    address: row.address,
    attempts,
    compose,
  };
}

async function render(app: App, issueId: number): Promise<RenderedIssue> {
  const row = await findIssueById(app.store.db, issueId);
  if (row?.issue === undefined) throw new Error(`issue ${issueId} has nothing to send`);
  return renderIssue(await app.templates(), row.issue, app.letterhead);
}

function noticeWork(app: App, row: DueNotice): Work {
  const { id, subscriberId, address, attempts } = row;
  const compose = async () =>
    composeNotice(await app.templates(), address, noticeOf(app, row), {
      letterhead: app.letterhead,
      date: app.clock(),
      id,
    });
  return { key: { table: 'notices', id }, subscriberId, address, attempts, compose };
}

function noticeOf(app: App, row: DueNotice): Notice {
  const { kind, subscriberId, createdAt: issuedAt, tokenVersion: version } = row;
  const link = (purpose: TokenPurpose) => linkFor(app, purpose, subscriberId, { version, issuedAt });
  if (kind === 'operator') return { kind, text: row.detail };
  if (kind === 'known') return { kind, ...readerLinks(app, subscriberId, version) };
  if (kind === 'manage') return { kind, manageUrl: link('manage') };
  if (kind === 'erase') return { kind, eraseUrl: link('erase') };
  if (kind === 'address') return { kind, confirmUrl: link('address') };
  return { kind: 'confirm', confirmUrl: link('confirm') };
}

async function settleWork(app: App, work: Work, outcome: Outcome): Promise<void> {
  const now = app.clock();
  const times = { now, nextAt: retryAt(now, work.attempts + 1, Math.random()) };
  const settled = await settle(app.store.db, work.key, app.owner, outcome, times);
  const { subscriberId } = work;
  if (!settled)
    app.log.warn(
      { subscriberId, outcome: outcome.kind },
      'the lease ended before the outcome was written down',
    );
  if (outcome.kind === 'accepted') return;
  app.log.debug({ subscriberId, outcome: outcome.kind, reply: outcome.reply }, 'not accepted');
  if (outcome.kind === 'failed') await suppressIfDead(app, work, outcome.suppress);
}

/** An address is dead when the server says so, or when three issues in a row were refused without a reason. */
async function suppressIfDead(app: App, { subscriberId, address }: Work, saidDead: boolean): Promise<void> {
  // An address that a reader only wants to move to, or has left, says nothing about the one they have.
  if ((await findSubscriber(app.store.db, subscriberId))?.email !== address) return;
  if (!saidDead && (await refusalsInARow(app.store.db, subscriberId)) < 3) return;
  app.log.info({ subscriberId }, 'the address is suppressed');
  await suppressReader(app, subscriberId);
}
