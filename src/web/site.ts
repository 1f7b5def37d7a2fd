import type { Day } from '../domain/day.ts';
import type { Issue, IssueKind, IssueState, StoredIssue } from '../domain/issue.ts';
import type { Preferences, Subscriber } from '../domain/subscriber.ts';
import type { Instant } from '../domain/time.ts';
import type { TokenPurpose } from '../domain/token.ts';
import type { WebTemplates } from './templates.ts';

/** All that the public pages need of the rest of the program. */
export type Site = {
  readonly newsletterName: string;
  /** Where the pages are reached from outside, without a trailing slash; may have a path. */
  readonly siteUrl: string;
  readonly templates: WebTemplates;
  readonly issues: Archive;
  readonly readers: Readers;
  /** When the next issue is frozen. */
  readonly nextIssueAt: () => Instant;
  /** Answers `/healthz`: 200 when `ok`, else 503; further fields are shown as they are. */
  readonly health: () => Promise<{ readonly ok: boolean }>;
  /** Is told of each error that a visitor saw as an internal one. */
  readonly report: (error: unknown) => void;
};

export type Archive = {
  /** The issues of a kind that have papers, newest first. */
  readonly newest: (count: number, kind: IssueKind) => Promise<readonly StoredIssue[]>;
  /** By its date or its week (`2026-W34`); `undefined` for one without a trace. */
  readonly called: (slug: string) => Promise<ArchivedIssue | undefined>;
  /** All days, also those skipped or held, newest first, those before `before` if it is given. */
  readonly list: (count: number, before?: Day) => Promise<readonly IssueSummary[]>;
};

export type ArchivedIssue = {
  readonly kind: IssueKind;
  readonly date: Day;
  readonly state: IssueState;
  /** Why it was skipped, held or cancelled; else empty. */
  readonly reason: string;
  /** Absent when nothing was frozen. */
  readonly issue?: Issue;
};

export type IssueSummary = {
  readonly kind: IssueKind;
  readonly date: Day;
  readonly state: IssueState;
  readonly reason: string;
  readonly sample: boolean;
  /** `null` when nothing was frozen that day; then the subject is empty. */
  readonly number: number | null;
  readonly subject: string;
};

/** Only `signUp`, `confirm`, `unsubscribe` and `savePreferences` change anything. */
export type Readers = {
  /** Behaves alike for new, known, blocked and suppressed addresses. */
  readonly signUp: (address: string) => Promise<void>;
  /** Whom a token speaks of; `undefined` when it is forged or its reader is gone. */
  readonly find: (purpose: TokenPurpose, token: string) => Promise<Subscriber | 'expired' | undefined>;
  /** Makes the reader active and gives them as they now are. */
  readonly confirm: (token: string) => Promise<Subscriber | 'expired' | undefined>;
  /** Whether the token was good; doing it twice is as good as once. */
  readonly unsubscribe: (token: string) => Promise<boolean>;
  readonly savePreferences: (token: string, preferences: Preferences) => Promise<boolean>;
  /** A token for a link on a page that this reader has already proved to own. */
  readonly tokenFor: (purpose: 'preferences' | 'unsubscribe', subscriberId: number) => string;
};
