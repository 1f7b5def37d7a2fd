import { readdirSync, readFileSync } from 'node:fs';
import { addDays, startOfDayUtc } from '../../src/domain/day.ts';
import { EVERY_DAY } from '../../src/domain/days.ts';
import type { StoredIssue } from '../../src/domain/issue.ts';
import type { RankedPaper } from '../../src/domain/paper.ts';
import { issueSlug } from '../../src/domain/slug.ts';
import type { Preferences, Subscriber } from '../../src/domain/subscriber.ts';
import { HOUR } from '../../src/domain/time.ts';
import type { ArchivedIssue, IssueSummary, Site } from '../../src/web/site.ts';
import { compileWebTemplates } from '../../src/web/templates.ts';

const FOLDER = new URL('../../templates/web/', import.meta.url);

/** The pages that come with the program, as text by file name. */
export const WEB_FILES = Object.fromEntries(
  readdirSync(FOLDER).map((name) => [name, readFileSync(new URL(name, FOLDER), 'utf8')]),
);

const templates = compileWebTemplates(WEB_FILES);

/** The only tokens that the fake readers know. `old` has expired. */
export const TOKENS = { confirm: 'c-good', unsubscribe: 'u-good', preferences: 'p-good' } as const;

export type FakeSite = Site & {
  /** Each call that changes something, in order. */
  readonly changes: string[];
  readonly reported: unknown[];
  reader: Subscriber;
};

export type FakeContent = {
  readonly issues?: readonly StoredIssue[];
  readonly missed?: readonly IssueSummary[];
  readonly reader?: Partial<Subscriber>;
  readonly site?: Partial<Site>;
};

export function fakeSite(content: FakeContent = {}): FakeSite {
  const issues = content.issues ?? [makeIssue()];
  const summaries = [...issues.map(summary), ...(content.missed ?? [])];
  summaries.sort((left, right) => (left.date < right.date ? 1 : -1));
  const site: FakeSite = {
    newsletterName: 'The Morning Offprint',
    siteUrl: 'https://papers.example',
    templates,
    changes: [],
    reported: [],
    reader: { ...READER, ...content.reader },
    nextIssueAt: () => Date.UTC(2026, 7, 20, 5),
    health: async () => ({ ok: true }),
    report: (error) => void site.reported.push(error),
    issues: {
      newest: async (count) => issues.slice(0, count),
      list: async (count, before) =>
        summaries.filter(({ date }) => before === undefined || date < before).slice(0, count),
      called: async (day) => archived(day, issues, summaries),
    },
    readers: {
      signUp: async (address) => void site.changes.push(`signUp ${address}`),
      find: async (purpose, token) => {
        if (token === 'old' && purpose === 'confirm') return 'expired';
        return token === TOKENS[purpose] ? site.reader : undefined;
      },
      confirm: async (token) => {
        site.changes.push(`confirm ${token}`);
        if (token === 'old') return 'expired';
        if (token !== TOKENS.confirm) return undefined;
        site.reader = { ...site.reader, state: 'active' };
        return site.reader;
      },
      unsubscribe: async (token) => {
        site.changes.push(`unsubscribe ${token}`);
        if (token !== TOKENS.unsubscribe) return false;
        site.reader = { ...site.reader, state: 'unsubscribed' };
        return true;
      },
      savePreferences: async (token, preferences: Preferences) => {
        site.changes.push(`savePreferences ${token}`);
        site.reader = { ...site.reader, ...preferences };
        return token === TOKENS.preferences;
      },
      tokenFor: (purpose) => TOKENS[purpose],
    },
    ...content.site,
  };
  return site;
}

const READER: Subscriber = {
  id: 7,
  email: 'ada@example.org',
  name: '',
  state: 'active',
  topics: [],
  consent: 'form',
  createdAt: 0,
  timezone: 'Europe/Berlin',
  deliverAt: '07:30',
  days: EVERY_DAY,
};

/** Issues of the days up to 19 August 2026, newest first. */
export function makeIssues(count: number): StoredIssue[] {
  return Array.from({ length: count }, (_, back) =>
    makeIssue({ id: count - back, number: count - back, date: addDays('2026-08-19', -back) }),
  );
}

export function makeIssue(change: Partial<StoredIssue> = {}): StoredIssue {
  const date = change.date ?? '2026-08-19';
  const picks = change.picks ?? [makePick()];
  return {
    id: 1,
    kind: 'daily',
    date,
    number: 1,
    sample: false,
    state: 'done',
    frozenAt: startOfDayUtc(date) + 5 * HOUR,
    subject: 'Slow clocks for fast gardens, and 9 more',
    preheader: 'A robot that waits, a proof that does not.',
    picks,
    candidates: picks.map(({ paper, score }) => ({ id: paper.id, score })),
    hash: '00',
    ...change,
  };
}

export function makePick(change: Partial<RankedPaper['paper']> = {}, reasons?: string[]): RankedPaper {
  return {
    score: 1,
    reasons: reasons ?? ['39 upvotes in 29 h'],
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

function summary({ kind, date, state, sample, number, subject }: StoredIssue): IssueSummary {
  return { kind, date, state, sample, number, subject, reason: '' };
}

function archived(
  day: string,
  issues: readonly StoredIssue[],
  summaries: readonly IssueSummary[],
): ArchivedIssue | undefined {
  const issue = issues.find((known) => issueSlug(known) === day);
  return issue ? { ...issue, issue, reason: '' } : summaries.find((known) => issueSlug(known) === day);
}
