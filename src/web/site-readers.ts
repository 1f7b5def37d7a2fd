import type { App } from '../app.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { HOUR } from '../domain/time.ts';
import type { TokenPurpose } from '../domain/token.ts';
import { isWeekly, WEEKLY } from '../domain/weekdays.ts';
import { nextPicks } from '../issues/next-issue.ts';
import { checkTopics } from '../papers/topics.ts';
import { askAddress, mailLink, wantedAddress } from '../subscribers/address-change.ts';
import { eraseById } from '../subscribers/admin.ts';
import { activate, changePreferences, moveSubscriber, unsubscribe } from '../subscribers/lifecycle.ts';
import { isOpenedBy, linkFor } from '../subscribers/links.ts';
import { take } from '../subscribers/sign-up-limits.ts';
import { dataOf } from '../subscribers/subscriber-data.ts';
import { leftAtOf } from '../subscribers/subscribers-table.ts';
import { payloadOf, subscriberOf } from '../subscribers/tokens.ts';
import type { Readers } from './site.ts';

/** What subscribers may do on their pages, each by the link that allows it. @param wake called when a mail may be due */
export function siteReaders(app: App, wake: () => void): Readers {
  const find = (purpose: TokenPurpose, token: string) => subscriberOf(app, app.secrets, purpose, token);
  const only = async (purpose: TokenPurpose, token: string) => {
    const subscriber = await find(purpose, token);
    return typeof subscriber === 'object' ? subscriber : undefined;
  };
  /** Acts for the subscriber of a good token. @returns whether it was good */
  const withSubscriber = async (
    purpose: TokenPurpose,
    token: string,
    act: (subscriber: Subscriber) => Promise<unknown>,
  ) => {
    const subscriber = await only(purpose, token);
    if (subscriber === undefined) return false;
    await act(subscriber);
    wake();
    return true;
  };
  const findAddress = async (token: string) => {
    const subscriber = await find('address', token);
    if (typeof subscriber !== 'object') return subscriber;
    return (
      (await wantedAddress(
        app.store.readOnly,
        app.secrets,
        subscriber,
        payloadOf(app.secrets, 'address', token)?.about,
      )) ?? 'expired'
    );
  };
  const findConfirmation = async (token: string) => {
    const subscriber = await find('confirm', token);
    if (typeof subscriber !== 'object') return subscriber;
    const leftAt = await leftAtOf(app.store.readOnly, subscriber.id);
    return {
      subscriber,
      opens: isOpenedBy(payloadOf(app.secrets, 'confirm', token)?.about, subscriber, leftAt),
    };
  };
  return {
    find,
    findConfirmation,
    confirm: async (token, timezone) => {
      const found = await findConfirmation(token);
      if (found === undefined || found === 'expired') return found;
      const { subscriber, opens } = found;
      if (!opens) return subscriber;
      if (timezone !== '' && isUntouched(app, subscriber))
        await changePreferences(app, subscriber.id, { ...subscriber, timezone });
      const active = await activate(app, subscriber.id, payloadOf(app.secrets, 'confirm', token)?.about);
      wake();
      return active;
    },
    unsubscribe: (token) => withSubscriber('unsubscribe', token, ({ id }) => unsubscribe(app, id)),
    turnWeekly: async (token) => {
      const subscriber = await only('unsubscribe', token);
      if (subscriber?.state !== 'active') return false;
      if (!isWeekly(subscriber.days))
        await changePreferences(app, subscriber.id, { ...subscriber, days: WEEKLY });
      return true;
    },
    countSave: ({ id }) => countSave(app, id),
    savePreferences: (token, wishes) =>
      withSubscriber('preferences', token, ({ id }) => changePreferences(app, id, wishes)),
    checkTopics,
    nextPicks: nextPicks(app),
    mailLink: async (token, purpose, client) => {
      const subscriber = await only('preferences', token);
      return subscriber && mailLink(app, app.secrets, subscriber, purpose, client).finally(wake);
    },
    askAddress: async (token, address, client) => {
      const subscriber = await only('manage', token);
      return subscriber && askAddress(app, app.secrets, subscriber, address, client).finally(wake);
    },
    findAddress,
    moveAddress: async (token) => {
      const address = await findAddress(token);
      const subscriber = await only('address', token);
      if (address === undefined || address === 'expired') return address;
      return subscriber && moveSubscriber(app, subscriber.id, address);
    },
    dataOf: async (token) => {
      const subscriber = await only('manage', token);
      return subscriber && dataOf(app, subscriber);
    },
    erase: (token) => withSubscriber('erase', token, ({ id }) => eraseById(app, id)),
    tokenFor: (purpose, { id, tokenVersion: version }) => {
      const issuedAt = purpose === 'erase' ? { issuedAt: app.clock() } : {};
      return (
        linkFor(app, purpose, id, { version, ...issuedAt })
          .split('/')
          .at(-1) ?? ''
      );
    },
  };
}

/** Far more than anybody needs; each save re-plans an issue and picks papers for the preview. */
const SAVES = { count: 30, window: HOUR };

async function countSave(app: App, id: number): Promise<number> {
  const limit = { key: `save:${id}`, ...SAVES };
  const taken = await app.store.db.transaction().execute((trx) => take(trx, [limit], app.clock()));
  return taken.ok ? 0 : taken.retryAfter;
}

/** Somebody who has just signed up and has chosen nothing yet. */
function isUntouched(app: App, { state, timezone, consent }: Subscriber): boolean {
  return state === 'pending' && consent === 'form' && timezone === app.config.DEFAULT_TIMEZONE;
}
