import { createHmac, timingSafeEqual } from 'node:crypto';

/** Which mail came back: a delivery of an issue, or a notice. */
export type ReturnedMail =
  | { readonly table: 'deliveries'; readonly issueId: number; readonly subscriberId: number }
  | { readonly table: 'notices'; readonly id: number };

/**
 * Names one mail and proves that we sent it: `d-ISSUE-SUBSCRIBER-MAC` or `n-NOTICE-MAC`, numbers in base 36. It is the left
 * part of the Message-ID and, with BOUNCE_ADDRESS, a part of the envelope sender, so every echo of the mail tells whose
 * it was. All of it is in lower case, because relays may change the case of a local part. The MAC, 80 bits of
 * HMAC-SHA-256, keeps a forged return from taking a subscriber off the list.
 */
export function mailTag(secret: string, mail: ReturnedMail): string {
  const name =
    mail.table === 'notices'
      ? `n-${mail.id.toString(36)}`
      : `d-${mail.issueId.toString(36)}-${mail.subscriberId.toString(36)}`;
  return `${name}-${mac(secret, name)}`;
}

/**
 * The envelope sender of one mail (VERP, variable envelope return path).
 * @param bounceAddress `bounces@example.org`, where the tag follows a plus sign, or with `*` in the place of the tag
 */
export function returnPath(bounceAddress: string, tag: string): string {
  if (bounceAddress.includes('*')) return bounceAddress.replace('*', tag);
  const at = bounceAddress.lastIndexOf('@');
  return `${bounceAddress.slice(0, at)}+${tag}${bounceAddress.slice(at)}`;
}

/** No text that we look at names more mails; checking a MAC is dear, and strangers write these texts. */
const MOST_TAGS = 50;
const TAG = /(?<![0-9a-z])(n-[0-9a-z]{1,11}|d-[0-9a-z]{1,11}-[0-9a-z]{1,11})-([0-9a-f]{20})(?![0-9a-z])/gi;

/** The first tag in a text that was made with one of the secrets. */
export function findTag(secrets: readonly string[], text: string): ReturnedMail | undefined {
  let count = 0;
  for (const [, name = '', given = ''] of text.matchAll(TAG)) {
    count += 1;
    if (count > MOST_TAGS) return undefined;
    const mail = readTag(secrets, name.toLowerCase(), given.toLowerCase());
    if (mail) return mail;
  }
  return undefined;
}

function readTag(secrets: readonly string[], name: string, given: string): ReturnedMail | undefined {
  if (!secrets.some((secret) => timingSafeEqual(Buffer.from(mac(secret, name)), Buffer.from(given))))
    return undefined;
  const [kind, ...ids] = name.split('-');
  const [first = 0, second = 0] = ids.map((id) => Number.parseInt(id, 36));
  return kind === 'n'
    ? { table: 'notices', id: first }
    : { table: 'deliveries', issueId: first, subscriberId: second };
}

function mac(secret: string, name: string): string {
  return createHmac('sha256', secret).update(`bounce\n${name}`).digest('hex').slice(0, 20);
}
