import type { Config } from '../../config/load.ts';
import type { Core } from '../../core.ts';
import type { Composing } from '../../delivery/composing.ts';
import type { Sending } from '../../delivery/sending.ts';
import type { Signer } from '../../delivery/smtp/dkim.ts';
import { Fault } from '../../domain/fault.ts';
import type { Issue, OwnPicks } from '../../domain/issue.ts';
import type { Languages } from '../../domain/language.ts';
import { editionBySlug, editionOn, findBySlug, nextEdition } from '../../issues/find-edition.ts';
import { picksForSubscriber } from '../../issues/personal-issue.ts';
import { draft } from '../../issues/publish.ts';
import { rankEdition } from '../../issues/rank-edition.ts';
import { sampleIssue } from '../../issues/sample-issue.ts';
import { findIssue, latestIssue, nextNumber } from '../../ledger/issues.ts';
import { composeDelivery } from '../../mail/compose-message.ts';
import { currentTemplates } from '../../mail/load-templates.ts';
import type { MailTemplates } from '../../mail/mail-templates.ts';
import { type IssueBody, type RenderedIssue, renderIssue } from '../../mail/render.ts';
import { subscriberValues, textForSubscriber } from '../../mail/subscriber-parts.ts';
import { feedbackLink, mailNames, subscriberLinks } from '../../subscribers/links.ts';
import { requireByAddress } from '../../subscribers/subscribers-table.ts';
import type { PreviewPage } from './preview-mail.ts';

export type Theme = Config['THEME'];

/** Whose mail a preview shows. Without an id it is nobody's, and its links do nothing. */
export type PreviewSubscriber = {
  readonly subscriberId: number;
  readonly email: string;
  /** What they get in place of the common picks. */
  readonly own?: OwnPicks;
};

const NOBODY: PreviewSubscriber = { subscriberId: 0, email: 'reader@example.org' };

/**
 * The issue that would be frozen next from what is known now; where that is nothing, the latest one; where that
 * is nothing too, the sample. Nothing is stored.
 */
export async function nextIssue(core: Core, languages: Languages): Promise<Issue> {
  const next = nextEdition(core);
  const { ranked } = await rankEdition(core, next);
  if (ranked.length > 0)
    return draft(core.config, languages, next, ranked, await nextNumber(core.store.db, 'daily'));
  const latest = await latestIssue(core.store.db, 'daily', { orSample: true });
  return latest ?? sampleIssue(core.config, languages, editionOn(core));
}

/**
 * The issue of a date or a week, as it was frozen; where there is none yet, as it would be now.
 * @throws Fault ISSUE_UNKNOWN
 */
export async function previewIssue(core: Core, languages: Languages, slug?: string): Promise<Issue> {
  if (slug === undefined) return nextIssue(core, languages);
  const { db } = core.store;
  const frozen = await findBySlug(db, slug);
  if (frozen?.issue) return frozen.issue;
  const edition = editionBySlug(core, slug);
  const { ranked } = await rankEdition(core, edition);
  if (ranked.length > 0)
    return draft(core.config, languages, edition, ranked, await nextNumber(db, edition.kind));
  throw new Fault(
    'ISSUE_UNKNOWN',
    `There is no issue of ${slug}, and no papers are known for it.`,
    '"offprint issue list" shows all issues; "offprint fetch" reads the sources.',
  );
}

/** @throws Fault SUBSCRIBER_UNKNOWN */
export async function previewSubscriber(
  core: Core,
  issue: Issue,
  email: string | undefined,
): Promise<PreviewSubscriber> {
  if (email === undefined) return NOBODY;
  const subscriber = await requireByAddress(core.store.db, email);
  const own = await picksForSubscriber(core, issue, subscriber);
  return { subscriberId: subscriber.id, email: subscriber.email, ...(own && { own }) };
}

/** What makes a mail exactly as it would be sent. */
export type Previewing = {
  readonly composing: Composing;
  readonly signer: () => Promise<Signer | undefined>;
};

/** The mail of an issue as one subscriber would get it now, signed, with the templates as they are on the disk now. */
export async function previewMail(
  core: Core,
  { composing, signer }: Previewing,
  issue: Issue,
  {
    subscriber = NOBODY,
    theme = core.config.THEME,
    templates = currentTemplates({ ...core.config, THEME: theme }),
  }: { subscriber?: PreviewSubscriber; theme?: Theme; templates?: () => Promise<MailTemplates> } = {},
): Promise<PreviewPage> {
  const rendered = renderIssue(await templates(), issue, composing.letterhead);
  const body = subscriber.own ? rendered.own(subscriber.own) : rendered.common;
  const { raw, recipient } = await composed(core, composing, { issue, rendered, body }, subscriber);
  const sign = await signer();
  const signed = sign ? await sign(raw) : raw;
  const values = subscriberValues({ ...recipient, address: recipient.email });
  return {
    subject: body.subject,
    preheader: body.preheader,
    theme,
    headers: signed.subarray(0, signed.indexOf('\r\n\r\n')).toString('utf8'),
    html: textForSubscriber(body.html, values, true),
    text: textForSubscriber(body.text, values, false),
    raw: signed,
  };
}

/** One mail of the issue to one address, through the transport as it is set up, outside the ledger. */
export async function sendTest(
  core: Core,
  { composing, signer }: Previewing,
  { routes }: Sending,
  issue: Issue,
  email: string,
) {
  // Its Fault says more than the answer of a transport that cannot sign.
  await signer();
  const rendered = renderIssue(await composing.templates(), issue, composing.letterhead);
  const parts = { issue, rendered, body: rendered.common };
  const mail = await composed(core, composing, parts, { ...NOBODY, email });
  return routes.any(core.clock()).send(mail);
}

async function composed(
  { config, clock, store }: Core,
  { letterhead, secrets }: Composing,
  {
    issue: { kind, date, sample },
    rendered,
    body,
  }: { readonly issue: Issue; readonly rendered: RenderedIssue; readonly body: IssueBody },
  { subscriberId, email }: PreviewSubscriber,
) {
  // An issue that is not frozen yet has no id, and its mails have none that could come back.
  const issueId = (await findIssue(store.readOnly, kind, date, sample))?.id ?? 0;
  const recipient = {
    subscriberId,
    email,
    ...subscriberLinks({ config, secrets }, subscriberId),
    feedbackUrl: feedbackLink({ config, secrets }, subscriberId, 0, rendered),
    ...mailNames({ config, secrets }, { table: 'deliveries', issueId, subscriberId }),
  };
  const options = { letterhead, date: clock(), body };
  return { ...(await composeDelivery(rendered, recipient, options)), recipient };
}
