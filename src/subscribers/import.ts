import { access, constants, stat } from 'node:fs/promises';
import type { Core } from '../core.ts';
import type { Db } from '../db/schema.ts';
import { eachApart } from '../db/slices.ts';
import { addressKey } from '../domain/address.ts';
import { messageOf } from '../domain/failure.ts';
import { Fault } from '../domain/fault.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { Suppression } from '../domain/suppression.ts';
import type { CsvSubscriber } from './csv.ts';
import { joinSubscribers } from './current-issue.ts';
import { type BadLine, type GoodLine, readLines } from './import-lines.ts';
import { addSubscribers, findByAddresses } from './import-table.ts';
import { applyImportedDetails } from './lifecycle.ts';
import type { NewSubscriber } from './subscribers-table.ts';
import { findSuppressions } from './suppressions-table.ts';

export type ImportReport = {
  readonly added: number;
  /** Known subscribers whose details were taken from the file. */
  readonly updated: number;
  /** Who has left or whose address is dead, also when they were erased since: they stay away. */
  readonly stayedAway: number;
  readonly badLines: readonly BadLine[];
};

export type ImportOptions = {
  /** Says what an import would do, and does nothing. */
  readonly dryRun?: boolean;
  /** Told how many bytes of how many were read since it was last told. */
  readonly onProgress?: (bytes: number, ofBytes: number) => void;
};

/** Subscribers of one transaction: pages and mails wait for no more than some 20 ms. */
const SLICE = 250;

/**
 * Imports a CSV file. Its subscribers are active: who imports vouches for their consent. Bad lines are left out and
 * listed; the good ones go in.
 * @throws Fault FILE_UNREADABLE, IMPORT_EMPTY when no line was good
 */
export async function importSubscribers(
  core: Core,
  path: string,
  { dryRun = false, onProgress }: ImportOptions = {},
): Promise<ImportReport> {
  const size = await sizeOf(path);
  const tally = { added: 0, updated: 0, stayedAway: 0, badLines: [] as BadLine[] };
  const take = dryRun ? countSlice : importSlice;
  const defaults = { timezone: core.config.DEFAULT_TIMEZONE, deliverAt: core.config.DELIVER_AT };
  const onBad = (bad: BadLine) => void tally.badLines.push(bad);
  const onBytes = (count: number) => onProgress?.(count, size);
  let slice: GoodLine[] = [];
  for await (const good of readLines(path, { defaults, onBad, onBytes })) {
    slice.push(good);
    if (slice.length < SLICE) continue;
    await take(core, slice, tally);
    slice = [];
    await new Promise(setImmediate);
  }
  await take(core, slice, tally);
  if (tally.added + tally.updated + tally.stayedAway === 0) throw noneGood(path, tally.badLines);
  return { ...tally, badLines: tally.badLines.toSorted((a, b) => a.line - b.line) };
}

async function sizeOf(path: string): Promise<number> {
  try {
    await access(path, constants.R_OK);
    const file = await stat(path);
    if (file.isFile()) return file.size;
  } catch (cause) {
    throw unreadable(`${path} cannot be read.`, cause);
  }
  throw unreadable(`${path} is not a file.`);
}

function unreadable(message: string, cause?: unknown): Fault {
  return new Fault('FILE_UNREADABLE', message, 'Name a CSV file; subscribers/example.csv shows the format.', {
    cause,
  });
}

type Tally = { added: number; updated: number; stayedAway: number; readonly badLines: BadLine[] };

/** A line that cannot be taken, whatever is wrong with it, is a bad line, and the others go in. */
async function importSlice(core: Core, slice: readonly GoodLine[], tally: Tally): Promise<void> {
  const bad = ({ line }: GoodLine, error: unknown) =>
    tally.badLines.push({ line, problem: `it could not be taken: ${messageOf(error)}` });
  await eachApart(slice, (part) => importPart(core, part, tally, bad), bad);
}

async function importPart(
  core: Core,
  part: readonly GoodLine[],
  tally: Tally,
  bad: (line: GoodLine, error: unknown) => void,
): Promise<void> {
  const known = await core.store.db.transaction().execute(async (trx) => {
    const found = await knownAmong(trx, part);
    const fresh = part
      .filter(({ subscriber }) => isNew(subscriber, found))
      .map(({ subscriber }) => imported(subscriber));
    if (fresh.length > 0) await joinSubscribers(core, trx, await addSubscribers(trx, fresh, core.clock()));
    return found;
  });
  count(part, known, tally);
  for (const line of part) {
    const before = known.subscribers.get(addressKey(line.subscriber.email));
    if (!before || known.suppressed.has(line.subscriber.email) || saysTheSame(before, line.subscriber))
      continue;
    await eachApart(
      [line],
      async () => void (await applyImportedDetails(core, before.id, imported(line.subscriber))),
      bad,
    );
  }
}

/** What `importSlice` would do. */
async function countSlice(core: Core, slice: readonly GoodLine[], tally: Tally): Promise<void> {
  count(slice, await knownAmong(core.store.readOnly, slice), tally);
}

type Known = {
  readonly subscribers: ReadonlyMap<string, Subscriber>;
  /**
   * Addresses that are not mailed though nobody on the list says so: their subscribers left and were erased, or they are dead. Somebody may
   * have typed one into the form since, which brings nobody back.
   */
  readonly suppressed: ReadonlyMap<string, Suppression>;
};

async function knownAmong(db: Db, lines: readonly GoodLine[]): Promise<Known> {
  const addresses = lines.map(({ subscriber }) => subscriber.email);
  const subscribers = await findByAddresses(db, addresses);
  const stateOf = (address: string) => subscribers.get(addressKey(address))?.state ?? 'pending';
  const unsure = addresses.filter((address) => stateOf(address) === 'pending');
  return { subscribers, suppressed: await findSuppressions(db, unsure) };
}

function isNew({ email }: CsvSubscriber, { subscribers, suppressed }: Known): boolean {
  return !subscribers.has(addressKey(email)) && !suppressed.has(email);
}

function count(lines: readonly GoodLine[], { subscribers, suppressed }: Known, tally: Tally): void {
  for (const { subscriber } of lines) {
    const state = subscribers.get(addressKey(subscriber.email))?.state;
    const staysAway = state === 'unsubscribed' || state === 'suppressed' || suppressed.has(subscriber.email);
    if (staysAway) tally.stayedAway += 1;
    else if (state === undefined) tally.added += 1;
    else tally.updated += 1;
  }
}

/** Nothing is to be changed in a subscriber of whom the file says what is known. */
function saysTheSame(known: Subscriber, subscriber: CsvSubscriber): boolean {
  const details = ({ email, name, timezone, deliverAt, days, topics }: CsvSubscriber) =>
    [email, name, timezone, deliverAt, days, ...topics].join('\n');
  return known.state !== 'pending' && details(known) === details(subscriber);
}

function imported({ consent, ...subscriber }: CsvSubscriber): NewSubscriber {
  return { ...subscriber, state: 'active', consent: consent ? `import: ${consent}` : 'import' };
}

function noneGood(path: string, badLines: readonly BadLine[]): Fault {
  const lines = badLines.slice(0, 20).map(({ line, problem }) => `\n  line ${line}: ${problem}`);
  return new Fault(
    'IMPORT_EMPTY',
    `No line of ${path} was good.${lines.join('')}`,
    'Correct the lines; subscribers/example.csv shows the format.',
  );
}
