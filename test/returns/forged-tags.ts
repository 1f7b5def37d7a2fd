import { createHash } from 'node:crypto';

/** Tags of mails that may exist, with random proofs, the same ones in each run. */
export function forgedTags(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const random = createHash('sha256').update(`forged ${index}`).digest('hex');
    const name = index % 4 === 0 ? `n-${(index % 900).toString(36)}` : `d-1-${(index % 900).toString(36)}`;
    return `${name}-${random.slice(0, 20)}`;
  });
}
