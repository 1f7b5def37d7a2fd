/** No mailbox has a longer address (RFC 5321 section 4.5.3.1.3, without its brackets). */
export const LONGEST_ADDRESS = 254;

/**
 * Checks an e-mail address as a person types it: trimmed, one `@`, a local part of at most 64
 * characters and a domain with a dot, labels of letters, digits and hyphens (Unicode ones are turned
 * into their ASCII form, RFC 5891). Stricter than RFC 5321 on purpose: no quotes, comments, address
 * literals, control characters or local parts that need SMTPUTF8, so that an address can never become a header.
 * @returns the address with its domain in lower case, or `undefined`
 */
export function parseAddress(text: string): string | undefined {
  // Checked before anything else, with room for surrounding spaces.
  if (text.length > 2 * LONGEST_ADDRESS) return undefined;
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf('@');
  const local = trimmed.slice(0, at);
  if (at < 1 || !/^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/.test(local)) {
    return undefined;
  }
  const domain = asciiDomain(trimmed.slice(at + 1));
  if (domain === undefined || local.length > 64 || local.length + domain.length > 253) return undefined;
  return `${local}@${domain}`;
}

/** An address with what its owner is called; the name may be empty. */
export type Mailbox = { readonly name: string; readonly address: string };

/**
 * Splits `Name <address>`, `"Name" <address>` or a bare address. The address is as it was written: it is still to be
 * checked.
 */
export function splitMailbox(text: string): Mailbox {
  const [, before, address] = /^([^<>]*)<([^<>]*)>$/.exec(text.trim()) ?? [];
  if (before === undefined || address === undefined) return { name: '', address: text.trim() };
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(before.trim())?.[1];
  return { name: quoted?.replace(/\\(.)/g, '$1') ?? before.trim(), address: address.trim() };
}

/** Two addresses with the same key are one mailbox for us: letter case is ignored throughout. */
export function addressKey(address: string): string {
  return address.toLowerCase();
}

const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const HOST = new RegExp(`^(${LABEL}\\.)+(?=[a-z0-9-]*[a-z])${LABEL}$`);

function asciiDomain(text: string): string | undefined {
  if (text.length > 253 || /[^\p{L}\p{M}\p{N}.-]/u.test(text)) return undefined;
  let host: string;
  try {
    host = new URL(`http://${text}`).hostname;
  } catch {
    return undefined;
  }
  return HOST.test(host) ? host : undefined;
}

/** The part after the last @, in lower case, with nothing in it that no domain has. */
export function domainOf(address: string): string {
  return address
    .slice(address.lastIndexOf('@') + 1)
    .replace(/[^\w.-]/g, '')
    .toLowerCase();
}
