import type { FailureClass } from '../../domain/delivery.ts';
import { HOUR } from '../../domain/time.ts';
import { headerIn, listAt, momentAt, textAt } from './fields.ts';
import { isRecent, isSame, type Provider, type ProviderEvent } from './provider.ts';
import { type Certificates, isSignedBySns } from './sns.ts';

const WINDOW = 48 * HOUR;

/**
 * Amazon SES by SNS, both as notifications of an identity and as events of a configuration set. Only messages of a topic
 * that the settings name are looked at, before anything is fetched to prove them.
 */
export function createSes(certificates: Certificates): Provider {
  return {
    refusal: 403,
    isProven: async ({ json, now }, topics) => {
      const topic = textAt(json, 'TopicArn');
      if (topics.filter((known) => isSame(topic, known)).length === 0) return false;
      if (!isRecent(Date.parse(textAt(json, 'Timestamp')), now, WINDOW)) return false;
      return isSignedBySns(json, certificates, now).catch(() => undefined);
    },
    events: ({ json }) => {
      if (textAt(json, 'Type') !== 'Notification') return [];
      return eventsIn(parsed((json as { Message?: unknown }).Message), textAt(json, 'MessageId'));
    },
  };
}

function parsed(message: unknown): unknown {
  try {
    return typeof message === 'string' ? JSON.parse(message) : undefined;
  } catch {
    return undefined;
  }
}

type Meaning = Pick<ProviderEvent, 'kind' | 'class' | 'status' | 'detail'> & { readonly address: string };

function eventsIn(message: unknown, key: string): ProviderEvent[] {
  const of = (...path: string[]) => textAt(message, 'mail', ...path);
  const id = of('messageId');
  const at = momentAt(message, 'mail', 'timestamp');
  return meaningsOf(message).map((meaning, index) => ({
    key: index === 0 ? key : `${key}.${index}`,
    ...meaning,
    echoes: [
      of('source'),
      headerIn(listAt(message, 'mail', 'headers'), 'message-id'),
      of('commonHeaders', 'messageId'),
    ],
    acceptedAs: id,
    ...(at !== undefined && { at }),
  }));
}

function meaningsOf(message: unknown): Meaning[] {
  switch (textAt(message, 'eventType') || textAt(message, 'notificationType')) {
    case 'Bounce':
      return listAt(message, 'bounce', 'bouncedRecipients').map((one) => bounceOf(message, one));
    case 'Complaint':
      return listAt(message, 'complaint', 'complainedRecipients').map((one) => ({
        kind: textAt(message, 'complaint', 'complaintFeedbackType') === 'not-spam' ? 'feedback' : 'complaint',
        address: textAt(one, 'emailAddress'),
        detail: textAt(message, 'complaint', 'complaintFeedbackType'),
      }));
    case 'Delivery':
      return listAt(message, 'delivery', 'recipients').map((address) => ({
        kind: 'delivered',
        address: typeof address === 'string' ? address : '',
      }));
    case 'DeliveryDelay':
      return [{ kind: 'delayed', address: '' }];
    default:
      return [];
  }
}

function bounceOf(message: unknown, recipient: unknown): Meaning {
  const status = textAt(recipient, 'status');
  return {
    kind: 'bounce',
    class: classOf(
      textAt(message, 'bounce', 'bounceType'),
      textAt(message, 'bounce', 'bounceSubType'),
      status,
    ),
    status,
    address: textAt(recipient, 'emailAddress'),
    detail: textAt(recipient, 'diagnosticCode'),
  };
}

const DEAD = new Set(['General', 'NoEmail', 'Suppressed', 'OnAccountSuppressionList']);

function classOf(type: string, subType: string, status: string): FailureClass {
  if (type !== 'Permanent') return 'soft';
  if (status.startsWith('5.7.')) return 'policy';
  return DEAD.has(subType) ? 'hard' : 'soft';
}
