/**
 * The one error class that a person reads: what went wrong and where (`message`), a stable code for
 * the documents and for searching, and what to do next. Anything else thrown is a bug.
 */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly next: string;

  constructor(code: FaultCode, message: string, next: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'Fault';
    this.code = code;
    this.next = next;
  }

  /** 2 for wrong usage or settings, 3 when the books do not balance, otherwise 1. */
  get exitCode(): number {
    return FAULTS[this.code];
  }
}

/** Every code with the exit code that it gives a command; `docs/errors.md` explains each. */
export const FAULTS = {
  SETTINGS_INVALID: 2,
  USAGE: 2,
  SITE_URL_MISSING: 2,
  NO_SOURCE_ANSWERED: 1,
  NO_ROUTE: 1,
  REFUSALS_HELD: 1,
  DATABASE_NEWER: 1,
  DATABASE_UNREADABLE: 1,
  TARGET_NOT_EMPTY: 1,
  STILL_SENDING: 1,
  COPY_DIFFERS: 1,
  ISSUE_UNKNOWN: 1,
  ISSUE_FINISHED: 1,
  DKIM_KEY_UNUSABLE: 2,
  PAPER_UNKNOWN: 1,
  SUBSCRIBER_UNKNOWN: 1,
  SUBSCRIBER_INVALID: 2,
  SUBSCRIBER_AWAY: 1,
  IMPORT_EMPTY: 1,
  FILE_UNREADABLE: 1,
  RETURNS_NOT_TAKEN: 1,
  TEMPLATE_BROKEN: 1,
  MJML_ENDED: 1,
  MAIL_REFUSED: 1,
  PORT_TAKEN: 1,
  BOOKS_UNBALANCED: 3,
} as const;

export type FaultCode = keyof typeof FAULTS;
