import { beforeAll } from 'vitest';
import { sharedPglite } from './postgres.ts';

// On a busy machine it takes longer to start than a test may.
beforeAll(async () => {
  await sharedPglite();
}, 120_000);
