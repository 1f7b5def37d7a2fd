import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The mails as others read them: Python, SpamAssassin, OpenDKIM and Chromium must be on the machine. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/inbox/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    fileParallelism: false,
  },
});
