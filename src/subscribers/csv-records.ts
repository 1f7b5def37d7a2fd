import { readCells } from './csv-cells.ts';

/** A record of a file: its cells, and the number of the line where it begins, from 1. */
export type CsvRecord = { readonly line: number; readonly cells: readonly string[] };

export type BadLine = { readonly line: number; readonly problem: string };

/** A cell of a spreadsheet has at most 32,767 characters. What is longer began with a quote that nobody closed. */
const LONGEST_RECORD = 100_000;
const MOST_LINES = 2000;

/**
 * The records of a CSV file. A quoted cell may have line breaks. A quote that is never closed, or that stands where none may,
 * costs its own line only: the next one is read for itself. Where that one has another number of cells than any before, it
 * may be the rest of the broken cell, and nobody must be added because a note mentions them.
 * @param lines as they stand in the file, in batches
 * @param onBad told of each line that is left out
 */
export async function* csvRecords(
  lines: AsyncIterable<readonly string[]>,
  delimiter: string,
  onBad: (bad: BadLine) => void,
): AsyncGenerator<CsvRecord> {
  const queue = new LineQueue(lines);
  const widths = new Set<number>();
  let broken = 0;
  for (let line = 1; ; ) {
    const first = queue.peek(0) ?? (await queue.read(0));
    if (first === undefined) return;
    const { cells, count } = await readRecord(queue, first, delimiter);
    if (!Array.isArray(cells)) {
      const isOpen = readCells(first, delimiter) === 'open';
      onBad({ line, problem: isOpen ? 'a quote is not closed' : 'a quote stands inside a cell' });
      broken = line;
    } else if (cells.some((cell) => cell !== '')) {
      const isDoubtful = broken > 0 && !widths.has(cells.length);
      if (isDoubtful) onBad({ line, problem: `it may belong to the broken cell of line ${broken}` });
      else {
        broken = 0;
        widths.add(cells.length);
        yield { line, cells };
      }
    }
    queue.take(count);
    line += count;
  }
}

/** @returns the cells of the record that begins with a line, and how many lines it has; one where it is broken */
async function readRecord(
  queue: LineQueue,
  first: string,
  delimiter: string,
): Promise<{ readonly cells: string[] | 'open' | 'broken'; readonly count: number }> {
  let text = first;
  let cells = readCells(text, delimiter);
  let count = 1;
  while (cells === 'open' && count < MOST_LINES && text.length < LONGEST_RECORD) {
    const next = queue.peek(count) ?? (await queue.read(count));
    if (next === undefined) break;
    text += `\n${next}`;
    count += 1;
    // With an even number of quotes in it a line cannot be the last of an open record.
    if (next.split('"').length % 2 === 0) cells = readCells(text, delimiter);
  }
  return { cells, count: Array.isArray(cells) ? count : 1 };
}

/** Lines that were read and may be looked at before they are taken. */
class LineQueue {
  readonly #batches: AsyncIterator<readonly string[]>;
  #lines: string[] = [];
  #taken = 0;

  constructor(lines: AsyncIterable<readonly string[]>) {
    this.#batches = lines[Symbol.asyncIterator]();
  }

  /** The line that is so many after the next one, where it has been read. */
  peek(offset: number): string | undefined {
    return this.#lines[this.#taken + offset];
  }

  /** The same, and reads the file as far as that; nothing at its end. */
  async read(offset: number): Promise<string | undefined> {
    while (this.#lines.length - this.#taken <= offset) {
      const { value, done } = await this.#batches.next();
      if (done) return undefined;
      this.#lines = [...this.#lines.slice(this.#taken), ...value];
      this.#taken = 0;
    }
    return this.peek(offset);
  }

  take(count: number): void {
    this.#taken += count;
  }
}
