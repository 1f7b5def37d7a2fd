import { createHash } from 'node:crypto';
import { inTransaction } from '../db/dialect.ts';
import type { Db } from '../db/schema.ts';
import type { Instant } from '../domain/time.ts';

const SLICE = 500;

/** What a text is found by: short, and another one for any other text. */
export function textKey(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/** The embeddings of a model by the keys of their texts, as far as they are kept. */
export async function findEmbeddings(
  db: Db,
  model: string,
  keys: readonly string[],
): Promise<Map<string, Float32Array>> {
  const found = new Map<string, Float32Array>();
  for (let start = 0; start < keys.length; start += SLICE) {
    const rows = await db
      .selectFrom('embeddings')
      .select(['text_key', 'vector'])
      .where('model', '=', model)
      .where('text_key', 'in', keys.slice(start, start + SLICE))
      .execute();
    for (const row of rows) {
      const vector = decode(row.vector);
      if (vector) found.set(row.text_key, vector);
    }
  }
  return found;
}

/** Keeps them in half precision, which tells any two papers apart as well. */
export async function saveEmbeddings(
  db: Db,
  model: string,
  vectors: ReadonlyMap<string, Float32Array>,
  now: Instant,
): Promise<void> {
  const rows = [...vectors].map(([text_key, vector]) => ({
    model,
    text_key,
    vector: encode(vector),
    made_at: now,
  }));
  // A transaction for each slice: mails are not kept waiting by thousands of vectors.
  for (let start = 0; start < rows.length; start += SLICE)
    await inTransaction(db, (trx) =>
      trx
        .insertInto('embeddings')
        .values(rows.slice(start, start + SLICE))
        .onConflict((conflict) =>
          conflict.columns(['model', 'text_key']).doUpdateSet((e) => ({
            vector: e.ref('excluded.vector'),
            made_at: e.ref('excluded.made_at'),
          })),
        )
        .execute(),
    );
}

/** Forgets what was made before the moment: no issue of these days chooses by it. */
export async function forgetEmbeddings(db: Db, before: Instant): Promise<void> {
  await inTransaction(db, (trx) => trx.deleteFrom('embeddings').where('made_at', '<', before).execute());
}

function encode(vector: Float32Array): string {
  const length = Math.hypot(...vector) || 1;
  const halves = Float16Array.from(vector, (value) => value / length);
  return Buffer.from(halves.buffer).toString('base64');
}

/** `undefined` for what `encode` has not made: it is asked for again. */
function decode(text: string): Float32Array | undefined {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  if (bytes.length === 0 || bytes.length % 2 !== 0) return undefined;
  const vector = Float32Array.from(new Float16Array(bytes.buffer));
  return vector.every(Number.isFinite) ? vector : undefined;
}
