import { generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A key as an operator would have it, and what is published of it. Made anew for each run of the tests. */
export function makeDkimKey(bits = 2048) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  return { privateKey, publicKey, pem: pemOf(privateKey), record: dnsRecord(publicKey) };
}

export function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The TXT record at SELECTOR._domainkey.DOMAIN. */
export function dnsRecord(publicKey: KeyObject): string {
  return `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
}
