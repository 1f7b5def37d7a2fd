import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The way of a returned mail through a real mailbox: needs Debian's dovecot-imapd. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/returns-trip/**/*.test.ts'],
    provide: { engine: 'sqlite' },
    testTimeout: 300_000,
  },
});
