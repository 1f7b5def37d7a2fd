import { mailTag } from '../../src/domain/verp.ts';
import { type MailResult, takeMails } from '../../src/returns/take-mails.ts';
import { enrollSubscribers, type TestApp } from '../support/app.ts';
import { openNewsroom, runOnce } from '../support/newsroom.ts';

const BOUNCES = 'bounces@papers.example.org';

/** A newsroom that has sent one issue to some addresses, and their ids. */
export async function sentIssue(emails: readonly string[], settings: Record<string, string> = {}) {
  const room = await openNewsroom({ BOUNCE_ADDRESS: BOUNCES, ...settings });
  const ids = await enrollSubscribers(room.app, emails);
  await runOnce(room.app);
  return { ...room, ids };
}

/** The tag of a subscriber's mail of the first issue. */
export function tagOf(app: TestApp, subscriberId: number, issueId = 1): string {
  return mailTag(app.secrets[0], { table: 'deliveries', issueId, subscriberId });
}

let made = 0;

/** A returned mail with a delivery status, as Postfix makes them. */
export function dsn(
  tag: string,
  change: { status?: string; diagnostic?: string; action?: string; id?: string } = {},
): string {
  const { status = '5.1.1', diagnostic = 'smtp; 550 5.1.1 no such mailbox', action = 'failed' } = change;
  made += 1;
  return [
    'Return-Path: <>',
    `To: bounces+${tag}@papers.example.org`,
    'From: MAILER-DAEMON@mx.example.net (Mail Delivery System)',
    'Subject: Undelivered Mail Returned to Sender',
    `Message-ID: <${change.id ?? `returned-${made}`}@mx.example.net>`,
    'Date: Wed, 19 Aug 2026 05:01:00 +0000',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"',
    '',
    '--b1',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'This is the mail system at host mx.example.net.',
    '',
    '--b1',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.net',
    '',
    'Final-Recipient: rfc822; somebody@example.org',
    `Action: ${action}`,
    `Status: ${status}`,
    ...(diagnostic === '' ? [] : [`Diagnostic-Code: ${diagnostic}`]),
    '',
    '--b1--',
    '',
  ].join('\r\n');
}

/** The report of a feedback loop (RFC 5965) over a copy that has our Message-ID. */
export function complaint(tag: string, type = 'abuse'): string {
  made += 1;
  return [
    'From: <feedback@isp.example>',
    'To: <fbl@papers.example.org>',
    'Subject: complaint',
    `Message-ID: <arf-${made}@isp.example>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=feedback-report; boundary="a1"',
    '',
    '--a1',
    'Content-Type: text/plain',
    '',
    'This is an email abuse report.',
    '--a1',
    'Content-Type: message/feedback-report',
    '',
    `Feedback-Type: ${type}`,
    'User-Agent: Loop/1.0',
    'Version: 1',
    'Original-Rcpt-To: <redacted@example.org>',
    '',
    '--a1',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: <${tag}@papers.example.org>`,
    'Subject: Papers',
    '',
    '--a1--',
    '',
  ].join('\r\n');
}

export function take(app: TestApp, ...mails: readonly string[]): Promise<MailResult[]> {
  return takeMails(
    app,
    app.returning,
    app.secrets,
    mails.map((mail) => ({ raw: Buffer.from(mail) })),
  );
}

/** Every row of every table but `returns`, to see that nothing changed. */
export async function everythingElse(app: TestApp): Promise<string> {
  const tables = [
    'subscribers',
    'suppressions',
    'deliveries',
    'notices',
    'issues',
    'hook_calls',
    'rests',
    'set_aside',
  ] as const;
  const rows = await Promise.all(tables.map((name) => app.store.db.selectFrom(name).selectAll().execute()));
  return JSON.stringify(rows);
}
