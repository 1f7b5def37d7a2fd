import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FailureClass } from '../../domain/delivery.ts';
import type { ReportProvider } from '../../domain/report-provider.ts';
import type { Return, ReturnKind, ReturnSubject } from '../../domain/return.ts';
import { type Instant, MINUTE } from '../../domain/time.ts';
import { findTag } from '../../domain/verp.ts';

/** A request as it came: what proves it is over its raw bytes. */
export type HookRequest = {
  readonly header: (name: string) => string;
  readonly body: Buffer;
  /** The body as JSON; `undefined` for what is none. */
  readonly json: unknown;
  readonly now: Instant;
};

/** An event as a provider tells it. */
export type ProviderEvent = {
  /** Names it for ever. */
  readonly key: string;
  readonly kind: ReturnKind;
  readonly class?: FailureClass;
  readonly status?: string;
  readonly code?: number;
  /** Texts of ours that it echoes and that may hold the tag. */
  readonly echoes: readonly string[];
  readonly address?: string;
  /** The provider's own id of the mail, as in its reply when it took it. */
  readonly acceptedAs?: string;
  readonly detail?: string;
  readonly at?: Instant;
};

/** One kind of webhook. */
export type Provider = {
  /** What a request is answered whose proof is bad, so that this provider does what is right. */
  readonly refusal: 401 | 403 | 406;
  /** Whether one of the secrets proves the request, in constant time; `undefined` when that cannot be told now. */
  readonly isProven: (
    request: HookRequest,
    secrets: readonly string[],
  ) => boolean | Promise<boolean | undefined>;
  /** The events of a proven request; those that mean nothing to us are left out. */
  readonly events: (request: HookRequest) => readonly ProviderEvent[];
};

/** As our ledger takes it. */
export function returnOf(provider: ReportProvider, secrets: readonly string[], event: ProviderEvent): Return {
  const { key, kind, class: type, status = '', code, detail = '', at } = event;
  const about = subjectOf(secrets, event);
  return {
    source: provider,
    key: key.slice(0, 200),
    kind,
    ...(kind === 'bounce' && { class: type ?? 'refused' }),
    status: /^[245]\.\d{1,3}\.\d{1,3}$/.test(status) ? status : '',
    ...(code !== undefined && code >= 200 && code < 600 && { code }),
    ...(about && { about }),
    detail,
    ...(at !== undefined && Number.isFinite(at) && at > 0 && at < 8.64e15 && { happenedAt: at }),
  };
}

function subjectOf(
  secrets: readonly string[],
  { echoes, address, acceptedAs }: ProviderEvent,
): ReturnSubject | undefined {
  const mail = findTag(secrets, echoes.join(' '));
  if (mail) return { mail };
  return address && acceptedAs ? { address, acceptedAs } : undefined;
}

/** Compares without telling by the time how much was right. */
export function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** HTTP's own authentication: `USER:PASSWORD` as Basic, or all of it as a Bearer token. */
export function hasCredentials({ header }: HookRequest, secrets: readonly string[]): boolean {
  const [, scheme = '', given = ''] = /^(basic|bearer) +([\w+/=.~:-]+)$/i.exec(header('authorization')) ?? [];
  if (given === '') return false;
  const sent = scheme.toLowerCase() === 'basic' ? Buffer.from(given, 'base64').toString('utf8') : given;
  return secrets.filter((secret) => isSame(sent, secret)).length > 0;
}

/** How far its time may be from now. */
const SIGNATURE_LIFE = 5 * MINUTE;

/** Standard Webhooks, as Svix began it: HMAC-SHA256 over id, time and body, of which several may be given. */
export function isStandardWebhook(
  { header, body, now }: HookRequest,
  secrets: readonly string[],
  prefix: 'svix' | 'webhook',
): boolean {
  const id = header(`${prefix}-id`);
  const time = header(`${prefix}-timestamp`);
  if (id === '' || !isRecent(Number(time) * 1000, now, SIGNATURE_LIFE)) return false;
  const given = header(`${prefix}-signature`).split(' ').slice(0, 10);
  return secrets.some((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const mac = createHmac('sha256', key).update(`${id}.${time}.`).update(body).digest('base64');
    return given.filter((one) => isSame(one, `v1,${mac}`)).length > 0;
  });
}

/** @param at may be no number */
export function isRecent(at: number, now: Instant, tolerance: number): boolean {
  return Number.isFinite(at) && Math.abs(now - at) <= tolerance;
}

/** A list as it is, one thing as a list. */
export function listOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [json];
}
