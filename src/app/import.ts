import { access, constants, stat } from 'node:fs/promises';
import { type CsvError, parse } from 'csv-parse';
import { addressKey } from '../domain/address.ts';
import { Fault } from '../domain/fault.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { addSubscriber, findByAddress, type NewSubscriber } from '../store/subscribers.ts';
import { csvLines } from './csv-lines.ts';
import { joinReaders, takeDetails } from './readers.ts';
import { type CsvReader, type CsvRecord, readRecord } from './subscriber-csv.ts';
import type { App } from './wire.ts';

export type ImportReport = {
  readonly added: number;
  /** Known readers whose details were taken from the file. */
  readonly updated: number;
  /** Known readers who have left or whose address is dead: their state stays. */
  readonly stayedAway: number;
  readonly badLines: readonly BadLine[];
};

export type BadLine = { readonly line: number; readonly problem: string };

const SLICE = 500;

/**
 * Imports a CSV file. Its readers are active: who imports vouches for their consent. Bad lines are left out and
 * listed; the good ones go in.
 * @throws Fault FILE_UNREADABLE, IMPORT_EMPTY when no line was good
 */
export async function importSubscribers(app: App, path: string): Promise<ImportReport> {
  await checkReadable(path);
  const tally = { added: 0, updated: 0, stayedAway: 0, badLines: [] as BadLine[] };
  let slice: CsvReader[] = [];
  for await (const reader of readLines(path, app, tally.badLines)) {
    slice.push(reader);
    if (slice.length < SLICE) continue;
    await importSlice(app, slice, tally);
    slice = [];
  }
  await importSlice(app, slice, tally);
  if (tally.added + tally.updated + tally.stayedAway === 0) throw noneGood(path, tally.badLines);
  return { ...tally, badLines: tally.badLines.toSorted((a, b) => a.line - b.line) };
}

async function checkReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
    if ((await stat(path)).isFile()) return;
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

async function* readLines(path: string, app: App, badLines: BadLine[]): AsyncGenerator<CsvReader> {
  const defaults = { timezone: app.config.DEFAULT_TIMEZONE, deliverAt: app.config.DELIVER_AT };
  const seen = new Map<string, number>();
  const skip = (error: CsvError | undefined) => {
    badLines.push({ line: Number(error?.lines ?? 0), problem: error?.message ?? 'not a line of CSV' });
    return undefined;
  };
  const openQuote = (line: number) => badLines.push({ line, problem: 'a quote is not closed' });
  const lines = csvLines(path, openQuote);
  const parser = lines.pipe(
    parse({
      bom: true,
      columns: header,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      on_skip: skip,
    }),
  );
  lines.on('error', (error) => parser.destroy(error));
  for await (const { record, info } of parser as AsyncIterable<{
    record: CsvRecord;
    info: { lines: number };
  }>) {
    const read = readRecord(record, defaults);
    const line = info.lines;
    if (Array.isArray(read)) {
      badLines.push({ line, problem: read.join('; ') });
      continue;
    }
    const key = addressKey(read.email);
    const before = seen.get(key);
    if (before === undefined) yield read;
    else badLines.push({ line, problem: `${read.email} is on line ${before} already` });
    seen.set(key, before ?? line);
  }
}

function header(cells: string[]): string[] {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  if (names.includes('email')) return names;
  throw new Fault(
    'FILE_UNREADABLE',
    `The first line is ${JSON.stringify(cells.join(',').slice(0, 80))}; expected the names of columns, email among them.`,
    'Put "email,name,timezone,deliver_at,days,topics" on the first line; subscribers/example.csv shows the format.',
  );
}

type Tally = { added: number; updated: number; stayedAway: number };

async function importSlice(app: App, slice: readonly CsvReader[], tally: Tally): Promise<void> {
  const known = await addNew(app, slice);
  tally.added += slice.length - known.length;
  for (const reader of known) {
    if (await update(app, reader)) tally.updated += 1;
    else tally.stayedAway += 1;
  }
}

/** @returns those who were there already */
async function addNew(app: App, slice: readonly CsvReader[]): Promise<CsvReader[]> {
  return app.store.db.transaction().execute(async (trx) => {
    const added: Subscriber[] = [];
    const known: CsvReader[] = [];
    for (const reader of slice) {
      const subscriber = await addSubscriber(trx, imported(reader), app.clock());
      if (subscriber) added.push(subscriber);
      else known.push(reader);
    }
    await joinReaders(app, trx, added);
    return known;
  });
}

/** @returns false when the reader has left or is suppressed: an import brings nobody back */
async function update(app: App, reader: CsvReader): Promise<boolean> {
  const known = await findByAddress(app.store.db, reader.email);
  if (known === undefined) return false;
  await takeDetails(app, known.id, imported(reader));
  return known.state === 'pending' || known.state === 'active';
}

function imported(reader: CsvReader): NewSubscriber {
  return { ...reader, state: 'active', consent: 'import' };
}

function noneGood(path: string, badLines: readonly BadLine[]): Fault {
  const lines = badLines.slice(0, 20).map(({ line, problem }) => `\n  line ${line}: ${problem}`);
  return new Fault(
    'IMPORT_EMPTY',
    `No line of ${path} was good.${lines.join('')}`,
    'Correct the lines; subscribers/example.csv shows the format.',
  );
}
