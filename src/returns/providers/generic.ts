import type { FailureClass } from '../../domain/delivery.ts';
import { RETURN_KINDS } from '../../domain/return.ts';
import { momentAt, numberAt, textAt } from './fields.ts';
import { isStandardWebhook, listOf, type Provider, type ProviderEvent } from './provider.ts';

const CLASSES: readonly FailureClass[] = ['hard', 'soft', 'refused', 'policy'];

/** Any program: `{tag, kind, class?, status?, code?, at?, detail?}`, or a list of them, signed by Standard Webhooks. */
export const generic: Provider = {
  refusal: 401,
  isProven: (request, secrets) => isStandardWebhook(request, secrets, 'webhook'),
  events: ({ json, header }) => {
    const list = listOf(json);
    const id = header('webhook-id');
    return list.flatMap((one, index) => eventOf(one, list.length === 1 ? id : `${id}.${index}`));
  },
};

function eventOf(json: unknown, key: string): ProviderEvent[] {
  const kind = RETURN_KINDS.find((known) => known === textAt(json, 'kind'));
  if (kind === undefined) return [];
  const type = CLASSES.find((known) => known === textAt(json, 'class'));
  const code = numberAt(json, 'code');
  const at = momentAt(json, 'at') ?? numberAt(json, 'at');
  return [
    {
      key,
      kind,
      ...(type && { class: type }),
      status: textAt(json, 'status'),
      ...(code !== undefined && { code }),
      echoes: [textAt(json, 'tag')],
      detail: textAt(json, 'detail'),
      ...(at !== undefined && { at }),
    },
  ];
}
