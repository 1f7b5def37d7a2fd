import { replyShape } from '../domain/reply.ts';
import { HOUR, type Instant } from '../domain/time.ts';
import type { Due } from './queue-types.ts';

/**
 * Tells a relay's mistake from dead addresses. A relay that lost our log-in, or whose provider blocked us, refuses every
 * subscriber, each as if that subscriber's address were at fault; dead addresses at several domains are refused in several ways,
 * and others are accepted between them.
 */
export type Doubt = {
  /** The relay accepted a mail, so its refusals are about the subscriber. */
  accepted(now: Instant): void;
  /** Forgets the refusals so far. */
  forget(): void;
  /**
   * The relay refused a mail for good.
   * @returns whether to doubt it, and earlier mails whose refusals are in doubt as well
   */
  refused(
    work: Due,
    reply: string,
    now: Instant,
  ): { readonly doubted: boolean; readonly before: readonly Due[] };
};

/** The same reply for this many domains is in doubt, */
const DOMAINS = 3;
/** and, from a relay that accepted something recently, for this many mails. */
const MAILS = 10;
/** How long an acceptance proves that a relay accepts our mail. */
const JUST = HOUR;

export function createDoubt(): Doubt {
  let acceptedAt = Number.NEGATIVE_INFINITY;
  let doubted: string | undefined;
  let streak: { readonly shape: string; readonly works: Due[] } = { shape: '', works: [] };
  const forget = () => {
    doubted = undefined;
    streak = { shape: '', works: [] };
  };
  return {
    accepted: (now) => {
      acceptedAt = now;
      forget();
    },
    forget,
    refused: (work, reply, now) => {
      const shape = replyShape(reply);
      if (shape === doubted) return { doubted: true, before: [] };
      if (shape !== streak.shape) streak = { shape, works: [] };
      const before = [...streak.works];
      streak.works.push(work);
      const domains = new Set(streak.works.map(({ domain }) => domain)).size;
      const needed = now - acceptedAt < JUST ? MAILS : DOMAINS;
      if (domains < DOMAINS || streak.works.length < needed) return { doubted: false, before: [] };
      doubted = shape;
      streak = { shape: '', works: [] };
      return { doubted: true, before };
    },
  };
}
