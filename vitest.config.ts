import { defineConfig } from 'vitest/config';

const exclude = [
  'test/**/*.slow.test.ts',
  'test/browser/**',
  'test/captures/**',
  'test/mail/**',
  'test/postgres/**',
  'test/torture/middle.test.ts',
];

const properties = 'test/support/properties.ts';

// `npm test` needs nothing but a checkout. Tests that read what is outside it have configurations of their own. Test
// files share a process: none of them leaves anything behind, and to start one for each took more than half the time.
export default defineConfig({
  test: {
    testTimeout: 20_000,
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
          include: ['test/store/**/*.test.ts'],
          // It has one connection, and neither a log of its own nor threads.
          exclude: ['test/**/*.slow.test.ts', 'test/store/connections.test.ts'],
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
          testTimeout: 60_000,
        },
      },
    ],
  },
});
