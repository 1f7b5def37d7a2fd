import { readFileSync } from 'node:fs';
import { Fault } from '../domain/fault.ts';

/**
 * Puts the text of a file in the place of each `file:PATH` in SOURCES: one source a line, `#` for comments.
 * @throws Fault FILE_UNREADABLE
 */
export function expandSourceFiles(sources: string): string {
  return sources.replace(
    /(^|[,\n])[^\S\n]*file:([^,\n]+?)[^\S\n]*(?=,\s|,?$|\n)/g,
    (_, before: string, path: string) => {
      return `${before}\n${readList(path.trim())}\n`;
    },
  );
}

function readList(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Fault(
      'FILE_UNREADABLE',
      `SOURCES names the file ${path}, which cannot be read.`,
      'Use a text file with one source per line.',
      { cause },
    );
  }
}
