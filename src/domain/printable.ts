/**
 * Characters that do something to a terminal, or hide in it: controls (with ESC and the C1 set), marks that turn the
 * direction of writing, and all that takes no room. Lines, tabs and the choice between text and emoji are left.
 */
const UNPRINTABLE =
  /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\n\t\ufe0e\ufe0f]]/gv;

/**
 * A text that a terminal only shows, whoever wrote it: what it would act on is written as `\u001b`. JSON stays the same
 * value.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

/** The same in one line. */
export function printableLine(text: string): string {
  return printable(text.replace(/[\n\t]+/g, ' '));
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
