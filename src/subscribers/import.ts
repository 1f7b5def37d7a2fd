import { access, constants, stat } from 'node:fs/promises';
import type { Core } from '../core.ts';
import { addressKey } from '../domain/address.ts';
import { Fault } from '../domain/fault.ts';
import { giveWay } from '../domain/slices.ts';
import type { Column } from './csv.ts';
import type { BadLine } from './csv-records.ts';
import { type GoodLine, type LineOptions, readLines } from './import-lines.ts';
import { countSlice, importSlice, newTally, type WordCount } from './import-slice.ts';
import type { ListHeader } from './list-header.ts';

export type ImportReport = {
  readonly added: number;
  /** Known subscribers whose details were taken from the file. */
  readonly updated: number;
  /** Known subscribers of whom the file says nothing new. */
  readonly unchanged: number;
  /** Who has left, was erased, or has a dead address: they stay away. They are in `leftOut`, and not in `badLines`. */
  readonly stayedAway: number;
  /** Of whom the file itself says that they are not subscribed. */
  readonly notSubscribed: number;
  /** Each of `stayedAway` with the reason. */
  readonly leftOut: readonly BadLine[];
  readonly badLines: readonly BadLine[];
  /** Which program wrote the list, and what it calls the states of those in it. */
  readonly list: ListSummary;
};

export type ListSummary = {
  /** `listmonk export`, or `column "status"`; empty for a list that says nothing of states. */
  readonly name: string;
  readonly words: readonly WordCount[];
};

export type ImportOptions = Pick<LineOptions, 'statusColumn' | 'as'> & {
  /** Says what an import would do, and does nothing. */
  readonly dryRun?: boolean;
  /** Told how many bytes of how many were read since it was last told. */
  readonly onProgress?: (bytes: number, ofBytes: number) => void;
};

/** Subscribers of one transaction: pages and mails wait for no more than some 20 ms. */
const SLICE = 250;

/**
 * Imports a CSV file. Its subscribers are active unless the file says otherwise: whoever imports it vouches for their consent.
 * Nobody who has left comes back. Bad lines are left out and listed; the good ones go in.
 * @throws Fault FILE_UNREADABLE, USAGE, IMPORT_EMPTY when no line was good
 */
export async function importSubscribers(
  core: Core,
  path: string,
  { dryRun = false, onProgress, statusColumn, as }: ImportOptions = {},
): Promise<ImportReport> {
  const size = await sizeOf(path);
  const tally = newTally();
  const take = dryRun ? countSlice : importSlice;
  let name = '';
  const lines = readLines(path, {
    defaults: { timezone: core.config.DEFAULT_TIMEZONE, deliverAt: core.config.DELIVER_AT },
    onBad: (bad) => void tally.badLines.push(bad),
    onBytes: (count) => onProgress?.(count, size),
    onHeader: (header) => {
      name = nameOf(header);
      tally.columns = columnsOf(header);
    },
    statusColumn,
    as,
  });
  for await (const slice of inSlices(lines)) {
    await take(core, slice, tally);
    await giveWay();
  }
  const { added, updated, unchanged, stayedAway, notSubscribed } = tally;
  if (added + updated + unchanged + stayedAway + notSubscribed === 0) throw noneGood(path, tally.badLines);
  const { columns: _, words, badLines, ...counts } = tally;
  const sorted = badLines.toSorted((one, other) => one.line - other.line);
  return { ...counts, badLines: sorted, list: { name, words: [...words.values()] } };
}

/** An address is at most once in a slice: its second line must find what the first one has made. */
async function* inSlices(lines: AsyncIterable<GoodLine>): AsyncGenerator<GoodLine[]> {
  let slice = new Map<string, GoodLine>();
  for await (const line of lines) {
    const key = addressKey(line.subscriber.email);
    if (slice.size >= SLICE || slice.has(key)) {
      yield [...slice.values()];
      slice = new Map();
    }
    slice.set(key, line);
  }
  if (slice.size > 0) yield [...slice.values()];
}

/** The columns that a list has: of what it does not have nothing is changed. */
function columnsOf({ places }: ListHeader): ReadonlySet<Column> {
  const names = [...places.keys()].map((name) => (/^(first|last)_name$/.test(name) ? 'name' : name));
  return new Set(names as Column[]);
}

function nameOf({ program, statuses }: ListHeader): string {
  if (program !== undefined) return `${program} export`;
  const columns = statuses.map(({ name }) => JSON.stringify(name));
  return columns.length === 0 ? '' : `${columns.length === 1 ? 'column' : 'columns'} ${columns.join(', ')}`;
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

function noneGood(path: string, badLines: readonly BadLine[]): Fault {
  const lines = badLines.slice(0, 20).map(({ line, problem }) => `\n  line ${line}: ${problem}`);
  return new Fault(
    'IMPORT_EMPTY',
    `No line of ${path} was good.${lines.join('')}`,
    'Correct the lines; subscribers/example.csv shows the format.',
  );
}
