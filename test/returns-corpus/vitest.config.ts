import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Over real returned mails that lie beside the checkout and are not part of it. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: { include: ['test/returns-corpus/**/*.test.ts'] },
});
