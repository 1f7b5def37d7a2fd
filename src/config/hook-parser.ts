import { z } from 'zod';
import { REPORT_PROVIDERS, type ReportProvider, type ReportSource } from '../domain/report-provider.ts';

const EXPECTED =
  'a provider, a colon and its secret, several with commas between them: mailgun:SIGNINGKEY, ses:TOPIC_ARN, postmark:USER:PASSWORD; docs/returns.md has them all';
const TOPIC = /^arn:aws(-[a-z]+)*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/;

export const hooks = z.string().transform((value, context): ReportSource[] => {
  const entries = value.split(/\s*,\s*/).filter(Boolean);
  const read = entries.map(entry);
  if (read.every((one) => one !== undefined)) return read;
  context.addIssue({ code: 'custom', message: EXPECTED });
  return z.NEVER;
});

function entry(text: string): ReportSource | undefined {
  const colon = text.indexOf(':');
  const provider = REPORT_PROVIDERS.find((name) => name === text.slice(0, colon).toLowerCase());
  const secret = text.slice(colon + 1);
  return provider && isSecret(provider, secret) ? { provider, secret } : undefined;
}

function isSecret(provider: ReportProvider, secret: string): boolean {
  if (provider === 'ses') return TOPIC.test(secret);
  if (provider === 'resend' || provider === 'generic') return /^whsec_[A-Za-z0-9+/]{16,}={0,2}$/.test(secret);
  // Whatever is asked over the Internet without a signature needs a secret that nobody guesses.
  return secret.length >= 8;
}
