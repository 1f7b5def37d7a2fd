import { createHash } from 'node:crypto';

/** What is at a path in JSON that anybody may have written; `undefined` where there is nothing. */
export function at(json: unknown, ...path: readonly string[]): unknown {
  let value = json;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** A text, or a number as one; empty for anything else. */
export function textAt(json: unknown, ...path: readonly string[]): string {
  const value = at(json, ...path);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.slice(0, 4000) : '';
}

export function numberAt(json: unknown, ...path: readonly string[]): number | undefined {
  const number = Number(textAt(json, ...path) || Number.NaN);
  return Number.isFinite(number) ? number : undefined;
}

export function listAt(json: unknown, ...path: readonly string[]): readonly unknown[] {
  const value = at(json, ...path);
  return Array.isArray(value) ? value : [];
}

/** The value of a header in a list of names and values. */
export function headerIn(list: readonly unknown[], name: string): string {
  const found = list.find((one) => textAt(one, 'name').toLowerCase() === name);
  return textAt(found, 'value');
}

/** A moment written as a date. */
export function momentAt(json: unknown, ...path: readonly string[]): number | undefined {
  const moment = Date.parse(textAt(json, ...path));
  return Number.isFinite(moment) ? moment : undefined;
}

/** A key of an event whose provider gives it none. */
export function digestOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}
