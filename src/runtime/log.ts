import { pino } from 'pino';
import pretty from 'pino-pretty';
import type { Log } from '../core.ts';
import { printable, printableLine } from '../domain/printable.ts';

/** Where lines go: standard error, or what a test reads. */
export type LogTarget = { write(line: string): unknown };

/** Logs to standard error: lines for people at a terminal, JSON for machines. */
export function createLog(level: string): Log {
  if (!process.stderr.isTTY) return logTo(level, pino.destination({ dest: 2, sync: true }));
  const lines = pretty({ destination: 2, sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname' });
  return logTo(level, lines, { pretty: true });
}

/**
 * Log lines may contain text from a feed or a relay, and are read at a terminal sooner or later, whatever they pass
 * through on their way.
 */
export function logTo(level: string, target: LogTarget, { pretty: isPretty = false } = {}): Log {
  const safe = isPretty ? forPretty : printable;
  return pino({ level, base: null }, { write: (line: string) => void target.write(safe(line)) });
}

/** pino-pretty prints the values themselves, with colours of its own around them. */
function forPretty(line: string): string {
  const shown = (key: string, value: unknown) => {
    if (typeof value !== 'string') return value;
    return key === 'stack' ? printable(value) : printableLine(value);
  };
  return `${JSON.stringify(JSON.parse(line, shown))}\n`;
}
