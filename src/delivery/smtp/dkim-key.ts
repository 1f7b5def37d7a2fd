import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Config } from '../../config/load.ts';
import { Fault } from '../../domain/fault.ts';
import { createSigner, type DkimIdentity, type Signer, verifies } from './dkim.ts';

/** Shorter keys are refused by receivers, or will be (RFC 8301 §3.2). */
const LEAST_BITS = 2048;

const PROBE = Buffer.from('From: probe@example.org\r\nSubject: probe\r\n\r\nIs this key a key?\r\n');

/**
 * The signer that the settings ask for, after it has signed a probe and the probe has verified; nothing when
 * mails are not to be signed here.
 * @throws Fault DKIM_KEY_UNUSABLE
 */
export async function loadSigner(config: Config): Promise<Signer | undefined> {
  const identity = dkimIdentity(config);
  if (identity === undefined) return undefined;
  const sign = createSigner(identity);
  if (!verifies(await sign(PROBE), createPublicKey(identity.key))) {
    throw unusable(`a probe signed with ${config.DKIM_KEY_FILE} does not verify`);
  }
  return sign;
}

/**
 * With what mails are signed here; nothing when they are not.
 * @throws Fault DKIM_KEY_UNUSABLE
 */
export function dkimIdentity(config: Config): DkimIdentity | undefined {
  const { DKIM_DOMAIN: domain, DKIM_SELECTOR: selector, DKIM_KEY_FILE: file } = config;
  if (domain === undefined && selector === undefined && file === undefined) return undefined;
  if (domain === undefined || selector === undefined || file === undefined) {
    const missing = Object.entries({ DKIM_DOMAIN: domain, DKIM_SELECTOR: selector, DKIM_KEY_FILE: file });
    const names = missing.filter(([, value]) => value === undefined).map(([name]) => name);
    throw unusable(`${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} not set`);
  }
  return { domain, selector, key: readKey(file) };
}

function readKey(file: string): KeyObject {
  const key = parseKey(file, readPem(file));
  if (key.asymmetricKeyType !== 'rsa') {
    throw unusable(`${file} holds a key of the kind ${key.asymmetricKeyType}; receivers verify RSA`);
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < LEAST_BITS) throw unusable(`${file} holds a key of ${bits} bits; it must have ${LEAST_BITS}`);
  return key;
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw unusable(`${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`, cause);
  }
}

function parseKey(file: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    const what = /PUBLIC KEY/.test(pem)
      ? 'the public half of a key, not the private one'
      : /ENCRYPTED/.test(pem)
        ? 'a key with a passphrase'
        : 'no private key in PEM';
    throw unusable(`${file} holds ${what}`, cause);
  }
}

function unusable(reason: string, cause?: unknown): Fault {
  return new Fault(
    'DKIM_KEY_UNUSABLE',
    `Mails cannot be signed: ${reason}.`,
    'docs/mail.md shows how a key is made; empty the three DKIM_ settings if your relay signs. Nothing is sent unsigned.',
    { cause },
  );
}
