import { MOST_AUTHORS } from './entry-limits.ts';
import { htmlToText } from './html.ts';
import { familyFirstNames } from './names.ts';
import {
  INITIALS,
  isDegree,
  isEastAsian,
  NAME_SUFFIX,
  shownName,
  spokenName,
  withoutTrappings,
} from './person-name.ts';

const SEMICOLON = /[;；]|\s[|•]\s/;
const COMMA = /[,，、]\s*(?:and\s+|&\s+|und\s+|et\s+)?|\s+(?:and|&|und|et)\s+/;
const LIST_ELEMENT = /<\/?(?:\w+:)?(?:li|br|p|div|name|seq|bag)\b[^<>]*>/gi;
/** In characters: 6,000 names take 80,000. */
const LONGEST = 200_000;
/** One more than are kept, so that it can be told when there are more. */
const MOST = MOST_AUTHORS + 1;

/**
 * The names that the elements of a feed's item hold, each written "Given Family" where it can be told which is which.
 * An element may hold one name, `Family, Given`, or a whole list with any of the usual separators; addresses of mail
 * and `et al.` are left out.
 * @param elements as they stand in the feed; mark-up and entities may be in them
 */
export function feedNames(elements: readonly string[]): string[] {
  const lists = elements.slice(0, MOST).flatMap(plainLists).slice(0, MOST);
  const isFamilyFirst = lists.length > 1 && areFamilyFirst(lists.map(partsOf));
  return lists
    .flatMap((list) => namesIn(list, isFamilyFirst))
    .slice(0, MOST)
    .map(shownName)
    .filter((name) => name !== '');
}

/** The names in one list; `undefined` unless all of it can be read as names of persons. */
export function namesOfPersons(text: string): string[] | undefined {
  const names = feedNames([text]);
  return names.length > 0 && names.every(isPersonLike) ? names : undefined;
}

function isPersonLike(name: string): boolean {
  if (isEastAsian(name)) return name.replace(/\s/g, '').length <= 6;
  const words = name.split(' ');
  const isName = (word: string) => /^\p{Lu}[\p{L}\p{M}.'’-]*,?$/u.test(word);
  const isParticle = (word: string) => /^(?:[dv]['’]|\p{Ll}{1,4}$|[IVJS][IVr]*\.?$)/u.test(word);
  return (
    words.length >= 2 &&
    words.length <= 6 &&
    words.every((word) => isName(word) || isParticle(word)) &&
    words.filter(isName).length >= 2
  );
}

/** The lists in an element: one, unless its lines or elements are the separators. */
function plainLists(element: string): string[] {
  const marked = element.slice(0, LONGEST).replace(LIST_ELEMENT, '\n');
  const lines = htmlToText(marked)
    .split(/[\r\n]+/)
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
  const isByLine = marked !== element || !lines.some((line) => SEMICOLON.test(line) || COMMA.test(line));
  const areNames = lines.every((line) => line.includes(' ') || isEastAsian(line));
  const lists = lines.length > 1 && isByLine && areNames ? lines : [lines.join(' ')];
  return lists
    .slice(0, MOST)
    .map(withoutTrappings)
    .filter((list) => list !== '');
}

/** Between commas, suffixes where they belong and without degrees. */
function partsOf(list: string): string[] {
  const parts: string[] = [];
  for (const part of list.split(COMMA, MOST).map((each) => each.trim())) {
    if (part === '' || isDegree(part)) continue;
    const before = NAME_SUFFIX.test(part) ? parts.pop() : undefined;
    parts.push(before === undefined ? part : `${before}, ${part}`);
  }
  return parts;
}

/** Of several elements: whether those with a comma are `Family, Given`. */
function areFamilyFirst(elements: readonly string[][]): boolean {
  const withComma = elements.filter((parts) => parts.length > 1);
  const isPair = withComma.every((parts) => parts.length === 2 && !parts.some(isEastAsian));
  const isPlain = withComma.some(([family = '']) => !family.includes(' '));
  return withComma.length > 0 && isPair && (isPlain || withComma.length === elements.length);
}

function namesIn(list: string, isFamilyFirst: boolean): string[] {
  if (SEMICOLON.test(list)) {
    const parts = list.split(SEMICOLON, MOST).map(withoutTrappings);
    const firsts = areFamilyFirst(parts.filter((part) => part !== '').map(partsOf));
    return parts.flatMap((part) => commaNames(part, firsts));
  }
  return commaNames(list, isFamilyFirst);
}

function commaNames(list: string, isFamilyFirst: boolean): string[] {
  const parts = partsOf(list);
  const [first = '', second = ''] = parts;
  if (parts.length < 2) return parts;
  if (parts.every(isEastAsian)) return parts;
  if (parts.length === 2 && isFamilyFirst) return [spokenName(first, second)];
  if (parts.some((part) => INITIALS.test(part))) return familyFirstNames(parts.join(', '));
  if (parts.length === 2) {
    return /,/.test(list) && isOnePerson(first, second) ? [spokenName(first, second)] : parts;
  }
  if (arePairs(parts)) return pairsOf(parts);
  const [, , ...others] = parts;
  const isMla = !hasSpace(first) && !hasSpace(second) && others.every(hasSpace) && /\band\b|&/.test(list);
  return isMla ? [spokenName(first, second), ...others] : parts;
}

function hasSpace(text: string): boolean {
  return text.includes(' ');
}

/** `Family, Given`, and not two persons. */
function isOnePerson(first: string, second: string): boolean {
  if (!hasSpace(first) || !hasSpace(second)) return true;
  return /[\s.]\p{Lu}\.?$/u.test(second) && !/^\p{Lu}\.?\s|\s\p{Lu}{1,3}\.?$/u.test(first);
}

/** `Family, Given, Family, Given`. */
function arePairs(parts: readonly string[]): boolean {
  return parts.length % 2 === 0 && parts.every((part, index) => index % 2 === 1 || !hasSpace(part));
}

function pairsOf(parts: readonly string[]): string[] {
  return parts.flatMap((part, index) => (index % 2 === 0 ? [spokenName(part, parts[index + 1] ?? '')] : []));
}
