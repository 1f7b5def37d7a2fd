import type { Words, WordValue } from './language.ts';

/**
 * Why a paper was picked: a text of the language files, `reason.KEY`, and its values. Issues that were frozen before
 * there was this hold finished English text.
 */
export type Reason = string | { readonly key: string; readonly values: Readonly<Record<string, WordValue>> };

/** The reasons in a language. They may hold words of a source: check them before they are shown. */
export function reasonsInWords(reasons: readonly Reason[], { say }: Words): string[] {
  return reasons.map((reason) =>
    typeof reason === 'string' ? reason : say(`reason.${reason.key}`, reason.values),
  );
}
