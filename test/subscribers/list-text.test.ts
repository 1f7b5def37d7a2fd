import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { textLines } from '../../src/subscribers/list-text.ts';
import { tempFolder } from '../support/app.ts';

async function linesOf(bytes: Uint8Array): Promise<string[]> {
  using folder = tempFolder();
  const path = join(folder.path, 'list.csv');
  writeFileSync(path, bytes);
  const read: number[] = [];
  const batches = await Array.fromAsync(textLines(path, (count) => read.push(count)));
  expect(read.reduce((sum, count) => sum + count, 0)).toBe(bytes.length);
  return batches.flat();
}

/** Several pieces of a file long, so that characters and line breaks fall between two pieces in every way. */
const LINES = Array.from({ length: 9000 }, (_, index) => `${'é€'.repeat(index % 7)}line ${index}`);

describe('the lines of a list', () => {
  test.each([
    ['UTF-8', '\n', (text: string) => Buffer.from(text)],
    ['UTF-8 with a mark', '\r\n', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['UTF-8 of an old Mac', '\r', (text: string) => Buffer.from(text)],
    ['UTF-16', '\r\n', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    [
      'UTF-16 the other way round',
      '\r\n',
      (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
    ],
    ['UTF-16 of an old Mac', '\r', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ])('are the same in %s', async (_, lineBreak, encode) => {
    expect(await linesOf(encode(LINES.join(lineBreak)))).toEqual(LINES);
    expect(await linesOf(encode(LINES.join(lineBreak) + lineBreak))).toEqual(LINES);
  });

  test('are decoded one by one: one in Windows-1252 spoils no other', async () => {
    const old = Buffer.from([0x80, 0x20, 0xfc]);
    const bytes = Buffer.concat([Buffer.from(`${LINES.join('\n')}\n`), old, Buffer.from('\né\n')]);
    expect(await linesOf(bytes)).toEqual([...LINES, '€ ü', 'é']);
  });

  test('are none of an empty file, and one of a file without a line break', async () => {
    expect(await linesOf(Buffer.alloc(0))).toEqual([]);
    expect(await linesOf(Buffer.from('a'))).toEqual(['a']);
    const long = 'x'.repeat(300_000);
    expect(await linesOf(Buffer.from(long))).toEqual([long]);
  });
});
