import { z } from 'zod';
import type { KnownPaper } from '../../domain/known-paper.ts';
import { hasTerms, parsePaperQuery } from '../../domain/paper-query.ts';
import type { Subscriber } from '../../domain/subscriber.ts';
import type { Site } from '../site.ts';
import type { SubscriberDetails } from './api-site.ts';
import * as shape from './shapes.ts';

/** One thing that a program can ask for. `undefined` from `act` is 404, `busy` is 503. */
export type Endpoint = {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** Under `/api/v1`, as Hono writes it. */
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** Checks that the shape cannot express; returns a message per problem, each with its field. */
  readonly check?: (site: Site, body: z.output<typeof shape.details>) => readonly string[];
  readonly answer: z.ZodType;
  readonly act: (site: Site, asked: Asked) => Promise<object | 'busy' | undefined>;
};

/** What came with a request, checked against the endpoint's shapes. */
export type Asked = {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: each endpoint knows the shapes it has set beside its `act`.
  readonly query: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly body: any;
};

export const ENDPOINTS: readonly Endpoint[] = [
  {
    method: 'get',
    path: '/subscribers',
    summary: 'Readers in the order of joining.',
    query: shape.subscriberQuery,
    answer: z.array(shape.subscriber),
    act: async ({ api }, { query }) => (await api.subscribers.list(query)).map(subscriberJson),
  },
  {
    method: 'post',
    path: '/subscribers',
    summary: 'Adds an active reader, or brings back who had left. Who calls this vouches for their consent.',
    body: shape.newSubscriber,
    check: topicProblems,
    answer: shape.subscriber,
    act: async (site, { body }) => known(await site.api.subscribers.add(body.email, detailsOf(site, body))),
  },
  {
    method: 'get',
    path: '/subscribers/:name',
    summary: 'One reader, by address.',
    answer: shape.subscriber,
    act: async ({ api }, { name }) => known(await api.subscribers.find(name)),
  },
  {
    method: 'patch',
    path: '/subscribers/:name',
    summary: 'Changes what a reader gets and when.',
    body: shape.details,
    check: topicProblems,
    answer: shape.subscriber,
    act: async (site, { name, body }) =>
      known(await site.api.subscribers.change(name, detailsOf(site, body))),
  },
  {
    method: 'delete',
    path: '/subscribers/:name',
    summary: 'Unsubscribes a reader, or erases them.',
    query: shape.eraseQuery,
    answer: z.object({ ok: z.boolean() }),
    act: async ({ api }, { name, query }) => {
      const act = query.erase === 'true' ? api.subscribers.erase : api.subscribers.leave;
      return (await act(name)) ? { ok: true } : undefined;
    },
  },
  {
    method: 'get',
    path: '/issues',
    summary: 'The issues, newest first, also days that had none.',
    query: shape.issueQuery,
    answer: z.array(shape.issueLine),
    act: async ({ issues }, { query }) => [...(await issues.list(query.limit, query.before))],
  },
  {
    method: 'get',
    path: '/issues/:name',
    summary: 'One issue with its papers, by its day (2026-08-19) or its week (2026-W34).',
    answer: shape.issue,
    act: issueJson,
  },
  {
    method: 'get',
    path: '/papers',
    summary: 'Searches all papers ever seen.',
    query: shape.paperQuery,
    answer: z.object({ total: z.number().int(), papers: z.array(shape.paper) }),
    act: async ({ papers }, { query: { q, order, limit, offset } }) => {
      const query = parsePaperQuery(q);
      const page = { order: hasTerms(query) ? order : 'new', limit, offset };
      const result = await papers.search(query, page);
      if (result === 'busy') return result;
      const { total, found } = result;
      return { total, papers: found.map(({ paper }) => paperJson(paper)) };
    },
  },
  {
    method: 'get',
    path: '/papers/:name{.+}',
    summary: 'One paper, by any of its ids.',
    answer: shape.paper,
    act: async ({ papers }, { name }) => {
      const found = await papers.find(name);
      return found && paperJson(found.paper);
    },
  },
  {
    method: 'get',
    path: '/deliveries',
    summary: 'What became of an issue’s mails, in the order of readers’ ids.',
    query: shape.deliveryQuery,
    answer: z.array(shape.delivery),
    act: async ({ api }, { query }) => {
      const found = await api.deliveries(query.issue, query);
      return found?.map((row) => ({
        ...row,
        dueAt: shape.moment(row.dueAt),
        settledAt: shape.moment(row.settledAt),
      }));
    },
  },
];

async function issueJson({ issues }: Site, { name }: Asked): Promise<object | undefined> {
  const found = await issues.called(name);
  if (!found) return undefined;
  const { kind, date, state, reason, issue } = found;
  const line = { kind, date, state, reason, number: issue?.number ?? null, subject: issue?.subject ?? '' };
  const papers = issue?.picks.map(({ paper, score, reasons }) => ({ ...paperJson(paper), score, reasons }));
  const frozenAt = shape.moment(issue?.frozenAt ?? 0);
  return { ...line, preheader: issue?.preheader ?? '', frozenAt, papers: papers ?? [] };
}

function known(subscriber: Subscriber | undefined): object | undefined {
  return subscriber && subscriberJson(subscriber);
}

function subscriberJson(subscriber: Subscriber) {
  const { id, email, name, state, timezone, deliverAt, topics, picks, consent } = subscriber;
  const days = shape.daysText(subscriber.days);
  const createdAt = shape.moment(subscriber.createdAt);
  return { id, email, name, state, timezone, deliverAt, days, topics, picks, consent, createdAt };
}

function paperJson(paper: Omit<KnownPaper, 'firstSeenAt' | 'ids'>) {
  const { id, title, abstract, authors, categories, links, sources, day } = paper;
  return { id, title, abstract, authors, categories, links, sources, day };
}

type Details = z.output<typeof shape.details> & { email?: string };

/** The same check as on the preferences page and in a CSV file. */
function topicProblems({ subscribers }: Site, { topics = [] }: Details): string[] {
  return subscribers.checkTopics(topics).problems.map((problem) => `topics: ${problem}`);
}

function detailsOf({ subscribers }: Site, { email: _, days, topics, ...rest }: Details): SubscriberDetails {
  const read = topics && { topics: subscribers.checkTopics(topics).topics };
  return { ...rest, ...read, ...shape.daysValue(days) } as SubscriberDetails;
}
