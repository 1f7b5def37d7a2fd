import type { Day } from '../domain/day.ts';
import type { Issue, IssueKind, IssueState, OwnPicks, StoredIssue } from '../domain/issue.ts';
import type { Subscriber, Wishes } from '../domain/subscriber.ts';
import type { Instant } from '../domain/time.ts';
import type { TokenPurpose } from '../domain/token.ts';
import type { Client, MailAnswer } from '../subscribers/form-limits.ts';
import type { SignUpAnswer, SignUpRequest } from '../subscribers/sign-up.ts';
import type { ApiSite } from './api/api-site.ts';
import type { PaperArchive } from './paper-archive.ts';
import type { WebTemplates } from './web-templates.ts';

/** All that the public pages need of the rest of the program. */
export type Site = {
  readonly newsletterName: string;
  /** Where the pages are reached from outside, without a trailing slash; may have a path. */
  readonly siteUrl: string;
  readonly templates: WebTemplates;
  /** The code of the newsletter's language. */
  readonly language: string;
  readonly issues: Archive;
  readonly papers: PaperArchive;
  readonly api: ApiSite;
  /** The bytes of a picture that we keep, by its hash. */
  readonly thumbnail: (hash: string) => Promise<Uint8Array | undefined>;
  readonly subscribers: Readers;
  readonly signUps: SignUps;
  /** CIDR ranges whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  readonly now: () => Instant;
  /** When the next issue is frozen. */
  readonly nextIssueAt: () => Instant;
  /** Answers `/healthz`: 200 when `ok`, else 503; further fields are shown as they are. */
  readonly health: () => Promise<{ readonly ok: boolean }>;
  /** Is told of each error that a visitor saw as an internal one. */
  readonly report: (error: unknown) => void;
  /** Called with the address of an untrusted peer that sends X-Forwarded-For. */
  readonly reportProxy: (peer: string) => void;
};

export type Archive = {
  /** The issues of a kind that have papers, newest first. */
  readonly newest: (count: number, kind: IssueKind) => Promise<readonly StoredIssue[]>;
  /** By its date or its week (`2026-W34`); `undefined` for one without a trace. */
  readonly called: (slug: string) => Promise<ArchivedIssue | undefined>;
  /** All days, also those skipped or held, newest first, those before `before` if it is given. */
  readonly list: (count: number, before?: Day) => Promise<readonly IssueSummary[]>;
  /** The published issues of the days from `first` to `last`, in their order. */
  readonly between: (first: Day, last: Day) => Promise<readonly StoredIssue[]>;
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

/** What keeps the sign-up from being turned on anybody. Only `ask` changes anything. */
export type SignUps = {
  /** For a form that is being shown. */
  readonly stamp: () => string;
  /** For a form on a page that many visitors share: the same for an hour. */
  readonly sharedStamp: () => string;
  /** `early`: good, but so young that no person can have filled the form in. */
  readonly checkStamp: (stamp: string) => 'good' | 'early' | 'none';
  /** Work for a browser, as JSON, that goes with a stamp. */
  readonly challenge: (stamp: string) => Promise<string>;
  /** Behaves alike for new, known, capped and suppressed addresses. */
  readonly ask: (request: SignUpRequest) => Promise<SignUpAnswer>;
};

/** The subscriber of a confirm link. */
export type Confirmation = {
  readonly subscriber: Subscriber;
  /** Whether the button would subscribe them: the link is unused and newer than any unsubscription. */
  readonly opens: boolean;
};

/** Those named `find…`, `tokenFor`, `checkTopics`, `nextPicks` and `dataOf` change nothing. */
export type Readers = {
  /** Whom a token speaks of; `undefined` when it is forged or its subscriber is gone. */
  readonly find: (purpose: TokenPurpose, token: string) => Promise<Subscriber | 'expired' | undefined>;
  readonly findConfirmation: (token: string) => Promise<Confirmation | 'expired' | undefined>;
  /** Activates the subscriber if the link allows it, and returns their current state. @param timezone of their browser, or empty */
  readonly confirm: (token: string, timezone: string) => Promise<Subscriber | 'expired' | undefined>;
  /** Whether the token was good; doing it twice is as good as once. */
  readonly unsubscribe: (token: string) => Promise<boolean>;
  /** From an unsubscribe link: one mail a week. Whether the token was good and its subscriber gets mail at all. */
  readonly turnWeekly: (token: string) => Promise<boolean>;
  /** Counts a submitted preferences form. @returns 0, or how long to wait in milliseconds if there were too many */
  readonly countSave: (subscriber: Subscriber) => Promise<number>;
  readonly savePreferences: (token: string, wishes: Wishes) => Promise<boolean>;
  /** Reads topics, one a line. */
  readonly checkTopics: (lines: readonly string[]) => {
    readonly topics: readonly string[];
    readonly problems: readonly string[];
  };
  /** What the next issue would bring this subscriber, as things stand. */
  readonly nextPicks: (subscriber: Subscriber) => Promise<OwnPicks>;
  /** From a preferences link: mails a fresh link to the subscriber's own address. */
  readonly mailLink: (
    token: string,
    purpose: 'manage' | 'erase',
    client: Client,
  ) => Promise<MailAnswer | undefined>;
  /** From a manage link: mails a link to the new address. Alike whoever has that address. */
  readonly askAddress: (token: string, address: string, client: Client) => Promise<MailAnswer | undefined>;
  /** From the link in that mail. `taken`: somebody else has the address by now. */
  readonly findAddress: (token: string) => Promise<string | 'expired' | undefined>;
  readonly moveAddress: (token: string) => Promise<'moved' | 'taken' | 'expired' | undefined>;
  /** Everything that is kept about the subscriber of a manage link. */
  readonly dataOf: (token: string) => Promise<object | undefined>;
  readonly erase: (token: string) => Promise<boolean>;
  /** A token for a link on a page that this subscriber has already proved to own. */
  readonly tokenFor: (purpose: 'preferences' | 'unsubscribe' | 'erase', subscriber: Subscriber) => string;
};
