import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { z } from 'zod';
import type { Secrets } from '../db/secrets.ts';
import { parseShallowJson } from '../domain/shallow-json.ts';

/**
 * Iterations of each try. With a prefix of one byte 256 tries are needed on average: about a second of one core of
 * whoever asks, and one try, off the event loop, of ours.
 */
const COST = 1000;
const PREFIX = '00';

/** A real proof has about 600 characters and three levels of nesting. */
const LONGEST = 4000;
const DEEPEST = 4;

const Proof = z.object({
  challenge: z.object({
    parameters: z.looseObject({ data: z.object({ stamp: z.string() }) }),
    signature: z.string().max(200),
  }),
  solution: z.object({ counter: z.number(), derivedKey: z.string().max(200), time: z.number().optional() }),
});

/** What a browser must work on, as JSON: it belongs to one stamp and grows old with it. */
export async function makeChallenge(secrets: Secrets, stamp: string): Promise<string> {
  const challenge = await createChallenge({
    algorithm: 'PBKDF2/SHA-256',
    cost: COST,
    keyPrefix: PREFIX,
    deriveKey,
    data: { stamp },
    hmacSignatureSecret: secretOf(secrets),
  });
  return JSON.stringify(challenge);
}

/**
 * Whether the work was done, on a challenge of ours and for this stamp.
 * @returns what names the challenge, so that it counts once; `undefined` when it was not
 */
export async function provedChallenge(
  secrets: Secrets,
  proof: string,
  stamp: string,
): Promise<string | undefined> {
  if (proof.length > LONGEST) return undefined;
  const read = Proof.safeParse(parseShallowJson(proof, DEEPEST));
  if (!read.success || read.data.challenge.parameters.data.stamp !== stamp) return undefined;
  const { challenge, solution } = read.data as unknown as Parameters<typeof verifySolution>[0];
  const options = { challenge, solution, deriveKey, hmacSignatureSecret: secretOf(secrets) };
  return (await verifySolution(options)).verified ? challenge.parameters.nonce : undefined;
}

function secretOf([secret]: Secrets): string {
  return `proof of work\n${secret}`;
}
