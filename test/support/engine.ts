import { inject, test } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Which database the tests of a run have: a project of the Vitest configuration says so. */
    engine: 'sqlite' | 'pglite' | 'postgres';
    /** Where the real Postgres is, when it is the engine. */
    postgresUrl: string;
  }
}

export const ENGINE = inject('engine') ?? 'sqlite';

/** A test of what only SQLite has: on another engine there is no such test, so none is skipped. */
export function onSqlite(name: string, body: () => Promise<void>, timeout?: number): void {
  if (ENGINE === 'sqlite') test(name, body, timeout);
}
