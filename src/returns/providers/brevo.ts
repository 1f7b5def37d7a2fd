import { SECOND } from '../../domain/time.ts';
import { digestOf, numberAt, textAt } from './fields.ts';
import { hasCredentials, listOf, type Provider, type ProviderEvent } from './provider.ts';

const MEANINGS: Readonly<Record<string, Pick<ProviderEvent, 'kind' | 'class'>>> = {
  hard_bounce: { kind: 'bounce', class: 'hard' },
  invalid_email: { kind: 'bounce', class: 'hard' },
  soft_bounce: { kind: 'bounce', class: 'soft' },
  blocked: { kind: 'bounce', class: 'policy' },
  deferred: { kind: 'delayed' },
  delivered: { kind: 'delivered' },
  spam: { kind: 'complaint' },
  complaint: { kind: 'complaint' },
  unsubscribe: { kind: 'unsubscribe' },
  unsubscribed: { kind: 'unsubscribe' },
};

/** Brevo does not sign: it sends a token, or a user and a password; developers.brevo.com, "Secure webhooks". */
export const brevo: Provider = {
  refusal: 401,
  isProven: hasCredentials,
  events: ({ json }) => listOf(json).flatMap(eventOf),
};

function eventOf(json: unknown): ProviderEvent[] {
  const of = (name: string) => textAt(json, name);
  const event = of('event');
  const meaning = Object.hasOwn(MEANINGS, event) ? MEANINGS[event] : undefined;
  if (meaning === undefined) return [];
  const at = numberAt(json, 'ts_event');
  return [
    {
      key: digestOf(event, of('message-id'), of('email'), of('ts_event')),
      ...meaning,
      echoes: [of('X-Mailin-custom'), of('message-id')],
      address: of('email'),
      acceptedAs: of('message-id').replace(/[<>]/g, ''),
      detail: of('reason'),
      ...(at !== undefined && { at: at * SECOND }),
    },
  ];
}
