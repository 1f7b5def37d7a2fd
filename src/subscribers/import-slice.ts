import type { Core } from '../core.ts';
import type { Db } from '../db/schema.ts';
import { eachApart } from '../db/slices.ts';
import { addressKey } from '../domain/address.ts';
import { messageOf } from '../domain/failure.ts';
import type { Subscriber, SubscriberState } from '../domain/subscriber.ts';
import { awayBecause, type Suppression } from '../domain/suppression.ts';
import type { Column } from './csv.ts';
import type { BadLine } from './csv-records.ts';
import { joinSubscribers } from './current-issue.ts';
import type { GoodLine } from './import-lines.ts';
import { addSubscribers, findByAddresses } from './import-table.ts';
import { isGone, keepAway } from './keep-away.ts';
import { applyImportedDetails } from './lifecycle.ts';
import { type Details, hasLeft, type NewSubscriber } from './subscribers-table.ts';
import { findSuppressions, suppressAll } from './suppressions-table.ts';

/** What an import has done so far. */
export type ImportTally = {
  added: number;
  updated: number;
  unchanged: number;
  stayedAway: number;
  notSubscribed: number;
  readonly leftOut: BadLine[];
  readonly badLines: BadLine[];
  /** The columns that the list has. */
  columns: ReadonlySet<Column>;
  /** By what the list calls a state. */
  readonly words: Map<string, WordCount>;
};

/** How many lines a list has with a word for a state, and which state that is. */
export type WordCount = { readonly word: string; readonly count: number; readonly state: SubscriberState };

export function newTally(): ImportTally {
  const counts = { added: 0, updated: 0, unchanged: 0, stayedAway: 0, notSubscribed: 0 };
  return { ...counts, leftOut: [], badLines: [], columns: new Set(), words: new Map() };
}

/** A line that cannot be taken, whatever is wrong with it, is a bad line, and the others go in. */
export async function importSlice(core: Core, slice: readonly GoodLine[], tally: ImportTally): Promise<void> {
  const bad = ({ line }: GoodLine, error: unknown) =>
    tally.badLines.push({ line, problem: `it could not be taken: ${messageOf(error)}` });
  const takePart = async (part: readonly GoodLine[]) => {
    const known = await addNew(core, part);
    count(part, known, tally);
    for (const line of part) await eachApart([line], () => takeKnown(core, line, known, tally.columns), bad);
  };
  await eachApart(slice, takePart, bad);
}

/** What `importSlice` would do. */
export async function countSlice(core: Core, slice: readonly GoodLine[], tally: ImportTally): Promise<void> {
  count(slice, await knownAmong(core.store.readOnly, slice), tally);
}

/** Adds those of whom nothing is known, in the state that the list says. @returns who was known before */
async function addNew(core: Core, part: readonly GoodLine[]): Promise<Known> {
  return core.store.db.transaction().execute(async (trx) => {
    const known = await knownAmong(trx, part);
    const fresh = part.filter(({ subscriber }) => isNew(subscriber.email, known));
    if (fresh.length === 0) return known;
    const now = core.clock();
    const added = await addSubscribers(trx, fresh.map(newSubscriber), now);
    await suppressAll(
      trx,
      fresh.flatMap(({ subscriber, told }) =>
        isGone(told)
          ? [
              {
                address: subscriber.email,
                suppression: { reason: told.reason, since: now, source: 'import', reply: '' },
              },
            ]
          : [],
      ),
    );
    const active = added.filter(({ state }) => state === 'active');
    if (active.length > 0) await joinSubscribers(core, trx, active);
    return known;
  });
}

/** Changes who was known already into what the list says; it brings nobody back. */
async function takeKnown(
  core: Core,
  { subscriber, told }: GoodLine,
  { subscribers, suppressed }: Known,
  columns: ReadonlySet<Column>,
): Promise<void> {
  const before = subscribers.get(addressKey(subscriber.email));
  if (before === undefined) return;
  if (isGone(told)) return keepAway(core, before.id, told);
  if (told.state === 'pending' || hasLeft(before.state) || suppressed.has(subscriber.email)) return;
  if (changes(before, subscriber, columns))
    await applyImportedDetails(core, before.id, { ...before, ...givenOf(subscriber, columns) });
}

/** Whether a list says anything new of somebody who is known. */
function changes(before: Subscriber, given: Details, columns: ReadonlySet<Column>): boolean {
  return before.state === 'pending' || !isSame(before, { ...before, ...givenOf(given, columns) });
}

type Known = {
  readonly subscribers: ReadonlyMap<string, Subscriber>;
  /**
   * Addresses that must not be mailed, by the address as the list has it. Nobody on our list may have it any more: its
   * subscriber left and was erased.
   */
  readonly suppressed: ReadonlyMap<string, Suppression>;
};

async function knownAmong(db: Db, lines: readonly GoodLine[]): Promise<Known> {
  const addresses = lines.map(({ subscriber }) => subscriber.email);
  const subscribers = await findByAddresses(db, addresses);
  const unsure = addresses.filter((address) => subscribers.get(addressKey(address))?.state !== 'active');
  return { subscribers, suppressed: await findSuppressions(db, unsure) };
}

function isNew(email: string, { subscribers, suppressed }: Known): boolean {
  return !subscribers.has(addressKey(email)) && !suppressed.has(email);
}

function count(lines: readonly GoodLine[], { subscribers, suppressed }: Known, tally: ImportTally): void {
  for (const { line, subscriber, told } of lines) {
    const { count = 0 } = tally.words.get(told.word) ?? {};
    tally.words.set(told.word, { word: told.word, count: count + 1, state: told.state });
    const before = subscribers.get(addressKey(subscriber.email));
    const state = before?.state;
    const away = awayBecause(state, suppressed.get(subscriber.email)?.reason);
    if (told.state !== 'active') tally.notSubscribed += 1;
    else if (away !== undefined) {
      tally.stayedAway += 1;
      tally.leftOut.push({ line, problem: `left out: ${away}` });
    } else if (before === undefined) tally.added += 1;
    else if (changes(before, subscriber, tally.columns)) tally.updated += 1;
    else tally.unchanged += 1;
  }
}

/** What the list says of a subscriber; what it has no column for is not in it. */
function givenOf(subscriber: Details, columns: ReadonlySet<Column>): Partial<Details> {
  const { email, name, timezone, deliverAt, days, topics, language, picks, pausedUntil } = subscriber;
  return {
    email,
    ...(columns.has('name') && { name }),
    ...(columns.has('timezone') && { timezone }),
    ...(columns.has('deliver_at') && { deliverAt }),
    ...(columns.has('days') && { days }),
    ...(columns.has('topics') && { topics }),
    ...(columns.has('language') && { language }),
    ...(columns.has('picks') && { picks }),
    ...(columns.has('paused_until') && { pausedUntil }),
  };
}

function isSame(one: Details, other: Details): boolean {
  const details = ({
    email,
    name,
    timezone,
    deliverAt,
    days,
    topics,
    language,
    picks,
    pausedUntil,
  }: Details) => [email, name, timezone, deliverAt, days, language, picks, pausedUntil, ...topics].join('\n');
  return details(one) === details(other);
}

function newSubscriber({ subscriber: { consent, ...subscriber }, told }: GoodLine): NewSubscriber {
  return { ...subscriber, state: told.state, consent: consent ? `import: ${consent}` : 'import' };
}
