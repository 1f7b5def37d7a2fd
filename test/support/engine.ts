import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Which database the tests of a run have: a project of the Vitest configuration says so. */
    engine: 'sqlite' | 'pglite' | 'postgres';
    /** Where the real Postgres is, when it is the engine. */
    postgresUrl: string;
  }
}

export const ENGINE = inject('engine') ?? 'sqlite';
