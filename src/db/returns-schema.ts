import type { Generated } from 'kysely';
import type { FailureClass } from '../domain/delivery.ts';
import type { ReturnEffect, ReturnKind } from '../domain/return.ts';
import type { Instant } from '../domain/time.ts';

/** The tables of what comes back. */
export type ReturnTables = {
  /** What came back, one row an event. */
  returns: {
    id: Generated<number>;
    /** With `key` unique. */
    source: string;
    key: string;
    kind: ReturnKind;
    class: FailureClass | '';
    status: string;
    /** 0 for none. */
    code: number;
    /** Which mail of ours it is about; empty where none is. */
    tag_table: 'deliveries' | 'notices' | '';
    issue_id: number;
    /** The subscriber, or the notice. */
    ref_id: number;
    effect: ReturnEffect;
    /** Somebody else's words, never a mail's body. */
    detail: string;
    /** What its source says. */
    happened_at: Instant;
    taken_at: Instant;
  };
  /** Up to which mail each mailbox folder was read; UIDs mean nothing under another `uid_validity`. */
  mailbox_marks: { folder: string; uid_validity: number; uid: number };
};
