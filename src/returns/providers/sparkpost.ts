import type { FailureClass } from '../../domain/delivery.ts';
import { SECOND } from '../../domain/time.ts';
import { at, numberAt, textAt } from './fields.ts';
import { hasCredentials, listOf, type Provider, type ProviderEvent } from './provider.ts';

const EVENTS = ['message_event', 'unsubscribe_event', 'track_event', 'gen_event', 'relay_event'];
const HARD = new Set([10, 30]);
const SOFT = new Set([1, 20, 21, 22, 23, 24, 40, 70]);
const POLICY = new Set([25, 50, 51, 52, 53, 54]);
const UNSUBSCRIBE = 90;

/** SparkPost does not sign: it proves itself by a password or a token. An empty `msys` is how it tries an address. */
export const sparkpost: Provider = {
  refusal: 401,
  isProven: hasCredentials,
  events: ({ json }) =>
    listOf(json).flatMap((one) => EVENTS.flatMap((name) => eventOf(at(one, 'msys', name)))),
};

function eventOf(json: unknown): ProviderEvent[] {
  const of = (name: string) => textAt(json, name);
  const meaning = meaningOf(json);
  const key = of('event_id');
  if (meaning === undefined || key === '') return [];
  const when = numberAt(json, 'timestamp');
  const code = numberAt(json, 'error_code');
  return [
    {
      key,
      ...meaning,
      echoes: [textAt(json, 'rcpt_meta', 'offprint')],
      address: of('rcpt_to'),
      acceptedAs: of('message_id'),
      detail: of('raw_reason') || of('reason'),
      ...(code !== undefined && { code }),
      ...(when !== undefined && { at: when * SECOND }),
    },
  ];
}

function meaningOf(json: unknown): Pick<ProviderEvent, 'kind' | 'class'> | undefined {
  switch (textAt(json, 'type')) {
    case 'bounce':
    case 'out_of_band':
    case 'policy_rejection':
      return bounceOf(numberAt(json, 'bounce_class') ?? 0);
    case 'delay':
      return { kind: 'delayed' };
    case 'delivery':
      return { kind: 'delivered' };
    case 'spam_complaint':
      return { kind: 'complaint' };
    case 'list_unsubscribe':
    case 'link_unsubscribe':
      return { kind: 'unsubscribe' };
    default:
      return undefined;
  }
}

/** developers.sparkpost.com, "Bounce classification codes". */
function bounceOf(bounceClass: number): Pick<ProviderEvent, 'kind' | 'class'> | undefined {
  if (bounceClass === UNSUBSCRIBE) return { kind: 'unsubscribe' };
  const is = (type: FailureClass) => ({ kind: 'bounce', class: type }) as const;
  if (HARD.has(bounceClass)) return is('hard');
  if (SOFT.has(bounceClass)) return is('soft');
  return POLICY.has(bounceClass) ? is('policy') : undefined;
}
