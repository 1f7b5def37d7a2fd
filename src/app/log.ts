import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** Logs to standard error: lines for people at a terminal, JSON for machines. */
export function createLog(level: string): Log {
  if (!process.stderr.isTTY) return pino({ level, base: null }, pino.destination({ dest: 2, sync: true }));
  return pino(
    { level, base: null },
    pretty({ destination: 2, sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname' }),
  );
}
