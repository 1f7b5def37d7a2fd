import { createHmac } from 'node:crypto';
import type { FailureClass } from '../../domain/delivery.ts';
import { failureClass } from '../../domain/failure-class.ts';
import { HOUR, SECOND } from '../../domain/time.ts';
import { numberAt, textAt } from './fields.ts';
import { isRecent, isSame, type Provider, type ProviderEvent } from './provider.ts';

const WINDOW = 12 * HOUR;

/**
 * Mailgun signs a timestamp and a token with the signing key, and not the body: a token counts once.
 * documentation.mailgun.com, "Securing webhooks". 406 tells it not to try again.
 */
export const mailgun: Provider = {
  refusal: 406,
  isProven: ({ json, now }, secrets) => {
    const [timestamp, token, given] = ['timestamp', 'token', 'signature'].map((name) =>
      textAt(json, 'signature', name),
    );
    if (!token || !given || !isRecent(Number(timestamp) * SECOND, now, WINDOW)) return false;
    const mac = (key: string) => createHmac('sha256', key).update(`${timestamp}${token}`).digest('hex');
    return secrets.filter((key) => isSame(given, mac(key))).length > 0;
  },
  events: ({ json }) => {
    const of = (...path: string[]) => textAt(json, 'event-data', ...path);
    const meaning = meaningOf(json);
    if (meaning === undefined) return [];
    const id = of('message', 'headers', 'message-id');
    const at = numberAt(json, 'event-data', 'timestamp');
    return [
      {
        key: textAt(json, 'signature', 'token'),
        ...meaning,
        echoes: [of('envelope', 'sender'), id],
        address: of('recipient'),
        acceptedAs: id,
        detail: of('delivery-status', 'message') || of('delivery-status', 'description') || of('reason'),
        ...(at !== undefined && { at: at * SECOND }),
      },
    ];
  },
};

type Meaning = Pick<ProviderEvent, 'kind' | 'class' | 'status' | 'code'>;

function meaningOf(json: unknown): Meaning | undefined {
  const event = textAt(json, 'event-data', 'event');
  if (event === 'complained') return { kind: 'complaint' };
  if (event === 'unsubscribed') return { kind: 'unsubscribe' };
  if (event === 'delivered') return { kind: 'delivered' };
  if (event !== 'failed') return undefined;
  if (textAt(json, 'event-data', 'severity') === 'temporary') return { kind: 'delayed' };
  const reason = textAt(json, 'event-data', 'reason');
  if (reason === 'suppress-complaint') return { kind: 'complaint' };
  if (reason === 'suppress-unsubscribe') return { kind: 'unsubscribe' };
  const status = textAt(json, 'event-data', 'delivery-status', 'enhanced-code');
  const code = numberAt(json, 'event-data', 'delivery-status', 'code');
  return {
    kind: 'bounce',
    class: reason === 'suppress-bounce' ? 'hard' : permanentClass(code, status),
    status,
    ...(code !== undefined && { code }),
  };
}

/** Mailgun says that it is permanent: what no code explains is a dead address. */
function permanentClass(code: number | undefined, status: string): FailureClass {
  const type = failureClass(code, status || undefined);
  return type === 'refused' ? 'hard' : type;
}
