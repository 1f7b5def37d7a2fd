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
