import type { Entry, SeenEntry } from '../../src/domain/entry.ts';
import type { ComposedIssue } from '../../src/domain/issue.ts';
import type { Paper } from '../../src/domain/paper.ts';
import type { Details, NewSubscriber } from '../../src/subscribers/subscribers-table.ts';

/** The moment at which the made-up issue of 2026-08-19 is frozen. */
export const FROZEN = Date.parse('2026-08-19T05:00:00Z');

export function at(text: string): number {
  return Date.parse(text);
}

/** A made-up entry; a test says only what it is about. */
export function makeEntry(change: Partial<Entry> = {}): Entry {
  return {
    source: 'huggingface',
    key: '2608.00001',
    ids: { arxiv: '2608.00001' },
    title: 'Lanternfish: A Small Model That Looks in the Dark',
    abstract: 'We ask how little light a model needs.',
    authors: ['Ada Example', 'Bruno Sample'],
    links: { abstract: 'https://papers.example.org/abs/2608.00001' },
    categories: ['cs.CL'],
    signals: [],
    ...change,
  };
}

export function makeSeen(change: Partial<SeenEntry> = {}): SeenEntry {
  return { ...makeEntry(change), firstSeenAt: change.firstSeenAt ?? at('2026-08-18T06:00:00Z') };
}

export function makePaper(change: Partial<Paper> = {}): Paper {
  const id = change.id ?? 'arxiv:2608.00001';
  return {
    id,
    aliases: [id],
    ids: {},
    title: 'Lanternfish: A Small Model That Looks in the Dark',
    abstract: '',
    authors: ['Ada Example'],
    links: {},
    categories: ['cs.CL'],
    sources: ['huggingface'],
    day: '2026-08-18',
    since: at('2026-08-18T00:00:00Z'),
    firstSeenAt: at('2026-08-18T06:00:00Z'),
    signals: {},
    ...change,
  };
}

/** A frozen value with the papers given by their ids. */
export function makeIssue(
  change: Partial<ComposedIssue> = {},
  paperIds: readonly string[] = ['arxiv:2608.00001'],
): ComposedIssue {
  return {
    kind: 'daily',
    date: '2026-08-19',
    number: 1,
    sample: false,
    frozenAt: FROZEN,
    subject: 'Lanternfish and nine more',
    preheader: 'A small model looks in the dark',
    picks: paperIds.map((id) => ({ paper: makePaper({ id }), score: 1, reasons: ['39 upvotes in 29 h'] })),
    candidates: paperIds.map((id) => ({ id, score: 1 })),
    considered: paperIds.length,
    hash: 'f'.repeat(64),
    ...change,
  };
}

export function makeSubscriber(change: Partial<NewSubscriber> = {}): NewSubscriber {
  return {
    email: 'ada@example.org',
    name: 'Ada Example',
    state: 'active',
    timezone: 'UTC',
    deliverAt: '07:00',
    days: 127,
    topics: [],
    consent: 'import',
    ...change,
  };
}

/** What a list says of a subscriber. */
export function makeDetails(change: Partial<Details> = {}): Details {
  const { email, name, timezone, deliverAt, days, topics } = makeSubscriber();
  const chosen = { topics, language: '', picks: null, pausedUntil: 0 };
  return { email, name, timezone, deliverAt, days, ...chosen, ...change };
}
