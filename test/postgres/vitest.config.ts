import { defineConfig } from 'vitest/config';

// What a real server may do otherwise than SQLite: every table, whole days, and several processes at once. .ci/postgres
// starts one. Flows that differ by zone, language, page or length of a text, and not by engine, are in `npm test` alone.
export default defineConfig({
  test: {
    root: '.',
    include: [
      'test/{db,issues,ledger,papers,postgres,subscribers,webhooks}/**/*.test.ts',
      'test/flows/{crash,day,failing-issue,held,held-refusals,outcomes,personal,poisoned-rows,searches,sending}.test.ts',
      'test/runtime/mailer.test.ts',
      'test/sources/**/*-table.test.ts',
    ],
    exclude: [
      'test/**/*.slow.test.ts',
      'test/papers/pictures.test.ts',
      'test/subscribers/{address-change,foreign-lists,subscriber-pages}.test.ts',
    ],
    isolate: false,
    maxWorkers: 2,
    setupFiles: ['test/support/properties.ts'],
    provide: { engine: 'postgres', postgresUrl: process.env.TEST_POSTGRES_URL ?? '' },
    testTimeout: 120_000,
  },
});
