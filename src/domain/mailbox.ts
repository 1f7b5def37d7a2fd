import { getDomain } from 'tldts';
import { addressKey } from './address.ts';
import { type MailProvider, providerOf } from './mail-providers.ts';

/**
 * Identifies the mailbox behind an address: without the part after `+`, and by its provider's rules. Only for counting how
 * often a mailbox is mailed; addresses are stored and used as they were typed.
 */
export function mailboxKey(address: string): string {
  const [local = '', host = ''] = addressKey(address).split('@');
  const domain = registrableDomain(host);
  const provider = providerOf(domain);
  if (provider?.namesSubdomains && host !== domain) return `${host.split('.')[0]}@${domain}`;
  const untagged = withoutTag(local, '+');
  return provider ? atProvider(untagged, host, provider) : `${untagged}@${host}`;
}

function atProvider(local: string, host: string, provider: MailProvider): string {
  const { domains, sharesNames, ignores, tagMark, namesSubdomains } = provider;
  const bare = tagMark === undefined ? local : withoutTag(local, tagMark);
  // As a subdomain the name cannot contain an underscore, so a hyphen stands for it there.
  const name = namesSubdomains ? bare.replaceAll('_', '-') : bare;
  const key = (ignores && name.replace(ignores, '')) || name;
  return `${key}@${sharesNames ? domains[0] : host}`;
}

/**
 * Who runs the mailbox of an address, for counting: a large provider, named by its first domain, or the registrable
 * domain, so that all subdomains of one owner count as one.
 */
export function mailHost(address: string): { readonly domain: string; readonly isProvider: boolean } {
  const domain = registrableDomain(addressKey(address).split('@')[1] ?? '');
  const provider = providerOf(domain);
  return { domain: provider?.domains[0] ?? domain, isProvider: provider !== undefined };
}

function withoutTag(local: string, mark: string): string {
  return local.split(mark)[0] || local;
}

/** The part of a host name that somebody can register, one label below a public suffix such as `co.uk`. */
function registrableDomain(host: string): string {
  return getDomain(host, { allowPrivateDomains: true, extractHostname: false }) ?? host;
}
