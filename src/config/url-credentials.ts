/** What a name or a password in an address must look like. Never says which of these signs a password has. */
export const ENCODED =
  'USER and PASSWORD percent-encoded: % as %25, / as %2F, # as %23, ? as %3F, @ as %40, a comma as %2C, a blank as %20';

/**
 * Whether a name or password in an address has a sign that ends it too early, or a % that encodes nothing: then a part of the
 * password would be taken for the host, and be shown.
 */
export function hasBareSign(url: string): boolean {
  const [, authority = '', path = '', rest = ''] = /^[a-z]+:\/\/([^/?#]*)([^?#]*)(.*)$/is.exec(url) ?? [];
  const at = authority.lastIndexOf('@');
  if (at < 0) return path.includes('@') || rest.includes('@');
  const credentials = authority.slice(0, at);
  return path.includes('@') || /[\s,]/.test(credentials) || !isDecodable(credentials);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
