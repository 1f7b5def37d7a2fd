import type { FailureClass } from '../../domain/delivery.ts';
import { failureClass } from '../../domain/failure-class.ts';
import { SECOND } from '../../domain/time.ts';
import { at, digestOf, numberAt, textAt } from './fields.ts';
import { hasCredentials, listOf, type Provider, type ProviderEvent } from './provider.ts';

/** Mailjet does not sign: it proves itself by a password in its address. It sends one event, or a list of them. */
export const mailjet: Provider = {
  refusal: 401,
  isProven: hasCredentials,
  events: ({ json }) => listOf(json).flatMap(eventOf),
};

function eventOf(json: unknown): ProviderEvent[] {
  const of = (name: string) => textAt(json, name);
  const meaning = meaningOf(json);
  if (meaning === undefined) return [];
  const when = numberAt(json, 'time');
  return [
    {
      key: digestOf(of('event'), of('Message_GUID') || of('MessageID'), of('time')),
      ...meaning,
      echoes: [of('CustomID')],
      address: of('email'),
      acceptedAs: of('Message_GUID') || of('MessageID'),
      detail: of('comment') || of('error'),
      ...(when !== undefined && { at: when * SECOND }),
    },
  ];
}

function meaningOf(json: unknown): Pick<ProviderEvent, 'kind' | 'class' | 'status' | 'code'> | undefined {
  switch (textAt(json, 'event')) {
    case 'bounce':
      return bounceOf(json);
    case 'blocked':
      return { kind: 'bounce', class: 'policy' };
    case 'spam':
      return { kind: 'complaint' };
    case 'unsub':
      return { kind: 'unsubscribe' };
    case 'sent':
      return { kind: 'delivered' };
    default:
      return undefined;
  }
}

function bounceOf(json: unknown): Pick<ProviderEvent, 'kind' | 'class' | 'status' | 'code'> {
  const [, reply, enhanced] =
    /\b([45]\d\d)(?:[ -]+([45]\.\d{1,3}\.\d{1,3}))?\b/.exec(textAt(json, 'comment')) ?? [];
  const codes = { ...(enhanced && { status: enhanced }), ...(reply && { code: Number(reply) }) };
  if (at(json, 'hard_bounce') === true) return { kind: 'bounce', class: 'hard', ...codes };
  return {
    kind: 'bounce',
    class: reply ? failureClass(Number(reply), enhanced) : relatedClass(json),
    ...codes,
  };
}

function relatedClass(json: unknown): FailureClass {
  return /^(content|policy|spam|mailjet)$/.test(textAt(json, 'error_related_to')) ? 'policy' : 'soft';
}
