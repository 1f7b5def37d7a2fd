import type { Secrets } from '../db/secrets.ts';
import type { Languages } from '../domain/language.ts';
import type { Letterhead } from '../mail/letterhead.ts';
import type { MailTemplates } from '../mail/mail-templates.ts';

/** What composing a mail needs besides the core. */
export type Composing = {
  /** Compiled on first use (most commands never need them), and again when a file has changed. */
  readonly templates: () => Promise<MailTemplates>;
  readonly letterhead: Letterhead;
  readonly languages: () => Languages;
  readonly secrets: Secrets;
};
