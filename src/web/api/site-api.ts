import { createHash, timingSafeEqual } from 'node:crypto';
import type { App } from '../../app.ts';
import { parseAddress } from '../../domain/address.ts';
import type { Subscriber } from '../../domain/subscriber.ts';
import { findBySlug } from '../../issues/find-edition.ts';
import { deliveriesOf } from '../../ledger/books.ts';
import { enrollSubscriber, eraseById } from '../../subscribers/admin.ts';
import { changePreferences, unsubscribe } from '../../subscribers/lifecycle.ts';
import { findByAddress, setDetails, subscribersAfter } from '../../subscribers/subscribers-table.ts';
import type { ApiSite, SubscriberDetails } from './api-site.ts';

/** What programs with one of `API_TOKENS` may read and do. @param wake called when a mail may be due */
export function siteApi(app: App, wake: () => void): ApiSite {
  const { db, readOnly } = app.store;
  const tokens = app.config.API_TOKENS.map(digest);
  const find = async (address: string) => {
    const email = parseAddress(address);
    return email === undefined ? undefined : findByAddress(db, email);
  };
  const change = async (address: string, details: SubscriberDetails) => {
    const known = await find(address);
    return known && changed(app, known, details).finally(wake);
  };
  return {
    // Every token is compared, so that the time says nothing of which came near.
    allows: (token) => tokens.filter((good) => timingSafeEqual(good, digest(token))).length > 0,
    subscribers: {
      list: (page) => subscribersAfter(readOnly, page),
      find,
      add: async (address, details) => {
        if (parseAddress(address) === undefined) return undefined;
        return change(await enrollSubscriber(app, address), details);
      },
      change,
      leave: async (address) => {
        const known = await find(address);
        if (known) await unsubscribe(app, known.id);
        return known !== undefined;
      },
      erase: async (address) => {
        const known = await find(address);
        if (known) await eraseById(app, known.id);
        return known !== undefined;
      },
    },
    deliveries: async (slug, page) => {
      const issue = await findBySlug(readOnly, slug);
      return issue && deliveriesOf(readOnly, issue.id, page);
    },
  };
}

async function changed(
  app: App,
  known: Subscriber,
  details: SubscriberDetails,
): Promise<Subscriber | undefined> {
  if (Object.keys(details).length === 0) return findByAddress(app.store.db, known.email);
  const { name = known.name, ...wishes } = details;
  if (name !== known.name) await setDetails(app.store.db, known.id, { ...known, ...wishes, name });
  return changePreferences(app, known.id, { ...known, ...wishes });
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
