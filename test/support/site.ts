import { onTestFinished } from 'vitest';
import type { App } from '../../src/app.ts';
import { addDays, startOfDayUtc } from '../../src/domain/day.ts';
import type { ComposedIssue } from '../../src/domain/issue.ts';
import type { KnownPaper } from '../../src/domain/known-paper.ts';
import type { RankedPaper } from '../../src/domain/paper.ts';
import { makeStamp } from '../../src/domain/stamp.ts';
import type { Subscriber } from '../../src/domain/subscriber.ts';
import { HOUR, SECOND } from '../../src/domain/time.ts';
import type { TokenPurpose } from '../../src/domain/token.ts';
import { formatDays } from '../../src/domain/weekdays.ts';
import { setIssueState } from '../../src/ledger/issue-states.ts';
import { freezeIssue, recordNoIssue } from '../../src/ledger/issues.ts';
import { savePaper } from '../../src/papers/papers-table.ts';
import { tokenFor } from '../../src/subscribers/links.ts';
import { addSubscriber, findSubscriber } from '../../src/subscribers/subscribers-table.ts';
import { openTestApp } from './app.ts';
import { makeIssue as anyIssue, makeSubscriber } from './makers.ts';
import { openWeb } from './pages.ts';

export const ADA = 'ada@example.org';

export type SiteContent = {
  readonly issues?: readonly ComposedIssue[];
  /** Days that were skipped, and why. */
  readonly skipped?: readonly { readonly date: string; readonly reason: string }[];
  readonly papers?: readonly KnownPaper[];
  readonly subscriber?: Partial<Subscriber>;
  readonly settings?: Record<string, string>;
};

/**
 * The pages over the real program at 05:00 UTC on 19 August 2026, with one issue, one paper and one subscriber unless
 * told otherwise. It is closed when the test ends.
 */
export async function openTestSite(content: SiteContent = {}) {
  const settings = {
    NEWSLETTER_NAME: 'The Morning Offprint',
    MAIL_FROM: 'papers@papers.example.org',
    TRUST_PROXY: '127.0.0.0/8',
  };
  const app = await openTestApp({ SMTP_URL: 'smtp://127.0.0.1:1', ...settings, ...content.settings });
  onTestFinished(() => app.close());
  const id = await fill(app, content);
  const web = openWeb(app);
  const subscriber = async () => {
    const found = await findSubscriber(app.store.db, id);
    if (found === undefined) throw new Error('the subscriber is gone');
    return found;
  };
  /** A good token of the one subscriber. @param age of its link in milliseconds */
  const token = async (purpose: TokenPurpose, age = 0) => {
    const dated = ['confirm', 'manage', 'address', 'erase'].includes(purpose);
    return tokenFor(app.secrets, purpose, await subscriber(), dated ? app.clock() - age : undefined);
  };
  return {
    app,
    web,
    subscriber,
    token,
    /** The path of a page of the one subscriber. */
    path: async (purpose: TokenPurpose) => `/${purpose}/${await token(purpose)}`,
    /** As from a form that was opened some time ago. */
    stamp: (age = 2 * SECOND) => makeStamp(app.secrets[0], app.clock() - age),
    get: (path: string, init: RequestInit = {}) => web.request(path, init),
    text: async (path: string) => (await web.request(path)).text(),
    post: (path: string, fields: Record<string, string> | [string, string][] = {}) =>
      web.request(path, { method: 'POST', body: new URLSearchParams(fields) }),
    /** The addresses that wait to be settled, and the interests that came with them. */
    signUps: async () =>
      (await app.store.db.selectFrom('signups').selectAll().orderBy('id').execute()).map(
        ({ email, topics, days }) =>
          [email, ...JSON.parse(topics), formatDays(days)].filter(Boolean).join(' '),
      ),
  };
}

export type TestSite = Awaited<ReturnType<typeof openTestSite>>;

async function fill(app: App, content: SiteContent): Promise<number> {
  const { issues = [makePageIssue()], skipped = [], papers = [makeKnown()], subscriber = {} } = content;
  const { db } = app.store;
  await db.transaction().execute(async (trx) => {
    for (const issue of issues) {
      const id = await freezeIssue(trx, issue, 0);
      if (id !== undefined) await setIssueState(trx, id, 'done');
    }
    // Of what fits equally well the newest stands first, so the first named is kept last.
    for (const paper of papers.toReversed()) await savePaper(trx, paper, undefined, []);
  });
  for (const { date, reason } of skipped)
    await recordNoIssue(db, { kind: 'daily', date, state: 'skipped', reason, frozenAt: startOfDayUtc(date) });
  const wishes = { timezone: 'Europe/Berlin', deliverAt: '07:30', consent: 'form', name: '' };
  const added = await addSubscriber(
    db,
    makeSubscriber({ email: ADA, ...wishes, ...subscriber }),
    app.clock(),
  );
  if (added === undefined) throw new Error('the subscriber is there already');
  await db
    .updateTable('subscribers')
    .set({ language: subscriber.language ?? '' })
    .where('id', '=', added.id)
    .execute();
  return added.id;
}

/** Issues of the days up to 19 August 2026, newest first. */
export function makePageIssues(count: number): ComposedIssue[] {
  return Array.from({ length: count }, (_, back) =>
    makePageIssue({ number: count - back, date: addDays('2026-08-19', -back) }),
  );
}

export function makePageIssue(change: Partial<ComposedIssue> = {}): ComposedIssue {
  const date = change.date ?? '2026-08-19';
  const picks = change.picks ?? [makePick()];
  return anyIssue({
    date,
    frozenAt: startOfDayUtc(date) + 5 * HOUR,
    subject: 'Slow clocks for fast gardens, and 9 more',
    preheader: 'A robot that waits, a proof that does not.',
    picks,
    considered: picks.length,
    ...change,
  });
}

export function makePick(
  change: Partial<RankedPaper['paper']> = {},
  reasons = ['39 upvotes in 29 h'],
): RankedPaper {
  return {
    score: 1,
    reasons,
    paper: {
      id: 'arxiv:2608.00001',
      aliases: ['arxiv:2608.00001'],
      ids: { arxiv: '2608.00001' },
      title: 'Slow Clocks for Fast Gardens',
      abstract: 'We water gardens by a clock that runs slowly. The gardens do not mind.',
      authors: ['Ada Example', 'Bo Sample'],
      links: {
        abstract: 'https://arxiv.example/abs/2608.00001',
        pdf: 'https://arxiv.example/pdf/2608.00001',
      },
      categories: ['cs.AI'],
      sources: ['huggingface'],
      day: '2026-08-18',
      since: Date.UTC(2026, 7, 18),
      firstSeenAt: Date.UTC(2026, 7, 18),
      signals: { upvotes: 39 },
      ...change,
    },
  };
}

export function makeKnown(change: Partial<KnownPaper> = {}): KnownPaper {
  return { ...makePick().paper, ...change };
}
