import { createHash } from 'node:crypto';

export type CopiedRow = Readonly<Record<string, string | number | null>>;

/** A checksum of a table that does not depend on the order of its rows. */
export type Digest = { readonly rows: number; readonly sum: string };

/** Postgres cannot store NUL in a text. */
function withoutNul<Value>(value: Value): Value | string {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '') : value;
}

/** Adds rows up: their number, and the sum of a 128-bit hash of each. */
export function createDigest(columns: readonly string[]) {
  let rows = 0;
  let sum = 0n;
  return {
    add: (row: CopiedRow) => {
      const text = JSON.stringify(columns.map((column) => withoutNul(row[column])));
      const hash = createHash('sha256').update(text).digest('hex').slice(0, 32);
      sum = BigInt.asUintN(128, sum + BigInt(`0x${hash}`));
      rows += 1;
    },
    result: (): Digest => ({ rows, sum: sum.toString(16).padStart(32, '0') }),
  };
}
