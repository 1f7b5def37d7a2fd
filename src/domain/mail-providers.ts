/** A company that runs mailboxes for many people who have nothing to do with each other. */
export type MailProvider = {
  /** The first one stands for all. */
  readonly domains: readonly [string, ...string[]];
  /** The same name at each of the domains is one mailbox. */
  readonly sharesNames?: true;
  /** Characters that make no difference in the part before the `@`. */
  readonly ignores?: RegExp;
  /** Parts a name from a tag of its owner's choice, beside the `+` that all have. */
  readonly tagMark?: string;
  /** `anything@name.DOMAIN` is the mailbox `name@DOMAIN`. */
  readonly namesSubdomains?: true;
};

/** The largest ones, with those of their domains that matter; each rule is one that the provider tells its users. */
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

/** @param domain a registrable one in lower case */
export function providerOf(domain: string): MailProvider | undefined {
  return BY_DOMAIN.get(domain);
}
