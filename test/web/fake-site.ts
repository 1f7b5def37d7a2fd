import { readdirSync, readFileSync } from 'node:fs';
import { addDays, startOfDayUtc } from '../../src/domain/day.ts';
import type { StoredIssue } from '../../src/domain/issue.ts';
import type { KnownPaper } from '../../src/domain/known-paper.ts';
import { readLanguages } from '../../src/domain/language.ts';
import type { RankedPaper } from '../../src/domain/paper.ts';
import { issueSlug } from '../../src/domain/slug.ts';
import type { Subscriber, Wishes } from '../../src/domain/subscriber.ts';
import { HOUR } from '../../src/domain/time.ts';
import type { TokenPurpose } from '../../src/domain/token.ts';
import { EVERY_DAY, WEEKLY } from '../../src/domain/weekdays.ts';
import type { MailAnswer } from '../../src/subscribers/form-limits.ts';
import type { SignUpAnswer } from '../../src/subscribers/sign-up.ts';
import type { ArchivedIssue, IssueSummary, Site } from '../../src/web/site.ts';
import { compileWebTemplates } from '../../src/web/web-templates.ts';

const FOLDER = new URL('../../templates/web/', import.meta.url);

/** The pages that come with the program, as text by file name. */
export const WEB_FILES = Object.fromEntries(
  readdirSync(FOLDER).map((name) => [name, readFileSync(new URL(name, FOLDER), 'utf8')]),
);

const LANG = new URL('../lang/', FOLDER);

export const LANGUAGES = readLanguages(
  Object.fromEntries(
    readdirSync(LANG).map((name) => [name.replace('.json', ''), readFileSync(new URL(name, LANG), 'utf8')]),
  ),
);

export const ENGLISH = LANGUAGES.of('en');

const templates = compileWebTemplates(WEB_FILES, LANGUAGES);

/** The only tokens that the fake subscribers know. `old` has expired. */
export const TOKENS = {
  confirm: 'c-good',
  unsubscribe: 'u-good',
  preferences: 'p-good',
  manage: 'm-good',
  address: 'a-good',
  erase: 'e-good',
} as const;

/** The only stamps that are good; whatever a test wants the door to answer is in `answer`. */
export const STAMP = 'stamp-good';

export type FakeSite = Site & {
  /** Each call that changes something, in order. */
  readonly changes: string[];
  readonly reported: unknown[];
  subscriber: Subscriber;
  /** What becomes of the next sign-ups. */
  answer: SignUpAnswer;
  /** Whether preferences were saved too often. */
  tooOften: boolean;
};

export type FakeContent = {
  readonly issues?: readonly StoredIssue[];
  readonly missed?: readonly IssueSummary[];
  readonly papers?: readonly KnownPaper[];
  readonly subscriber?: Partial<Subscriber>;
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
    language: 'en',
    changes: [],
    reported: [],
    subscriber: { ...SUBSCRIBER, ...content.subscriber },
    nextIssueAt: () => Date.UTC(2026, 7, 20, 5),
    health: async () => ({ ok: true }),
    report: (error) => void site.reported.push(error),
    reportProxy: (peer) => void site.reported.push(`proxy ${peer}`),
    issues: {
      newest: async (count) => issues.slice(0, count),
      list: async (count, before) =>
        summaries.filter(({ date }) => before === undefined || date < before).slice(0, count),
      called: async (day) => archived(day, issues, summaries),
      between: async (first, last) => issues.filter(({ date }) => date >= first && date <= last).toReversed(),
    },
    papers: fakePapers(content.papers ?? [makeKnown()]),
    api: fakeApi(() => site),
    thumbnail: async () => undefined,
    answer: { kind: 'taken' },
    tooOften: false,
    now: () => Date.UTC(2026, 7, 19, 5),
    trustedProxies: ['127.0.0.0/8'],
    signUps: {
      stamp: () => STAMP,
      sharedStamp: () => STAMP,
      checkStamp: (stamp) => (stamp === STAMP ? 'good' : stamp === 'stamp-early' ? 'early' : 'none'),
      challenge: async (stamp) => JSON.stringify({ for: stamp }),
      ask: async ({ address, client, proof, plain, topics }) => {
        if (address.endsWith('@no-mail.example.org')) return { kind: 'unmailable' };
        const how = [client.address, client.prefix, proof, plain ? 'plain' : '', topics.join(';')]
          .filter(Boolean)
          .join(' ');
        site.changes.push(`signUp ${address} ${how}`);
        return site.answer;
      },
    },
    subscribers: fakeReaders(() => site),
    ...content.site,
  };
  return site;
}

