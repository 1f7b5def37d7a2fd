/** A company that runs mailboxes for many unrelated people. */
export type MailProvider = {
  /** The first one represents them all. */
  readonly domains: readonly [string, ...string[]];
  /** The same name at any of the domains is one mailbox. */
  readonly sharesNames?: true;
  /** Characters that are ignored in the part before the `@`. */
  readonly ignores?: RegExp;
  /** Separates a name from a tag that its owner can choose freely, in addition to the usual `+`. */
  readonly tagMark?: string;
  /** `anything@name.DOMAIN` is the mailbox `name@DOMAIN`. */
  readonly namesSubdomains?: true;
};

/** The largest providers and their main domains. Each rule is one that the provider has announced itself. */
const PROVIDERS: readonly MailProvider[] = [
  { domains: ['gmail.com', 'googlemail.com'], sharesNames: true, ignores: /\./g },
  {
    domains: ['proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me'],
    sharesNames: true,
    ignores: /[._-]/g,
  },
  { domains: ['fastmail.com', 'fastmail.fm'], namesSubdomains: true },
  { domains: ['icloud.com', 'me.com', 'mac.com'], sharesNames: true },
  {
    domains: ['yahoo.com', 'yahoo.co.uk', 'yahoo.co.in', 'yahoo.de', 'yahoo.fr', 'ymail.com'],
    tagMark: '-',
  },
  {
    domains: ['outlook.com', 'hotmail.com', 'hotmail.co.uk', 'hotmail.fr', 'live.com', 'msn.com'],
  },
  { domains: ['gmx.de', 'gmx.net', 'gmx.com', 'gmx.at', 'gmx.ch', 'web.de'] },
  { domains: ['yandex.ru', 'yandex.com', 'ya.ru'], sharesNames: true },
  { domains: ['mail.ru', 'bk.ru', 'inbox.ru', 'list.ru'] },
  { domains: ['qq.com', 'foxmail.com'] },
  { domains: ['163.com', '126.com'] },
  { domains: ['aol.com'] },
  { domains: ['naver.com'] },
];

const BY_DOMAIN = new Map(
  PROVIDERS.flatMap((provider) => provider.domains.map((domain) => [domain, provider] as const)),
);

/** @param domain a registrable domain in lower case */
export function providerOf(domain: string): MailProvider | undefined {
  return BY_DOMAIN.get(domain);
}
