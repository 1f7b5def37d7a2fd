import { InvalidArgumentError, Option } from 'commander';
import { parseDay } from '../domain/day.ts';
import { weekOf } from '../domain/slug.ts';
import { parseDuration, parseInstant } from '../domain/time.ts';

/** Subscribers of option values: commander prints the message with the option's name. */
export function day(text: string): string {
  return read(parseDay(text), 'expected a day YYYY-MM-DD, such as 2026-08-19');
}

/** The name of an issue: its date, or the week of a weekly one. */
export function issueName(text: string): string {
  const known = weekOf(text) ? text : parseDay(text);
  return read(known, 'expected a day YYYY-MM-DD or a week, such as 2026-08-19 or 2026-W34');
}

export function instant(text: string): number {
  return read(parseInstant(text), 'expected an instant with its offset, such as 2026-08-19T07:00:00Z');
}

export function duration(text: string): number {
  return read(parseDuration(text), 'expected a duration such as 30s, 5m or 1h');
}

export function count(text: string): number {
  return read(/^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined, 'expected a whole number from 1');
}

export function jsonOption(): Option {
  return new Option('--json', 'print JSON for programs');
}

function read<Value>(value: Value | undefined, expected: string): Value {
  if (value === undefined) throw new InvalidArgumentError(expected);
  return value;
}

/** Shown under a command's help. */
export function example(...lines: string[]): string {
  return `\nExample:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}
