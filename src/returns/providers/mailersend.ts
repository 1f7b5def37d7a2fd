import { createHmac } from 'node:crypto';
import { momentAt, textAt } from './fields.ts';
import { isSame, type Provider, type ProviderEvent } from './provider.ts';

const MEANINGS: Readonly<Record<string, Pick<ProviderEvent, 'kind' | 'class'>>> = {
  'activity.hard_bounced': { kind: 'bounce', class: 'hard' },
  'activity.soft_bounced': { kind: 'bounce', class: 'soft' },
  'activity.spam_complaint': { kind: 'complaint' },
  'activity.unsubscribed': { kind: 'unsubscribe' },
  'activity.delivered': { kind: 'delivered' },
  'activity.deferred': { kind: 'delayed' },
};

/** MailerSend signs the raw body; developers.mailersend.com, "Verifying webhooks". */
export const mailersend: Provider = {
  refusal: 401,
  isProven: ({ header, body }, secrets) => {
    const given = header('signature').toLowerCase();
    if (given === '') return false;
    return (
      secrets.filter((key) => isSame(given, createHmac('sha256', key).update(body).digest('hex'))).length > 0
    );
  },
  events: ({ json }) => {
    const type = textAt(json, 'type');
    const meaning = Object.hasOwn(MEANINGS, type) ? MEANINGS[type] : undefined;
    const key = textAt(json, 'data', 'id');
    if (meaning === undefined || key === '') return [];
    const at = momentAt(json, 'created_at');
    return [
      {
        key,
        ...meaning,
        echoes: [],
        address: textAt(json, 'data', 'email', 'recipient', 'email'),
        acceptedAs: textAt(json, 'data', 'email', 'message', 'id'),
        detail: textAt(json, 'data', 'morph', 'reason') || textAt(json, 'data', 'morph', 'readable_reason'),
        ...(at !== undefined && { at }),
      },
    ];
  },
};
