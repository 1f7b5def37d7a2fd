import { defineConfig } from 'vitest/config';

const exclude = [
  'test/**/*.slow.test.ts',
  'test/browser/**',
  'test/captures/**',
  'test/inbox/**',
  'test/postgres/**',
  'test/returns-corpus/**',
  'test/returns-trip/**',
  'test/torture/middle.test.ts',
];

// The tests of what is in the database, which has to hold on every engine.
const TABLES = [
  'test/db/**/*.test.ts',
  'test/ledger/{books,claims,claims-bulk,issue-lines,issues,plan-rows,refusals,supersede}.test.ts',
  'test/papers/{paper-standing,search}.test.ts',
  'test/subscribers/sign-up-limits.test.ts',
  'test/**/*-table.test.ts',
];

const properties = 'test/support/properties.ts';

// `npm test` needs nothing but a checkout. Tests that read what is outside it have configurations of their own. Test
// files share a process: none of them leaves anything behind, and to start one for each took more than half the time.
export default defineConfig({
  test: {
    // A guard against what never ends: a machine that is busy with other work may need long.
    testTimeout: 120_000,
    isolate: false,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'sqlite',
          include: ['test/**/*.test.ts'],
          exclude,
          provide: { engine: 'sqlite' },
          setupFiles: [properties],
        },
      },
      {
        extends: true,
        // Postgres without a server. It takes seconds to start: the files of a process share one.
        test: {
          name: 'pglite',
          include: TABLES,
          exclude: [...exclude, 'test/db/connections.test.ts'],
          provide: { engine: 'pglite' },
          setupFiles: [properties, 'test/support/pglite-setup.ts'],
        },
      },
      {
        extends: true,
        // Real processes, threads and sockets that are slow on purpose: `npm run check` and .ci/run run them.
        test: {
          name: 'slow',
          include: ['test/**/*.slow.test.ts'],
          provide: { engine: 'sqlite' },
          setupFiles: [properties],
        },
      },
    ],
  },
});
