import type { Words, WordValue } from './language.ts';

/**
 * Why a paper was picked: a text of the language files, `reason.KEY`, and its values. Issues that were frozen before
 * there was this hold finished English text.
 */
export type Reason = string | { readonly key: string; readonly values: Readonly<Record<string, WordValue>> };

/** The reason in a language, as plain text from a source: check what it holds before it is shown. */
export function reasonInWords(reason: Reason, { say }: Words): string {
  return typeof reason === 'string' ? reason : say(`reason.${reason.key}`, reason.values);
}
