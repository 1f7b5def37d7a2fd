import { resolve4, resolve6, resolveMx } from 'node:dns/promises';
import type { After } from '../domain/time.ts';

const PATIENCE_MS = 3000;

/**
 * Whether a domain takes mail, as far as the DNS says (RFC 5321 section 5.1, RFC 7505): it has an MX that is not the
 * null one, or without any MX an address. Whatever cannot be found out in three seconds counts as yes.
 */
export async function acceptsMail(address: string, after: After): Promise<boolean> {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  after(PATIENCE_MS).addEventListener('abort', () => resolve(true), { once: true });
  return Promise.race([hasMailServer(domain), promise]);
}

async function hasMailServer(domain: string): Promise<boolean> {
  const servers = await unlessAbsent(resolveMx(domain));
  if (servers === undefined) return true;
  if (servers.length > 0) return servers.some(({ exchange }) => exchange !== '' && exchange !== '.');
  const [four, six] = await Promise.all([unlessAbsent(resolve4(domain)), unlessAbsent(resolve6(domain))]);
  return four === undefined || six === undefined || four.length + six.length > 0;
}

/** None when the DNS says that there is none, `undefined` when it could not be asked. */
async function unlessAbsent<Record>(asked: Promise<Record[]>): Promise<Record[] | undefined> {
  try {
    return await asked;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOTFOUND' || code === 'ENODATA' ? [] : undefined;
  }
}
