import { defineConfig } from 'vitest/config';

// The tests of the store, and of whole days, on a real server; .ci/postgres starts one.
export default defineConfig({
  test: {
    root: '.',
    include: [
      'test/{db,delivery,flows,issues,ledger,papers,postgres,runtime,sources,subscribers,webhooks}/**/*.test.ts',
    ],
    // On Postgres the server searches beside the event loop.
    exclude: ['test/db/sqlite-thread.slow.test.ts', 'test/runtime/limited/**'],
    isolate: false,
    setupFiles: ['test/support/properties.ts'],
    provide: { engine: 'postgres', postgresUrl: process.env.TEST_POSTGRES_URL ?? '' },
    // A fortnight of passes every half hour is some 30,000 round trips to the server.
    testTimeout: 120_000,
  },
});
