import type { App } from '../../app.ts';
import type { Config } from '../../config/load.ts';
import { Fault } from '../../domain/fault.ts';
import type { Issue, OwnPicks } from '../../domain/issue.ts';
import { editionBySlug, editionOn, findBySlug, nextEdition } from '../../issues/find-edition.ts';
import { picksForSubscriber } from '../../issues/personal-issue.ts';
import { draft } from '../../issues/publish.ts';
import { rankEdition } from '../../issues/rank-edition.ts';
import { sampleIssue } from '../../issues/sample-issue.ts';
import { latestIssue, nextNumber } from '../../ledger/issues.ts';
import { composeDelivery } from '../../mail/compose-message.ts';
import { currentTemplates } from '../../mail/load-templates.ts';
import type { MailTemplates } from '../../mail/mail-templates.ts';
import { type IssueBody, type RenderedIssue, renderIssue } from '../../mail/render.ts';
import { subscriberValues, textForSubscriber } from '../../mail/subscriber-parts.ts';
import { returnPathOf, subscriberLinks } from '../../subscribers/links.ts';
import { findByAddress } from '../../subscribers/subscribers-table.ts';
import type { PreviewPage } from './preview-app.ts';

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
export async function nextIssue(app: App): Promise<Issue> {
  const next = nextEdition(app);
  const { ranked } = await rankEdition(app, next);
  if (ranked.length > 0)
    return draft(app.config, app.languages(), next, ranked, await nextNumber(app.store.db, 'daily'));
  const latest = await latestIssue(app.store.db, 'daily', { orSample: true });
  return latest ?? sampleIssue(app.config, app.languages(), editionOn(app));
}

/**
 * The issue of a date or a week, as it was frozen; where there is none yet, as it would be now.
 * @throws Fault ISSUE_UNKNOWN
 */
export async function previewIssue(app: App, slug?: string): Promise<Issue> {
  if (slug === undefined) return nextIssue(app);
  const { db } = app.store;
  const frozen = await findBySlug(db, slug);
  if (frozen?.issue) return frozen.issue;
  const edition = editionBySlug(app, slug);
  const { ranked } = await rankEdition(app, edition);
  if (ranked.length > 0)
    return draft(app.config, app.languages(), edition, ranked, await nextNumber(db, edition.kind));
  throw new Fault(
    'ISSUE_UNKNOWN',
    `There is no issue of ${slug}, and no paper is known that it could have.`,
    '"offprint issue list" shows those there are; "offprint fetch" reads the sources.',
  );
}

/** @throws Fault SUBSCRIBER_UNKNOWN */
export async function previewSubscriber(
  app: App,
  issue: Issue,
  email: string | undefined,
): Promise<PreviewSubscriber> {
  if (email === undefined) return NOBODY;
  const subscriber = await findByAddress(app.store.db, email);
  if (subscriber) {
    const own = await picksForSubscriber(app, issue, subscriber);
    return { subscriberId: subscriber.id, email: subscriber.email, ...(own && { own }) };
  }
  throw new Fault(
    'SUBSCRIBER_UNKNOWN',
    `${email} is not on the list.`,
    '"offprint subscribers list" shows who is.',
  );
}

/** The mail of an issue as one subscriber would get it now, signed, with the templates as they are on the disk now. */
export async function previewMail(
  app: App,
  issue: Issue,
  {
    subscriber = NOBODY,
    theme = app.config.THEME,
    templates = currentTemplates({ ...app.config, THEME: theme }),
  }: { subscriber?: PreviewSubscriber; theme?: Theme; templates?: () => Promise<MailTemplates> } = {},
): Promise<PreviewPage> {
  const rendered = renderIssue(await templates(), issue, app.composing.letterhead);
  const body = subscriber.own ? rendered.own(subscriber.own) : rendered.common;
  const { raw, recipient } = await composed(app, rendered, subscriber, body);
  const sign = await app.signer();
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
export async function sendTest(app: App, issue: Issue, email: string) {
  await app.signer();
  const rendered = renderIssue(await app.composing.templates(), issue, app.composing.letterhead);
  return app.sending.routes
    .any(app.clock())
    .send(await composed(app, rendered, { ...NOBODY, email }, rendered.common));
}

async function composed(app: App, rendered: RenderedIssue, subscriber: PreviewSubscriber, body: IssueBody) {
  const { subscriberId, email } = subscriber;
  const recipient = {
    subscriberId,
    email,
    ...subscriberLinks(app, subscriberId),
    ...returnPathOf(app, { table: 'deliveries', issueId: 0, subscriberId }),
  };
  const options = { letterhead: app.composing.letterhead, date: app.clock(), body };
  return { ...(await composeDelivery(rendered, recipient, options)), recipient };
}
