// The work itself, by the library that checks it.
import { deriveKey } from './altcha/algorithms/web/pbkdf2.js';
import { solveChallenge } from './altcha/pow.js';

self.addEventListener('message', async ({ data: challenge }) => {
  self.postMessage(await solveChallenge({ challenge, deriveKey }).catch(() => null));
});
