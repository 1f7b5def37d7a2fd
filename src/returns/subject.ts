import type { Trx } from '../db/schema.ts';
import type { ReturnSubject } from '../domain/return.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { DAY, type Instant } from '../domain/time.ts';
import type { ReturnedMail } from '../domain/verp.ts';
import { findByAddress } from '../subscribers/subscribers-table.ts';

/** How long after a mail a provider may still report on it by its own id. */
const MEMORY = 14 * DAY;
/** Mails of one subscriber in that time. */
const MOST_MAILS = 40;

/** The mail, or the subscriber, that a return is about, or the active one who asks how to leave; `undefined` when nothing of ours proves to be meant. */
export async function resolveSubject(
  trx: Trx,
  about: ReturnSubject | undefined,
  now: Instant,
): Promise<
  | { readonly mail: ReturnedMail }
  | { readonly subscriberId: number }
  | { readonly leaver: Subscriber }
  | undefined
> {
  if (about === undefined) return undefined;
  if ('askedBy' in about) {
    const leaver = await findByAddress(trx, about.askedBy);
    return leaver?.state === 'active' ? { leaver } : undefined;
  }
  if ('acceptedAs' in about) return byAcceptedId(trx, about, now);
  return about;
}

/** The ledger keeps the relay's words, and a provider's has the id by which it reports on the mail. */
async function byAcceptedId(
  trx: Trx,
  { address, acceptedAs }: { readonly address: string; readonly acceptedAs: string },
  now: Instant,
): Promise<{ readonly mail: ReturnedMail } | undefined> {
  const subscriber = acceptedAs.length < 8 ? undefined : await findByAddress(trx, address);
  if (subscriber === undefined) return undefined;
  const rows = await trx
    .selectFrom('deliveries')
    .select(['issue_id as issueId', 'subscriber_id as subscriberId', 'reply'])
    .where('subscriber_id', '=', subscriber.id)
    .where('state', 'in', ['accepted', 'failed'])
    .where('settled_at', '>', now - MEMORY)
    .orderBy('issue_id', 'desc')
    .limit(MOST_MAILS)
    .execute();
  const found = rows.find(({ reply }) => reply.split(/[^\w.@+/=-]+/).some((word) => isId(word, acceptedAs)));
  if (found === undefined) return undefined;
  return { mail: { table: 'deliveries', issueId: found.issueId, subscriberId: found.subscriberId } };
}

/** A relay may write its id with angle brackets, a domain or a full stop around it. */
function isId(word: string, id: string): boolean {
  const bare = (text: string) => text.replace(/^[.@]+|[.]+$/g, '');
  return bare(word) === bare(id) || bare(word).split('@')[0] === bare(id).split('@')[0];
}
