import type { FailureClass } from '../../domain/delivery.ts';
import { at, digestOf, momentAt, textAt } from './fields.ts';
import { hasCredentials, type Provider, type ProviderEvent } from './provider.ts';

/** postmarkapp.com, "Bounce types": those that are not here say nothing of the address. */
const CLASSES: Readonly<Record<string, FailureClass>> = {
  HardBounce: 'hard',
  BadEmailAddress: 'hard',
  ManuallyDeactivated: 'hard',
  SoftBounce: 'soft',
  Transient: 'soft',
  DnsError: 'soft',
  Blocked: 'policy',
  DMARCPolicy: 'policy',
  SpamNotification: 'policy',
  VirusNotification: 'policy',
};

/** Postmark does not sign: it proves itself by a password in its address. A 403 would stop it for good. */
export const postmark: Provider = {
  refusal: 401,
  isProven: hasCredentials,
  events: ({ json }) => {
    const meaning = meaningOf(json);
    if (meaning === undefined) return [];
    const of = (name: string) => textAt(json, name);
    const when = momentAt(json, 'BouncedAt') ?? momentAt(json, 'ChangedAt') ?? momentAt(json, 'DeliveredAt');
    return [
      {
        key: `${of('RecordType')} ${of('ID') || digestOf(of('MessageID'), of('Recipient'), of('ChangedAt'), of('DeliveredAt'))}`,
        ...meaning,
        echoes: [textAt(json, 'Metadata', 'offprint')],
        address: of('Email') || of('Recipient'),
        acceptedAs: of('MessageID'),
        detail: of('Details') || of('Description'),
        ...(when !== undefined && { at: when }),
      },
    ];
  },
};

function meaningOf(json: unknown): Pick<ProviderEvent, 'kind' | 'class'> | undefined {
  switch (textAt(json, 'RecordType')) {
    case 'Bounce': {
      const type = textAt(json, 'Type');
      if (type === 'SpamComplaint') return { kind: 'complaint' };
      if (type === 'Unsubscribe') return { kind: 'unsubscribe' };
      const known = Object.hasOwn(CLASSES, type) ? CLASSES[type] : undefined;
      return known && { kind: 'bounce', class: known };
    }
    case 'SpamComplaint':
      return { kind: 'complaint' };
    case 'Delivery':
      return { kind: 'delivered' };
    case 'SubscriptionChange':
      return subscriptionOf(json);
    default:
      return undefined;
  }
}

/** Postmark suppresses by itself after a bounce, too, and tells of that apart. */
function subscriptionOf(json: unknown): Pick<ProviderEvent, 'kind'> | undefined {
  if (at(json, 'SuppressSending') !== true) return undefined;
  const reason = textAt(json, 'SuppressionReason');
  if (reason === 'HardBounce') return undefined;
  return { kind: reason === 'SpamComplaint' ? 'complaint' : 'unsubscribe' };
}
