import * as z from 'zod';
import { cleanName } from './clean-text.ts';

/** A text that may be missing, null or of the wrong type: then it is unknown. */
export const optionalText = z.string().optional().catch(undefined);
/** A count that may be missing, null or none: then it is unknown, which is not zero. */
export const optionalCount = z.number().int().nonnegative().max(1e9).optional().catch(undefined);
/** Objects with a name; what is no such object has none. */
export const namedList = z.array(z.object({ name: optionalText }).catch({ name: undefined })).catch([]);

/** An answer that is not a list of papers; the message says what it is. */
export class NotAList extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotAList';
  }
}

/**
 * The list that a JSON answer is.
 * @param key where in an object the list must stand; without it the answer itself must be the list
 * @param isQuiet whether an object without the list says that there is nothing today
 * @throws NotAList
 */
export function jsonList(
  json: string,
  { key, isQuiet }: { key?: string; isQuiet?: (answer: Record<string, unknown>) => boolean },
): unknown[] {
  const value = parsed(json);
  if (key === undefined && Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new NotAList(`expected a list of papers, got ${kindOf(value)}`);
  }
  const answer = value as Record<string, unknown>;
  const list = key === undefined ? undefined : answer[key];
  // An empty list beside an error is no quiet day.
  if (Array.isArray(list) && (list.length > 0 || typeof answer.error !== 'string')) return list;
  if (isQuiet?.(answer)) return [];
  const said = [answer.error, answer.message].filter((part) => typeof part === 'string').join(': ');
  throw new NotAList(`expected a list of papers, got an object${said ? `: ${brief(said)}` : ''}`);
}

/** What stands in a JSON answer beside its list; `undefined` when it is not JSON. */
export function jsonObject(json: string): unknown {
  try {
    return parsed(json);
  } catch {
    return undefined;
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json.replace(/^\ufeff/, ''));
  } catch {
    throw new NotAList(`expected a list of papers, got what is not JSON: ${brief(json)}`);
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a bare list' : `a ${typeof value}`;
}

function brief(words: string): string {
  return cleanName(words.slice(0, 120));
}
