import { withoutAccents } from './terms.ts';

/** An author by what papers and subscribers both write of them. */
export type PersonName = {
  readonly family: string;
  /** First given name or initial; empty when none is known. */
  readonly given: string;
};

const SUFFIX = /^(?:jr|sr|ii|iii|iv)$/;

/** Reads `Ada Lovelace`, `A. Lovelace`, `Lovelace, Ada` and `Lovelace`; undefined when no letter is in it. */
export function personName(text: string): PersonName | undefined {
  const [before = '', after] = withoutAccents(text).split(',', 2);
  const first = partsOf(before);
  const given = after === undefined ? first.slice(0, -1) : partsOf(after);
  const family = first.at(-1);
  return family === undefined ? undefined : { family, given: given[0] ?? '' };
}

/** The family name, also of `Lovelace A` and `LOVELACE AB`, as medical indexes write it; undefined when there is none. */
export function familyName(text: string): string | undefined {
  const [, family = text] = /^([^,]*\p{L}{2}[^,]*)\s\p{Lu}{1,2}$/u.exec(text.trim()) ?? [];
  return personName(family)?.family;
}

/** Whether both may be one person: the family name is the same, and given names are, or one is the other's initial. */
export function isSamePerson(one: PersonName, other: PersonName): boolean {
  if (one.family !== other.family) return false;
  if (one.given.length > 1 && other.given.length > 1) return one.given === other.given;
  return one.given === '' || other.given === '' || one.given[0] === other.given[0];
}

function partsOf(text: string): string[] {
  return text.split(/[\s.]+/).flatMap((part) => {
    const letters = part.replace(/[^\p{L}\p{N}]/gu, '');
    return letters === '' || SUFFIX.test(letters) ? [] : [letters];
  });
}
