import { defineConfig } from 'vitest/config';

// `npm test` needs nothing but a checkout. Tests that read what is outside it have configurations of their own.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/captures/**', 'test/browser/**', 'test/mail/**', 'test/torture/middle.test.ts'],
    testTimeout: 20_000,
  },
});
