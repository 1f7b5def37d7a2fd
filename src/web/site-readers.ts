import type { App } from '../app.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { HOUR } from '../domain/time.ts';
import type { TokenPurpose } from '../domain/token.ts';
import { isWeekly, WEEKLY } from '../domain/weekdays.ts';
import { nextPicks } from '../issues/next-issue.ts';
import { checkTopics } from '../papers/topics.ts';
import { askAddress, mailLink, wantedAddress } from '../subscribers/address-change.ts';
import { eraseById } from '../subscribers/admin.ts';
import { activate, changePreferences, moveReader, unsubscribe } from '../subscribers/lifecycle.ts';
import { isOpenedBy, linkFor } from '../subscribers/links.ts';
import { take } from '../subscribers/sign-up-limits.ts';
import { dataOf } from '../subscribers/subscriber-data.ts';
import { leftAtOf } from '../subscribers/subscribers-table.ts';
import { claimOf, readerOf } from '../subscribers/tokens.ts';
import type { Readers } from './site.ts';

/** What readers may do on their pages, each by the link that allows it. @param wake called when a mail may be due */
export function siteReaders(app: App, wake: () => void): Readers {
  const find = (purpose: TokenPurpose, token: string) => readerOf(app, app.secrets, purpose, token);
  const only = async (purpose: TokenPurpose, token: string) => {
    const reader = await find(purpose, token);
    return typeof reader === 'object' ? reader : undefined;
  };
  /** Acts for the reader of a good token. @returns whether it was good */
  const withReader = async (
    purpose: TokenPurpose,
    token: string,
    act: (reader: Subscriber) => Promise<unknown>,
  ) => {
    const reader = await only(purpose, token);
    if (reader === undefined) return false;
    await act(reader);
    wake();
    return true;
  };
  const findAddress = async (token: string) => {
    const reader = await find('address', token);
    if (typeof reader !== 'object') return reader;
    return (
      (await wantedAddress(
        app.store.readOnly,
        app.secrets,
        reader,
        claimOf(app.secrets, 'address', token)?.about,
      )) ?? 'expired'
    );
  };
  const findConfirmation = async (token: string) => {
    const reader = await find('confirm', token);
    if (typeof reader !== 'object') return reader;
    const leftAt = await leftAtOf(app.store.readOnly, reader.id);
    return { reader, opens: isOpenedBy(claimOf(app.secrets, 'confirm', token)?.about, reader, leftAt) };
  };
  return {
    find,
    findConfirmation,
    confirm: async (token, timezone) => {
      const found = await findConfirmation(token);
      if (found === undefined || found === 'expired') return found;
      const { reader, opens } = found;
      if (!opens) return reader;
      if (timezone !== '' && isUntouched(app, reader))
        await changePreferences(app, reader.id, { ...reader, timezone });
      const active = await activate(app, reader.id, claimOf(app.secrets, 'confirm', token)?.about);
      wake();
      return active;
    },
    unsubscribe: (token) => withReader('unsubscribe', token, ({ id }) => unsubscribe(app, id)),
    turnWeekly: async (token) => {
      const reader = await only('unsubscribe', token);
      if (reader?.state !== 'active') return false;
      if (!isWeekly(reader.days)) await changePreferences(app, reader.id, { ...reader, days: WEEKLY });
      return true;
    },
    countSave: ({ id }) => countSave(app, id),
    savePreferences: (token, wishes) =>
      withReader('preferences', token, ({ id }) => changePreferences(app, id, wishes)),
    checkTopics,
    nextPicks: nextPicks(app),
    mailLink: async (token, purpose, client) => {
      const reader = await only('preferences', token);
      return reader && mailLink(app, app.secrets, reader, purpose, client).finally(wake);
    },
    askAddress: async (token, address, client) => {
      const reader = await only('manage', token);
      return reader && askAddress(app, app.secrets, reader, address, client).finally(wake);
    },
    findAddress,
    moveAddress: async (token) => {
      const address = await findAddress(token);
      const reader = await only('address', token);
      if (address === undefined || address === 'expired') return address;
      return reader && moveReader(app, reader.id, address);
    },
    dataOf: async (token) => {
      const reader = await only('manage', token);
      return reader && dataOf(app, reader);
    },
    erase: (token) => withReader('erase', token, ({ id }) => eraseById(app, id)),
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
