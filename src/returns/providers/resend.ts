import { headerIn, listAt, momentAt, textAt } from './fields.ts';
import { isStandardWebhook, type Provider, type ProviderEvent } from './provider.ts';

/** Resend signs as Svix does; resend.com/docs, "Verify webhooks". */
export const resend: Provider = {
  refusal: 401,
  isProven: (request, secrets) => isStandardWebhook(request, secrets, 'svix'),
  events: ({ json, header }) => {
    const meaning = meaningOf(json);
    if (meaning === undefined) return [];
    const to = listAt(json, 'data', 'to');
    const at = momentAt(json, 'created_at');
    return [
      {
        key: header('svix-id'),
        ...meaning,
        echoes: [headerIn(listAt(json, 'data', 'headers'), 'message-id'), textAt(json, 'data', 'message_id')],
        // A mail of ours goes to one person.
        address: to.length === 1 && typeof to[0] === 'string' ? to[0] : textAt(json, 'data', 'to'),
        acceptedAs: textAt(json, 'data', 'email_id'),
        detail: textAt(json, 'data', 'bounce', 'message') || textAt(json, 'data', 'suppressed', 'message'),
        ...(at !== undefined && { at }),
      },
    ];
  },
};

function meaningOf(json: unknown): Pick<ProviderEvent, 'kind' | 'class'> | undefined {
  switch (textAt(json, 'type')) {
    case 'email.bounced':
      return {
        kind: 'bounce',
        class: textAt(json, 'data', 'bounce', 'type') === 'Permanent' ? 'hard' : 'soft',
      };
    case 'email.suppressed':
      return { kind: 'bounce', class: 'hard' };
    case 'email.complained':
      return { kind: 'complaint' };
    case 'email.delivered':
      return { kind: 'delivered' };
    case 'email.delivery_delayed':
      return { kind: 'delayed' };
    default:
      return undefined;
  }
}
