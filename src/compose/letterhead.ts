/** What every mail of this newsletter carries, whoever it goes to. */
export type Letterhead = {
  readonly newsletterName: string;
  /** The address in From, and the envelope sender. */
  readonly from: string;
  readonly replyTo?: string;
  /** Shown in the footer; the law of several countries wants one. */
  readonly postalAddress?: string;
  /** Without a trailing slash. */
  readonly siteUrl: string;
};
