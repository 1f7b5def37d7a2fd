import { createPublicKey, verify } from 'node:crypto';
import { failureClass } from '../../domain/failure-class.ts';
import { HOUR, SECOND } from '../../domain/time.ts';
import { numberAt, textAt } from './fields.ts';
import { type HookRequest, isRecent, listOf, type Provider, type ProviderEvent } from './provider.ts';

const WINDOW = 26 * HOUR;
const SIGNATURE = 'x-twilio-email-event-webhook-signature';
const TIMESTAMP = 'x-twilio-email-event-webhook-timestamp';

/** SendGrid signs the timestamp and the raw body with ECDSA; docs.sendgrid.com, "Event Webhook security features". */
export const sendgrid: Provider = {
  refusal: 401,
  isProven: (request, secrets) =>
    isRecent(Number(request.header(TIMESTAMP)) * SECOND, request.now, WINDOW) &&
    secrets.some((key) => isSignedBy(key, request)),
  events: ({ json }) => listOf(json).flatMap(eventOf),
};

function isSignedBy(publicKey: string, { header, body }: HookRequest): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    const signed = Buffer.concat([Buffer.from(header(TIMESTAMP)), body]);
    return verify('sha256', signed, key, Buffer.from(header(SIGNATURE), 'base64'));
  } catch {
    return false;
  }
}

function eventOf(json: unknown): ProviderEvent[] {
  const of = (name: string) => textAt(json, name);
  const meaning = meaningOf(json);
  const key = of('sg_event_id');
  if (meaning === undefined || key === '') return [];
  const at = numberAt(json, 'timestamp');
  return [
    {
      key,
      ...meaning,
      echoes: [of('offprint'), of('smtp-id')],
      address: of('email'),
      acceptedAs: of('sg_message_id').split('.')[0] ?? '',
      detail: of('reason') || of('response'),
      ...(at !== undefined && { at: at * SECOND }),
    },
  ];
}

type Meaning = Pick<ProviderEvent, 'kind' | 'class' | 'status' | 'code'>;

function meaningOf(json: unknown): Meaning | undefined {
  switch (textAt(json, 'event')) {
    case 'bounce':
      return bounceOf(json);
    case 'blocked':
      return { kind: 'bounce', class: 'policy' };
    case 'dropped':
      return droppedOf(textAt(json, 'reason').toLowerCase());
    case 'spamreport':
      return { kind: 'complaint' };
    case 'unsubscribe':
    case 'group_unsubscribe':
      return { kind: 'unsubscribe' };
    case 'delivered':
      return { kind: 'delivered' };
    case 'deferred':
      return { kind: 'delayed' };
    default:
      return undefined;
  }
}

function bounceOf(json: unknown): Meaning {
  const status = textAt(json, 'status');
  const code = Number(/^\s*([45]\d\d)\b/.exec(textAt(json, 'reason'))?.[1] ?? Number.NaN);
  const codes = { status, ...(Number.isFinite(code) && { code }) };
  const why = textAt(json, 'bounce_classification').toLowerCase();
  const byCode = failureClass(codes.code, status || undefined);
  if (textAt(json, 'type') === 'blocked') return { kind: 'bounce', class: 'policy', ...codes };
  if (/^(reputation|content|frequency)/.test(why)) return { kind: 'bounce', class: 'policy', ...codes };
  if (why === 'technical failure') return { kind: 'bounce', class: 'soft', ...codes };
  const isDead = why === 'invalid address' || (why === 'mailbox unavailable' && byCode === 'refused');
  return { kind: 'bounce', class: isDead ? 'hard' : byCode, ...codes };
}

/** What SendGrid did not even try to send. */
function droppedOf(reason: string): Meaning | undefined {
  if (reason.startsWith('bounced address') || reason.startsWith('invalid'))
    return { kind: 'bounce', class: 'hard' };
  if (reason.startsWith('spam reporting')) return { kind: 'complaint' };
  if (reason.startsWith('unsubscribed')) return { kind: 'unsubscribe' };
  return undefined;
}
