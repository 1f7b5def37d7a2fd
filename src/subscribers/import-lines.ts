import { open } from 'node:fs/promises';
import { type CsvError, parse } from 'csv-parse';
import { addressKey } from '../domain/address.ts';
import { Fault } from '../domain/fault.ts';
import { type CsvSubscriber, csvRecordReader, type Defaults } from './csv.ts';
import { csvLines } from './csv-lines.ts';

export type BadLine = { readonly line: number; readonly problem: string };

export type LineOptions = {
  readonly defaults: Defaults;
  readonly onBad: (bad: BadLine) => void;
  /** Told how many bytes of the file have been read since it was last told. */
  readonly onBytes?: (count: number) => void;
};

const DELIMITERS = [',', ';', '\t', '|'];
const HEAD = 4096;

/** A subscriber, and on which line they stand. */
export type GoodLine = { readonly line: number; readonly subscriber: CsvSubscriber };

/**
 * Reads a file of subscribers line by line, with its columns in any order and whichever delimiter its first line has.
 * Of two lines with one address the first counts.
 * @throws Fault FILE_UNREADABLE when there is no column of addresses
 */
export async function* readLines(path: string, options: LineOptions): AsyncGenerator<GoodLine> {
  const { defaults, onBad } = options;
  const read = csvRecordReader(defaults);
  const seen = new Map<string, number>();
  for await (const { record, info } of records(path, await delimiterOf(path), options)) {
    const subscriber = read(record);
    const line = info.lines;
    if (Array.isArray(subscriber)) {
      onBad({ line, problem: subscriber.join('; ') });
      continue;
    }
    const key = addressKey(subscriber.email);
    const before = seen.get(key);
    if (before !== undefined) onBad({ line, problem: `${subscriber.email} is on line ${before} already` });
    else {
      seen.set(key, line);
      yield { line, subscriber };
    }
  }
}

type Line = { record: Record<string, string>; info: { lines: number } };

function records(path: string, delimiter: string, { onBad, onBytes }: LineOptions): AsyncIterable<Line> {
  const skip = (error: CsvError | undefined) => {
    onBad({ line: Number(error?.lines ?? 0), problem: error?.message ?? 'not a line of CSV' });
    return undefined;
  };
  const lines = csvLines(path, (line) => onBad({ line, problem: 'a quote is not closed' }), onBytes);
  const parser = parse({
    bom: true,
    columns: header,
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: skip,
  });
  lines.on('error', (error) => parser.destroy(error));
  return lines.pipe(parser) as AsyncIterable<Line>;
}

/** The delimiter that the first line has the most of; a comma where it has none. */
async function delimiterOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    const [first = ''] = buffer.toString('utf8', 0, bytesRead).split(/[\r\n]/, 1);
    const counts = DELIMITERS.map((mark) => first.split(mark).length);
    return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
  } finally {
    await file.close();
  }
}

/** Spreadsheets and other newsletters have names of their own for some columns. */
const OTHER_NAMES: Record<string, string> = {
  'e-mail': 'email',
  'email address': 'email',
  email_address: 'email',
  'full name': 'name',
  tz: 'timezone',
  time_zone: 'timezone',
  'time zone': 'timezone',
};

function header(cells: string[]): string[] {
  const names = cells.map((cell) => cell.trim().toLowerCase()).map((name) => OTHER_NAMES[name] ?? name);
  if (names.includes('email')) return names;
  throw new Fault(
    'FILE_UNREADABLE',
    `The first line is ${JSON.stringify(cells.join(',').slice(0, 80))}; expected the names of columns, email among them.`,
    'Put "email,name,timezone,deliver_at,days,topics" on the first line; subscribers/example.csv shows the format.',
  );
}
