import type { Generated, Kysely, Selectable, Transaction } from 'kysely';
import type { Day } from '../domain/day.ts';
import type { DeliveryState, FailureClass } from '../domain/delivery.ts';
import type { IssueKind, IssueState } from '../domain/issue.ts';
import type { SourceOutcome } from '../domain/source.ts';
import type { SubscriberState } from '../domain/subscriber.ts';
import type { Suppression } from '../domain/suppression.ts';
import type { Instant } from '../domain/time.ts';
import type { ReturnTables } from './returns-schema.ts';

/** Rows hold text and whole numbers only: moments in milliseconds, flags as 0 and 1, values as JSON text. */
export type Tables = ReturnTables & {
  migrations: { version: number; name: string; applied_at: Instant };
  secrets: { id: Generated<number>; value: string; created_at: Instant };
  /** Keys that are created once and never change, by their purpose. */
  keys: { name: string; value: string };
  /** Addresses that are not mailed, by `suppressionId`: they stay when their subscriber is erased. */
  suppressions: { id: string } & Suppression;
  /** Rows that could not be processed and are left out until they change: kind, which one, why, and when last seen. */
  set_aside: { kind: string; ref: string; reason: string; seen_at: Instant };
  subscribers: {
    id: Generated<number>;
    email: string;
    /** `addressKey(email)`, unique. */
    email_key: string;
    name: string;
    state: SubscriberState;
    timezone: string;
    deliver_at: string;
    days: number;
    /** JSON list. */
    topics: string;
    consent: string;
    created_at: Instant;
    state_at: Instant;
    /** How many papers at most; null for as many as the issue has. */
    picks: Generated<number | null>;
    /** What is due before is not sent; 0 for none. */
    paused_until: Generated<Instant>;
    token_version: Generated<number>;
    /** Empty for the newsletter's own. */
    language: Generated<string>;
    /** When they last unsubscribed or were suppressed; 0 for never. */
    left_at: Generated<Instant>;
  };
  /** Addresses entered in a form, until the mailer processes them. */
  signups: {
    id: Generated<number>;
    email: string;
    topics: Generated<string>;
    /** The days that a new subscriber begins with. */
    days: Generated<number>;
    asked_at: Instant;
    /** The subscriber who wants to move to the address; 0 for a visitor who signs up. */
    asked_by: Generated<number>;
    /** 0 if the mailbox has reached its limit. It is queued anyway, so that the work is the same. */
    may_mail: Generated<number>;
  };
  /** Accepted requests, as JSON `[[moment, count], …]`, and when they expire. */
  limits: { key: string; log: string; ends_at: Instant };
  /** The address that a subscriber wants to move to, until its owner proves it. */
  address_changes: { subscriber_id: number; email: string; asked_at: Instant };
  entries: {
    source: string;
    key: string;
    listed_on: Day | null;
    first_seen_at: Instant;
    last_seen_at: Instant;
    /** 1 for what has no date and was there before the source was first read: no issue may choose it. */
    backlog: Generated<number>;
    /** JSON of the `Entry`. */
    body: string;
    /** The row of `papers` it is a part of; null while it is still to be merged. */
    paper: Generated<number | null>;
  };
  /** All papers ever seen. */
  papers: {
    id: Generated<number>;
    /** `Paper.id`, unique. */
    paper_id: string;
    day: Day;
    first_seen_at: Instant;
    title: string;
    abstract: string;
    /** JSON lists, as `categories`, `ids`, `links` and `sources` are JSON. */
    authors: string;
    categories: string;
    organization: string;
    ids: string;
    links: string;
    sources: string;
  };
  /** Events for other programs: one row for each address. */
  hook_calls: {
    id: Generated<number>;
    event_id: string;
    url: string;
    /** Whom it is about; null for none. */
    subscriber_id: number | null;
    body: string;
    state: 'waiting' | 'done' | 'given-up';
    attempts: Generated<number>;
    next_at: Instant;
    reply: Generated<string>;
    created_at: Instant;
  };
  /** Computed by a service from a paper's text; `vector` is Base64 of half-precision numbers, of unit length. */
  embeddings: { model: string; text_key: string; vector: string; made_at: Instant };
  /** Papers that subscribers like and arXiv was asked for. */
  liked_asked: { arxiv_id: string; asked_at: Instant };
  /** Every id that a paper is known by, the canonical one too. */
  paper_aliases: { alias: string; paper: number };
  /**
   * Papers of a subscriber's own library, by each key of its entries as in `paper_aliases`, whether we know the paper or
   * not. `entry` is its place in the file: rows with one number are one paper.
   */
  library_papers: { subscriber_id: number; alias: string; entry: number };
  source_runs: {
    id: Generated<number>;
    source: string;
    at: Instant;
    outcome: SourceOutcome;
    items: number;
    reason: string;
    bytes: number;
    duration_ms: number;
    /** The day the whole batch said it was of; null where a source gives no batches. */
    batch_on: Day | null;
  };
  /** The validators of each address whose entries are stored. */
  addresses: { source: string; url: string; etag: string; last_modified: string; seen_at: Instant };
  /** Hosts that asked to be left alone for a while. */
  hosts: { host: string; rests_until: Instant };
  /** Providers that accept one request at a time, and when the next may be made. */
  lanes: { lane: string; free_at: Instant };
  /** Readings of papers' signals over time; a row only where the value changed. */
  signals: { paper_id: string; source: string; name: string; seen_at: Instant; value: number };
  issues: {
    id: Generated<number>;
    kind: IssueKind;
    date: Day;
    number: number | null;
    sample: number;
    state: IssueState;
    /** Why it was skipped, held or cancelled. */
    reason: string;
    frozen_at: Instant;
    /** JSON of the `Issue`; null when nothing was frozen. */
    body: string | null;
    /** That of the issue; empty when nothing was frozen. */
    subject: Generated<string>;
    /** As `subject`. */
    preheader: Generated<string>;
    /** JSON of what it chose from, `Candidate[]`, the best first; null when nothing was frozen. */
    candidates: Generated<string | null>;
    audience: number;
    joined: number;
    /** When the last slice of its audience was planned; null before. */
    planned_at: Instant | null;
    /** When a person last let it go on after it was stopped; 0 for never. */
    released_at: Generated<Instant>;
  };
  /** Which papers the issues of a kind included, by every id they are known by. */
  issue_papers: { kind: IssueKind; paper_id: string; issue_id: number };
  /** What an issue could choose from, best first, including papers of earlier issues, for subscribers with interests. */
  candidates: { issue_id: number; place: number; aliases: string; body: string };
  /** Each distinct set of wishes, once; `body` is the JSON of a `Profile`, `key` its digest. */
  profiles: { id: Generated<number>; key: string; body: string };
  deliveries: {
    issue_id: number;
    subscriber_id: number;
    address: string;
    state: DeliveryState;
    /** The failure's class, or why it was suppressed or is uncertain. */
    reason: string;
    due_at: Instant;
    /** The subscriber's local day of `due_at`; empty for a welcome, which counts for no day. */
    due_day: Day | '';
    /** When a deferred one is tried again. */
    next_at: Instant;
    owner: string;
    lease_until: Instant;
    attempts: number;
    /** How often the connection was lost after DATA began. */
    lost: number;
    reply: string;
    settled_at: Instant;
    /** What the subscriber wanted when the issue was planned; 0 for the common issue. */
    profile_id: Generated<number>;
    /** Which of the candidates they get, as `encodePicks` writes it; empty until they were picked. */
    picks: Generated<string>;
    /** When it came back after it had been accepted; 0 for not at all. */
    bounced_at: Generated<Instant>;
    /** The class of that failure; `delivered` where their own server is known to have it. */
    bounce_class: Generated<FailureClass | 'delivered' | ''>;
  };
  notices: {
    id: Generated<number>;
    kind: string;
    subscriber_id: number;
    address: string;
    state: DeliveryState;
    reason: string;
    next_at: Instant;
    owner: string;
    lease_until: Instant;
    attempts: number;
    lost: number;
    reply: string;
    created_at: Instant;
    settled_at: Instant;
    /** What the operator is told; empty in other notices. */
    detail: string;
    /** Copied from the subscriber when the notice was made, like `left_at`: its links are valid for that state only. */
    token_version: Generated<number>;
    left_at: Generated<Instant>;
  };
  /** Messages started in each span of each long limit; `per` 0 holds when the next may start, in microseconds. */
  rates: { per: number; start: Instant; count: number };
  /** Domains that refuse our mail on a route, and when their cooldown ends. */
  rests: { route: string; domain: string; until: Instant; reply: string };
  /** What the operator was last told when. */
  told: { topic: string; at: Instant };
  /** JPEGs as base64, each under the SHA-256 of its bytes. */
  thumbnails: { hash: string; jpeg: string };
  /** How many deliveries of an old issue ended in each state; their rows are gone. */
  folded: { issue_id: number; state: DeliveryState; count: number };
  /** Who got an old issue: ids in base 36, each as its distance from the previous one, the first from `first_id`. */
  folded_readers: { issue_id: number; first_id: number; readers: string };
};

export type Db = Kysely<Tables>;
export type Connections = {
  /** What writes: one connection on SQLite, a pool on Postgres. */
  readonly db: Db;
  /** For pages: connections of their own that cannot write. */
  readonly readOnly: Db;
  /** Removes erased data from the database's log file as soon as possible; absent if there is no such file. */
  readonly wipeSoon?: () => Promise<void>;
  /** For searches, which may take long: they hold up neither the event loop nor other pages. Each query stands for itself. */
  readonly searches: Db;
};
/** A database inside a transaction: functions that take one are part of a larger unit. */
export type Trx = Transaction<Tables>;
export type Row<Table extends keyof Tables> = Selectable<Tables[Table]>;
