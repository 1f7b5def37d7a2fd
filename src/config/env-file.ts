import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { distance } from 'fastest-levenshtein';
import { decodeBytes } from '../domain/decode-bytes.ts';
import { Fault } from '../domain/fault.ts';
import { SETTINGS } from './table.ts';

/**
 * Reads a `.env` file as editors and PowerShell save it: with a byte order mark, in UTF-16 or Windows-1252.
 * @throws Fault FILE_UNREADABLE
 */
export function readEnvFile(path: string): Record<string, string> {
  try {
    return parseEnv(quotingColours(decodeBytes(readFileSync(path)))) as Record<string, string>;
  } catch (cause) {
    throw new Fault(
      'FILE_UNREADABLE',
      `The settings in ${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? cause}).`,
      `Let the user that runs Offprint read ${path}, or set everything in the environment and remove it.`,
      { cause },
    );
  }
}

/** `ACCENT=#005f73`: without quotes a value that begins with # would be a comment, and the setting silently empty. */
function quotingColours(text: string): string {
  return text.replace(/^([ \t]*(?:export[ \t]+)?[A-Z_]+[ \t]*=[ \t]*)(#[0-9a-f]{3,8})[ \t]*$/gim, '$1"$2"');
}

/** The setting that a name was meant to be, where it is none itself. */
export function settingMeant(name: string): string | undefined {
  const names = Object.keys(SETTINGS);
  if (names.includes(name)) return undefined;
  const written = name.toUpperCase().replaceAll('-', '_');
  // Two letters that changed places are a distance of two. In a short name two letters are another name.
  const most = written.length < 6 ? 1 : 2;
  const near = names.map((known) => ({ known, far: distance(written, known) }));
  const [best] = near.filter(({ far }) => far <= most).toSorted((one, other) => one.far - other.far);
  return best?.known;
}
