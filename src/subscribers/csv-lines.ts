import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

const BATCH = 1000;

/**
 * A CSV file as a stream in which each line stands by itself: no cell of ours has a line break, so a quote that is
 * not closed on its line is a mistake there, and not the beginning of a cell that takes in the rest of the file.
 * Such a line is left empty, to keep the count of lines.
 * @param onOpenQuote told the number of each such line, from 1
 * @param onBytes told how many bytes have been read since it was last told
 */
export function csvLines(
  path: string,
  onOpenQuote: (line: number) => void,
  onBytes: (count: number) => void = () => {},
): Readable {
  return Readable.from(batches(path, onOpenQuote, onBytes));
}

async function* batches(
  path: string,
  onOpenQuote: (line: number) => void,
  onBytes: (count: number) => void,
): AsyncGenerator<string> {
  const input = createReadStream(path);
  input.on('data', (chunk) => onBytes(chunk.length));
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  let batch: string[] = [];
  let number = 0;
  for await (const line of lines) {
    number += 1;
    const open = line.split('"').length % 2 === 0;
    if (open) onOpenQuote(number);
    batch.push(open ? '' : line);
    if (batch.length < BATCH) continue;
    yield `${batch.join('\n')}\n`;
    batch = [];
  }
  yield batch.join('\n');
}
