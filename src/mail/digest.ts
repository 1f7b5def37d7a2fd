import { hash } from 'node:crypto';

/** SHA-256, hex, of a value as JSON with its keys in order: equal values have equal digests. */
export function digest(value: unknown): string {
  return hash('sha256', JSON.stringify(value, inKeyOrder));
}

function inKeyOrder(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
