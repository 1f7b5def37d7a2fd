import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { anyOf } from '../db/dialect.ts';
import type { Db, Trx } from '../db/schema.ts';
import { storedProfile } from '../db/stored.ts';
import type { Profile } from '../domain/subscriber.ts';

/** The profile of subscribers who want the common issue. */
export const COMMON = 0;

const SLICE = 200;

/**
 * The ids of profiles, created if new: subscribers with the same wishes share one, so that their picks are
 * computed once.
 */
export async function saveProfiles(trx: Trx, profiles: readonly Profile[]): Promise<number[]> {
  const bodies = profiles.map(bodyOf);
  const keys = new Map([...new Set(bodies)].filter((body) => body !== '').map((body) => [keyOf(body), body]));
  const ids = new Map<string, number>([['', COMMON]]);
  const all = [...keys];
  for (let start = 0; start < all.length; start += SLICE) {
    const slice = all.slice(start, start + SLICE);
    await trx
      .insertInto('profiles')
      .values(slice.map(([key, body]) => ({ key, body })))
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute();
    const known = slice.map(([key]) => key);
    const rows = await trx.selectFrom('profiles').select(['id', 'key']).where('key', 'in', known).execute();
    for (const row of rows) ids.set(keys.get(row.key) ?? '', row.id);
  }
  return bodies.map((body) => ids.get(body) ?? COMMON);
}

/**
 * Deletes unused profiles within a slice of ids.
 * @returns the last id of the slice; `undefined` if there are no more profiles
 */
export async function removeUnusedProfiles(
  trx: Trx,
  afterId: number,
  limit: number,
): Promise<number | undefined> {
  const slice = await trx
    .selectFrom('profiles')
    .select('id')
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .execute();
  await releaseProfiles(
    trx,
    slice.map(({ id }) => id),
  );
  return slice.at(-1)?.id;
}

/** Deletes the given profiles if no delivery uses them. */
export async function releaseProfiles(trx: Trx, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await trx
    .deleteFrom('profiles')
    .where('id', 'in', anyOf(trx, ids))
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('deliveries')
            .select('issue_id')
            .whereRef('profile_id', '=', 'profiles.id')
            // A literal, as in the partial index: SQLite would not use the index with a parameter here.
            .where('profile_id', '<>', sql.lit(COMMON)),
        ),
      ),
    )
    .execute();
}

/** Fifty topics exceed what a Postgres index can hold. */
function keyOf(body: string): string {
  return createHash('sha256').update(body).digest('base64url');
}

/** Empty for subscribers of the common issue; the order of topics and of a library does not matter. */
function bodyOf({ topics, count, library = [] }: Profile): string {
  if (topics.length === 0 && count === undefined && library.length === 0) return '';
  return JSON.stringify({
    topics: [...new Set(topics)].sort(),
    ...(count !== undefined && { count }),
    ...(library.length > 0 && { library: library.toSorted() }),
  });
}

/** By their ids; missing or unreadable ones are left out. */
export async function findProfiles(db: Db, ids: readonly number[]): Promise<Map<number, Profile>> {
  const rows = await db
    .selectFrom('profiles')
    .selectAll()
    .where('id', 'in', [...new Set(ids)])
    .execute();
  return new Map(
    rows.flatMap(({ id, body }) => {
      const profile = storedProfile(body);
      return profile ? [[id, profile]] : [];
    }),
  );
}
