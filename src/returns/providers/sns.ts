import { verify, X509Certificate } from 'node:crypto';
import { messageOf } from '../../domain/failure.ts';
import type { Instant } from '../../domain/time.ts';
import type { Http } from '../../sources/http/http.ts';
import { textAt } from './fields.ts';

const HOST = /^sns\.[a-z0-9-]{3,}\.amazonaws\.com(\.cn)?$/;
const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9a-f]+\.pem$/;
const MOST_CERTIFICATE = 8 * 1024;
const MOST_KEPT = 10;

/** What an SNS signature covers, in this order; docs.aws.amazon.com/sns, "Verifying the signatures of messages". */
const SIGNED = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  other: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};
const HASHES: Readonly<Record<string, string>> = { '1': 'sha1', '2': 'sha256' };

/** Certificates of SNS by their address: the last few that were used. */
export type Certificates = { get(url: string): Promise<X509Certificate | undefined> };

/** An address of SNS itself; anything else could be somebody's who signs for himself. */
export function snsAddress(text: string): URL | undefined {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.username || url.password || url.port) return undefined;
  return HOST.test(url.hostname) ? url : undefined;
}

/** @param http reads nothing that is not of the public Internet */
export function createCertificates(http: Http): Certificates {
  const known = new Map<string, X509Certificate>();
  return {
    get: async (text) => {
      const url = snsAddress(text);
      if (!url || !CERTIFICATE_PATH.test(url.pathname) || url.search || url.hash) return undefined;
      const kept = known.get(url.href);
      if (kept) return kept;
      const options = { accept: '*/*', maxBytes: MOST_CERTIFICATE, redirects: 0 };
      const { status, body } = await http.get(url.href, options);
      if (status !== 200) throw new Error(`the certificate of SNS could not be read: status ${status}`);
      const certificate = certificateIn(body);
      if (certificate === undefined) return undefined;
      const [oldest] = known.keys();
      if (known.size >= MOST_KEPT && oldest !== undefined) known.delete(oldest);
      known.set(url.href, certificate);
      return certificate;
    },
  };
}

function certificateIn(body: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(body);
  } catch (error) {
    if (messageOf(error) === '') throw error;
    return undefined;
  }
}

/** Whether SNS signed a message, by a certificate that is in date. */
export async function isSignedBySns(
  json: unknown,
  certificates: Certificates,
  now: Instant,
): Promise<boolean> {
  const hash = HASHES[textAt(json, 'SignatureVersion')];
  if (hash === undefined) return false;
  const certificate = await certificates.get(textAt(json, 'SigningCertURL'));
  if (certificate === undefined) return false;
  if (now < Date.parse(certificate.validFrom) || now > Date.parse(certificate.validTo)) return false;
  const names = textAt(json, 'Type') === 'Notification' ? SIGNED.Notification : SIGNED.other;
  const text = names.flatMap((name) => lineOf(json, name)).join('');
  try {
    return verify(
      hash,
      Buffer.from(text),
      certificate.publicKey,
      Buffer.from(textAt(json, 'Signature'), 'base64'),
    );
  } catch {
    return false;
  }
}

function lineOf(json: unknown, name: string): string[] {
  const value = (json as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' ? [`${name}\n${value}\n`] : [];
}
