import { randomBytes } from 'node:crypto';
import type { Db, Trx } from '../db/schema.ts';
import { withoutAddresses } from '../domain/reply.ts';
import { type Suppression, suppressionId } from '../domain/suppression.ts';

const KEY = 'suppressions';

/** The key of `suppressionId`: made at the first asking, and the same for ever. */
export async function suppressionKey(db: Db): Promise<string> {
  const find = () => db.selectFrom('keys').select('value').where('name', '=', KEY).executeTakeFirst();
  const known = await find();
  if (known) return known.value;
  await db
    .insertInto('keys')
    .values({ name: KEY, value: randomBytes(32).toString('base64url') })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  return (await find())?.value ?? '';
}

/** Keeps why an address is not mailed any more; what is known of it already gives way. */
export async function suppress(trx: Trx, address: string, suppression: Suppression): Promise<void> {
  const id = suppressionId(await suppressionKey(trx), address);
  const said = withoutAddresses(suppression.reply).replaceAll('\0', '');
  const values = { ...suppression, reply: said.slice(0, 500).toWellFormed() };
  await trx
    .insertInto('suppressions')
    .values({ id, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute();
}

/** The same for many addresses at once. What is known of one already stays. */
export async function suppressAll(
  trx: Trx,
  gone: readonly { readonly address: string; readonly suppression: Suppression }[],
): Promise<void> {
  if (gone.length === 0) return;
  const key = await suppressionKey(trx);
  const rows = gone.map(({ address, suppression }) => ({ id: suppressionId(key, address), ...suppression }));
  await trx
    .insertInto('suppressions')
    .values(rows)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** The address may be mailed again. */
export async function lift(trx: Trx, address: string): Promise<void> {
  const id = suppressionId(await suppressionKey(trx), address);
  await trx.deleteFrom('suppressions').where('id', '=', id).execute();
}

export async function findSuppression(db: Db, address: string): Promise<Suppression | undefined> {
  return (await findSuppressions(db, [address])).get(address);
}

/** The suppressions among addresses, by the address as it was given. */
export async function findSuppressions(
  db: Db,
  addresses: readonly string[],
): Promise<Map<string, Suppression>> {
  const found = new Map<string, Suppression>();
  // Most lists that are brought come to an installation that has none, and an HMAC for each address is dear.
  const any = await db.selectFrom('suppressions').select('id').limit(1).executeTakeFirst();
  if (any === undefined || addresses.length === 0) return found;
  const key = await suppressionKey(db);
  const byId = new Map(addresses.map((address) => [suppressionId(key, address), address]));
  const rows = await db
    .selectFrom('suppressions')
    .selectAll()
    .where('id', 'in', [...byId.keys()])
    .execute();
  for (const { id, ...suppression } of rows) found.set(byId.get(id) ?? '', suppression);
  return found;
}