/** Finds whatever has the first word that is asked for in its title, as a whole. */
function fakePapers(known: readonly KnownPaper[]): Site['papers'] {
  return {
    search: async ({ words: [word = ''] }, { limit, offset }) => {
      const hits = known.filter(({ title }) => title.toLowerCase().includes(word));
      const found = hits.slice(offset, offset + limit).map((paper) => ({
        paper,
        title: [{ text: paper.title, hit: word !== '' }],
        excerpt: [{ text: paper.abstract, hit: false }],
      }));
      return { found, total: hits.length };
    },
    find: async (alias) => {
      const paper = known.find(({ aliases }) => aliases.includes(alias));
      return paper && { paper, issues: [{ date: '2026-08-19', subject: 'Slow clocks' }] };
    },
    similar: async (id, limit) => known.filter((paper) => paper.id !== id).slice(0, limit),
  };
}

/** Knows the token `t-good` and the one subscriber. */
function fakeApi(site: () => FakeSite): Site['api'] {
  const mine = (address: string) => (address === site().subscriber.email ? site().subscriber : undefined);
  const change = (address: string, what: string) => {
    if (mine(address)) site().changes.push(`${what} ${address}`);
    return mine(address) !== undefined;
  };
  return {
    allows: (token) => token === 't-good',
    subscribers: {
      list: async ({ limit }) => [site().subscriber].slice(0, limit),
      find: async (address) => mine(address),
      add: async (address, details) => {
        site().changes.push(`add ${address} ${JSON.stringify(details)}`);
        return { ...site().subscriber, ...details, email: address };
      },
      change: async (address, details) => {
        change(address, `change ${JSON.stringify(details)}`);
        return mine(address);
      },
      leave: async (address) => change(address, 'leave'),
      erase: async (address) => change(address, 'erase'),
    },
    deliveries: async (slug) => (slug === '2026-08-19' ? [DELIVERY] : undefined),
  };
}

const DELIVERY = {
  ...{ subscriberId: 7, address: 'ada@example.org', state: 'accepted' as const, reason: '' },
  ...{ reply: '250 ok', attempts: 1, dueAt: Date.UTC(2026, 7, 19, 7), settledAt: 0 },
};

export function makeKnown(change: Partial<KnownPaper> = {}): KnownPaper {
  return { ...makePick().paper, ...change };
}

/** Only the good tokens do anything, and `old` ones have expired. */
function fakeReaders(site: () => FakeSite): Site['subscribers'] {
  const act = (purpose: TokenPurpose, token: string, change: string, after: Partial<Subscriber> = {}) => {
    const good = token === TOKENS[purpose];
    site().changes.push(`${change} ${token}`);
    if (good) site().subscriber = { ...site().subscriber, ...after };
    return good;
  };
  const mailAnswer = () => (site().answer.kind === 'later' ? (site().answer as MailAnswer) : TAKEN);
  const fresh = (purpose: TokenPurpose) => ['confirm', 'manage', 'address', 'erase'].includes(purpose);
  return {
    find: async (purpose, token) => {
      if (token === 'old' && fresh(purpose)) return 'expired';
      return token === TOKENS[purpose] ? site().subscriber : undefined;
    },
    findConfirmation: async (token) => {
      if (token === 'old') return 'expired';
      if (token !== TOKENS.confirm) return undefined;
      return { subscriber: site().subscriber, opens: site().subscriber.state === 'pending' };
    },
    confirm: async (token, timezone) => {
      const zone = timezone === '' ? {} : { timezone };
      const good = act('confirm', token, 'confirm', { state: 'active', ...zone });
      return good ? site().subscriber : token === 'old' ? 'expired' : undefined;
    },
    unsubscribe: async (token) => act('unsubscribe', token, 'unsubscribe', { state: 'unsubscribed' }),
    turnWeekly: async (token) => act('unsubscribe', token, 'turnWeekly', { days: WEEKLY }),
    savePreferences: async (token, wishes: Wishes) => act('preferences', token, 'savePreferences', wishes),
    checkTopics: (lines) => ({
      topics: lines.filter((line) => line !== 'bad'),
      problems: lines.includes('bad') ? ['“bad”: no topic.'] : [],
    }),
    nextPicks: async () => ({
      picks: [makePick({ title: 'What Comes Next' })],
      matches: ['matches “what comes”'],
    }),
    countSave: async () => (site().tooOften ? 61_001 : 0),
    mailLink: async (token, purpose) =>
      act('preferences', token, `mailLink ${purpose}`) ? mailAnswer() : undefined,
    askAddress: async (token, address) =>
      act('manage', token, `askAddress ${address}`) ? mailAnswer() : undefined,
    findAddress: async (token) =>
      token === 'old' ? 'expired' : token === TOKENS.address ? 'new@example.org' : undefined,
    moveAddress: async (token) => {
      if (token === 'old') return 'expired';
      return act('address', token, 'moveAddress', { email: 'new@example.org' }) ? 'moved' : undefined;
    },
    dataOf: async (token) => (token === TOKENS.manage ? { email: site().subscriber.email } : undefined),
    erase: async (token) => act('erase', token, 'erase'),
    tokenFor: (purpose) => TOKENS[purpose],
  };
}

const TAKEN = { kind: 'taken' } as const;

const SUBSCRIBER: Subscriber = {
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
  picks: null,
  pausedUntil: 0,
  language: '',
  tokenVersion: 0,
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
    considered: picks.length,
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
