import { z } from 'zod';
import type { Core } from '../../core.ts';
import { parseAddress } from '../../domain/address.ts';
import { admitSubscriber, changeDetails, eraseById } from '../../subscribers/admin.ts';
import { unsubscribe } from '../../subscribers/lifecycle.ts';
import { findByAddress, subscribersAfter } from '../../subscribers/subscribers-table.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import * as shape from './shapes.ts';

export const SUBSCRIBER_ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/subscribers',
    summary: 'Subscribers in the order of joining.',
    query: shape.subscriberQuery,
    answer: z.array(shape.subscriber),
    act: ({ store }, _, { query }) => subscribersAfter(store.readOnly, query),
  }),
  endpoint({
    method: 'post',
    path: '/subscribers',
    summary: 'Adds an active subscriber. You vouch for their consent. Anybody who has left stays away (409).',
    body: shape.newSubscriber,
    answer: shape.subscriber,
    act: async (core, { wake }, { body: { email, ...details } }) =>
      changeDetails(core, await admitSubscriber(core, email), details).finally(wake),
  }),
  endpoint({
    method: 'get',
    path: '/subscribers/:name',
    summary: 'One subscriber, by address.',
    answer: shape.subscriber,
    act: (core, _, { name }) => subscriberCalled(core, name),
  }),
  endpoint({
    method: 'patch',
    path: '/subscribers/:name',
    summary: 'Changes what a subscriber gets and when.',
    body: shape.details,
    answer: shape.subscriber,
    act: (core, { wake }, { name, body }) => changeDetails(core, name, body).finally(wake),
  }),
  endpoint({
    method: 'delete',
    path: '/subscribers/:name',
    summary: 'Unsubscribes somebody, or erases them.',
    query: shape.eraseQuery,
    answer: shape.done,
    act: async (core, _, { name, query }) => {
      const known = await subscriberCalled(core, name);
      if (known === undefined) return undefined;
      await (query.erase === 'true' ? eraseById(core, known.id) : unsubscribe(core, known.id));
      return { ok: true };
    },
  }),
];

async function subscriberCalled({ store }: Core, address: string) {
  const email = parseAddress(address);
  return email === undefined ? undefined : findByAddress(store.db, email);
}
