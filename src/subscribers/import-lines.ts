import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { addressKey } from '../domain/address.ts';
import { decodeBytes } from '../domain/decode-bytes.ts';
import { Fault } from '../domain/fault.ts';
import { type Column, type CsvSubscriber, type Defaults, type LineCells, lineReader } from './csv.ts';
import { type BadLine, type CsvRecord, csvRecords } from './csv-records.ts';
import { type ListColumn, type ListHeader, readHeader } from './list-header.ts';
import { isStricter, readStatus, type SaidState, saidState, type ToldState } from './list-states.ts';
import { textLines } from './list-text.ts';

export type LineOptions = {
  readonly defaults: Defaults;
  readonly onBad: (bad: BadLine) => void;
  /** Told how many bytes of the file have been read since it was last told. */
  readonly onBytes?: (count: number) => void;
  /** Told what the first line says. */
  readonly onHeader?: (header: ListHeader) => void;
  /** Which column says who is subscribed. */
  readonly statusColumn?: string | undefined;
  /** The state of those of whom the file does not say it. */
  readonly as?: SaidState | undefined;
};

const DELIMITERS = [',', ';', '\t', '|'];
const HEAD = 4096;

/** A subscriber, on which line they stand, and what the file says of them. */
export type GoodLine = {
  readonly line: number;
  readonly subscriber: CsvSubscriber;
  readonly told: ToldState;
};

/**
 * Reads a list record by record, with its columns in any order and whichever delimiter its first line has. Of two lines with
 * one address the first counts, unless only a later one says that they are gone.
 * @throws Fault FILE_UNREADABLE when there is no column of addresses
 */
export async function* readLines(path: string, options: LineOptions): AsyncGenerator<GoodLine> {
  const { defaults, onBad, onBytes } = options;
  const { delimiter, skipped } = await styleOf(path);
  const seen = new Map<string, { readonly line: number; readonly told: ToldState }>();
  let read: ((record: CsvRecord) => Omit<GoodLine, 'line'> | string) | undefined;
  for await (const record of csvRecords(textLines(path, onBytes), delimiter, onBad)) {
    const { line, cells } = record;
    if (line <= skipped) continue;
    if (read === undefined) {
      const header = readHeader(cells, { ...options, fileName: basename(path) });
      options.onHeader?.(header);
      read = csvRecordReader(header, defaults, options.as);
      continue;
    }
    const found = read(record);
    if (typeof found === 'string') {
      onBad({ line, problem: found });
      continue;
    }
    const { email } = found.subscriber;
    const before = seen.get(addressKey(email));
    const isNews = before === undefined || isStricter(found.told.state, before.told.state);
    if (!isNews) onBad({ line, problem: `${email} is on line ${before.line} already` });
    else {
      seen.set(addressKey(email), { line, told: found.told });
      yield { line, ...found };
    }
  }
}

/** Makes what reads a record: a subscriber and their state, or what is wrong with it. */
function csvRecordReader(
  header: ListHeader,
  defaults: Defaults,
  as: SaidState | undefined,
): (record: CsvRecord) => Omit<GoodLine, 'line'> | string {
  const { program } = header;
  const read = lineReader(defaults, { isForeign: program !== undefined && program !== 'Offprint' });
  return ({ cells }) => {
    const told = stateOf(header, cells, as);
    const subscriber = read(cellsOf(header, cells));
    const problems = [
      ...(Array.isArray(subscriber) ? subscriber : []),
      ...(typeof told === 'string' ? [told] : []),
    ];
    if (Array.isArray(subscriber) || typeof told === 'string') return problems.join('; ');
    return { subscriber, told };
  };
}

function cellsOf({ places }: ListHeader, cells: readonly string[]): LineCells {
  const cell = (column: ListColumn) => cells[places.get(column) ?? -1] ?? '';
  const columns = [...places.keys()].filter((name): name is Column => !/^(first|last)_name$/.test(name));
  const record = Object.fromEntries(columns.map((name) => [name, cell(name)]));
  if (places.has('name')) return record;
  return { ...record, name: `${cell('first_name')} ${cell('last_name')}`.trim() };
}

/** The state that keeps most mail away, of all that is said; one sentence when nobody can tell. */
function stateOf(
  { program, statuses, everybody }: ListHeader,
  cells: readonly string[],
  as: SaidState | undefined,
): ToldState | string {
  const said: ToldState[] = everybody ? [everybody] : [];
  let unknown: string | undefined;
  for (const { place, kind, name } of statuses) {
    const cell = cells[place] ?? '';
    const status = cell === '' && program === 'Offprint' ? 'nothing' : readStatus(kind, cell);
    if (status === 'unknown') unknown ??= `${name} is ${JSON.stringify(cell.slice(0, 80))}`;
    else if (status !== 'nothing') said.push(status);
  }
  if (as) said.push(saidState(as));
  const strictest = said.reduce<ToldState | undefined>(
    (most, one) => (most === undefined || isStricter(one.state, most.state) ? one : most),
    undefined,
  );
  const isTold = unknown === undefined || as !== undefined || (strictest && strictest.state !== 'active');
  if (isTold) return strictest ?? saidState('active');
  return `${unknown}, which does not say whether they are subscribed: say so with --as, or name the column that does with --status-column`;
}

/** The delimiter of a file, and how many lines stand before the names of its columns. */
async function styleOf(path: string): Promise<{ readonly delimiter: string; readonly skipped: number }> {
  const head = await headOf(path);
  if (head.subarray(0, 4).equals(Buffer.from('PK\x03\x04'))) throw packed(path);
  const [first = ''] = decodeBytes(head).split(/[\r\n]/, 1);
  // Excel writes this line, and takes it for no data.
  const named = /^\s*"?sep=(.)"?\s*$/i.exec(first)?.[1];
  if (named !== undefined) return { delimiter: named, skipped: 1 };
  const counts = DELIMITERS.map((mark) => first.split(mark).length);
  return { delimiter: DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',', skipped: 0 };
}

async function headOf(path: string): Promise<Buffer> {
  const chunks = (await createReadStream(path, { end: HEAD - 1 }).toArray()) as Buffer[];
  return Buffer.concat(chunks);
}

function packed(path: string): Fault {
  return new Fault(
    'FILE_UNREADABLE',
    `${path} is a spreadsheet or an archive, and no text.`,
    'Save the spreadsheet as CSV, or unpack the archive and import the CSV files in it.',
  );
}
