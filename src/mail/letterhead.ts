import type { Mailbox } from '../domain/address.ts';
import type { Summaries } from '../domain/summary.ts';
import type { EchoHeader } from './echo-headers.ts';
import type { SubjectStyle } from './subject.ts';

/** What every mail of this newsletter carries, whoever it goes to. */
export type Letterhead = {
  readonly newsletterName: string;
  /** The address in From, and the envelope sender of mails that have none of their own. */
  readonly from: string;
  /** The name in From; without it the newsletter's. */
  readonly fromName?: string;
  readonly replyTo?: Mailbox;
  /** A mailbox whose mails mean "unsubscribe me". */
  readonly unsubscribeAddress?: string;
  /** One line under the name. */
  readonly tagline?: string;
  /** The address of a picture above the name. */
  readonly logoUrl?: string;
  /** Fields that carry each mail's tag, for relays that report by them. */
  readonly echoHeaders?: readonly EchoHeader[];
  /** Where complaints are reported. */
  readonly complaintAddress?: string;
  /** Shown in the footer; the law of several countries wants one. */
  readonly postalAddress?: string;
  /** Without a trailing slash; empty where there are no pages. */
  readonly siteUrl: string;
  /** The code of its language; English when it is not said. */
  readonly language?: string;
  /** How subjects are made; `picks` when it is not said. */
  readonly subjectStyle?: SubjectStyle;
  /** What stands under each title; `source` when it is not said. */
  readonly summaries?: Summaries;
};
