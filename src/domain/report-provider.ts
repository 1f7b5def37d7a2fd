/** Services that report by webhook what became of the mails that they took. `generic`: any program that signs as they do. */
export const REPORT_PROVIDERS = [
  'ses',
  'mailgun',
  'sendgrid',
  'postmark',
  'brevo',
  'sparkpost',
  'resend',
  'mailjet',
  'mailersend',
  'generic',
] as const;

export type ReportProvider = (typeof REPORT_PROVIDERS)[number];

/** Whose reports are believed, and by what they prove themselves: a key, a password, or for SES the topic's ARN. */
export type ReportSource = { readonly provider: ReportProvider; readonly secret: string };
