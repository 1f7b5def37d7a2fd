import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The torture in its middle form: minutes, not seconds. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: { include: ['test/torture/middle.test.ts'], testTimeout: 240_000 },
});
