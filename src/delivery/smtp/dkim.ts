import { hash, type KeyObject, sign as rsaSign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { foldLines } from 'nodemailer/lib/mime-funcs';

const signAside = promisify(rsaSign) as (
  algorithm: string,
  data: Uint8Array,
  key: KeyObject,
) => Promise<Buffer>;

/** Under which name mails are signed: the public half of the key is at `SELECTOR._domainkey.DOMAIN`. */
export type DkimIdentity = { readonly domain: string; readonly selector: string; readonly key: KeyObject };

/** Puts a DKIM-Signature before a finished message. */
export type Signer = (raw: Buffer) => Promise<Buffer>;

/**
 * What a signature covers. RFC 8058 wants both List-Unsubscribe fields in it, Feedback-ID counts only when it is
 * signed. Each name is given once more than the message has it, so that no second field of that name can be put
 * before the signed one (RFC 6376 §5.4.2 and §8.15).
 */
const SIGNED = [
  'From',
  'Reply-To',
  'Subject',
  'Date',
  'Message-ID',
  'To',
  'Cc',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
  'CFBL-Address',
  'List-Id',
  'List-Help',
  'List-Archive',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'Auto-Submitted',
  'Precedence',
  'Feedback-ID',
];

/**
 * Signs finished bytes: rsa-sha256, relaxed/simple (RFC 6376, RFC 8301), without a length tag. The body is signed as it stands:
 * quoted-printable has no white space that a relay could tidy, and its hash is one call where the relaxed form is a look at
 * each byte. nodemailer's own signer is a row of streams that does the RSA on the event loop; here it is done aside, so that
 * connections go on meanwhile.
 */
export function createSigner({ domain, selector, key }: DkimIdentity): Signer {
  return async (raw) => {
    const { fields, body } = split(raw);
    const { names, canonical } = signedFields(fields);
    const bodyHash = hash('sha256', simpleBody(body), 'base64');
    const tags = `v=1; a=rsa-sha256; c=relaxed/simple; d=${domain}; s=${selector}; h=${names.join(':')}; bh=${bodyHash}; b=`;
    const field = foldLines(`DKIM-Signature: ${foldable(tags)}`, 76);
    const signature = await signAside('sha256', toBeSigned(canonical, field), key);
    const lines = signature.toString('base64').replace(/.{74}/g, '$&\r\n ');
    return Buffer.concat([Buffer.from(`${field}\r\n ${lines}\r\n`, 'latin1'), raw]);
  };
}

/**
 * Whether the signature that stands first in a message holds under a public key. Read from the finished
 * bytes as a receiver would, with nothing shared with the making of it but the canonical form.
 */
export function verifies(signed: Buffer, publicKey: KeyObject): boolean {
  const { fields, body } = split(signed);
  const [field = '', ...others] = fields;
  const tags = new Map(
    field
      .slice(field.indexOf(':') + 1)
      .split(';')
      .map((tag) => [tag.slice(0, tag.indexOf('=')).trim(), tag.slice(tag.indexOf('=') + 1)] as const),
  );
  const tag = (name: string) => (tags.get(name) ?? '').replace(/\s+/g, '');
  if (hash('sha256', simpleBody(body), 'base64') !== tag('bh')) return false;
  const canonical = take(others, tag('h').split(':'));
  const bare = field.replace(/(;\s*b=)[^;]*$/, '$1');
  const data = toBeSigned(canonical, bare);
  return verify('sha256', data, publicKey, Buffer.from(tag('b'), 'base64'));
}

/** Header fields as they stand, without their last line end, and the body. */
function split(raw: Buffer): { fields: string[]; body: Buffer } {
  const end = raw.indexOf('\r\n\r\n');
  if (end < 0) throw new TypeError('A message has an empty line between its header and its body.');
  const fields = raw.toString('latin1', 0, end).split(/\r\n(?![ \t])/);
  return { fields, body: raw.subarray(end + 4) };
}

function signedFields(fields: readonly string[]): { names: string[]; canonical: string } {
  const present = new Set(fields.map(nameOf));
  const names = SIGNED.flatMap((name) => (present.has(name.toLowerCase()) ? [name, name] : [name]));
  return { names, canonical: take(fields, names) };
}

/** The canonical form of the named fields; a name that is given again means the next field up (§5.4.2). */
function take(fields: readonly string[], names: readonly string[]): string {
  const left = Map.groupBy(fields, nameOf);
  return names
    .map((name) => {
      const field = left.get(name.toLowerCase())?.pop();
      return field === undefined ? '' : `${relaxedField(field)}\r\n`;
    })
    .join('');
}

function nameOf(field: string): string {
  return field.slice(0, field.indexOf(':')).trim().toLowerCase();
}

function toBeSigned(canonical: string, signatureField: string): Buffer {
  return Buffer.from(canonical + relaxedField(signatureField), 'latin1');
}

/** RFC 6376 §3.4.2. */
function relaxedField(field: string): string {
  const value = field.slice(field.indexOf(':') + 1);
  return `${nameOf(field)}:${value
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '')}`;
}

const [CR, LF] = [13, 10];
const CRLF = Buffer.from('\r\n');

/** RFC 6376 §3.4.3: as it stands, with one line end at its end. */
function simpleBody(body: Buffer): Buffer {
  let end = body.length;
  while (end >= 2 && body[end - 2] === CR && body[end - 1] === LF) end -= 2;
  return end < body.length ? body.subarray(0, end + 2) : Buffer.concat([body, CRLF]);
}

/** A line may be folded only at a space, and the list of names has none. */
function foldable(tags: string): string {
  return tags.replaceAll(':', ': ');
}
