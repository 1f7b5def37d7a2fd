import { createHmac, timingSafeEqual } from 'node:crypto';

/** Which mail came back: a delivery of an issue, or a notice. */
export type ReturnedMail =
  | { readonly table: 'deliveries'; readonly issueId: number; readonly subscriberId: number }
  | { readonly table: 'notices'; readonly id: number };

/**
 * The envelope sender of one mail (VERP): `bounces+d-ISSUE-READER-MAC@…`, so that whatever a returned mail looks like, its
 * address says whose it was. All of it is in lower case, because relays may change the case of a local part. The MAC, 80
 * bits of HMAC-SHA-256, keeps a forged return from taking a subscriber off the list.
 */
export function returnPath(secret: string, bounceAddress: string, mail: ReturnedMail): string {
  const tag =
    mail.table === 'notices'
      ? `n-${mail.id.toString(36)}`
      : `d-${mail.issueId.toString(36)}-${mail.subscriberId.toString(36)}`;
  const at = bounceAddress.lastIndexOf('@');
  return `${bounceAddress.slice(0, at)}+${tag}-${mac(secret, tag)}${bounceAddress.slice(at)}`;
}

/** What an address that a mail came back to says; `undefined` when it was not made with one of the secrets. */
export function readReturnPath(secrets: readonly string[], address: string): ReturnedMail | undefined {
  const match = /\+((?:n-[0-9a-z]{1,11}|d-[0-9a-z]{1,11}-[0-9a-z]{1,11}))-([0-9a-f]{20})@/.exec(
    address.toLowerCase(),
  );
  if (!match) return undefined;
  const [, tag = '', given = ''] = match;
  if (!secrets.some((secret) => timingSafeEqual(Buffer.from(mac(secret, tag)), Buffer.from(given))))
    return undefined;
  const [kind, ...ids] = tag.split('-');
  const [first = 0, second = 0] = ids.map((id) => Number.parseInt(id, 36));
  return kind === 'n'
    ? { table: 'notices', id: first }
    : { table: 'deliveries', issueId: first, subscriberId: second };
}

function mac(secret: string, tag: string): string {
  return createHmac('sha256', secret).update(`bounce\n${tag}`).digest('hex').slice(0, 20);
}
