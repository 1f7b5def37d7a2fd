import { defineConfig } from 'vitest/config';

const exclude = [
  'test/browser/**',
  'test/captures/**',
  'test/mail/**',
  'test/postgres/**',
  'test/torture/middle.test.ts',
];

// `npm test` needs nothing but a checkout. Tests that read what is outside it have configurations of their own.
export default defineConfig({
  test: {
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: { name: 'sqlite', include: ['test/**/*.test.ts'], exclude, provide: { engine: 'sqlite' } },
      },
      {
        extends: true,
        // Postgres without a server. It takes seconds to start: all files share one.
        test: {
          name: 'pglite',
          include: ['test/store/**/*.test.ts'],
          // It has one connection, and no log of its own.
          exclude: ['test/store/connections.test.ts', 'test/store/checkpoint.test.ts'],
          provide: { engine: 'pglite' },
          setupFiles: ['test/support/pglite-setup.ts'],
          isolate: false,
          maxWorkers: 1,
        },
      },
    ],
  },
});
