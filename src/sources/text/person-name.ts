import { cleanName } from './clean-text.ts';

export const NAME_SUFFIX = /^(?:Jr|Sr|II|III|IV)\.?$/;
/** `A. B.`, `J.-P.`; without points one or two letters, since more may be a name in capitals. */
export const INITIALS = /^(?:(?:\p{Lu}\p{M}?\.[\s-]*){1,5}|\p{Lu}{1,2})$/u;

/** Of what a name may have; the patterns below search no further. */
const LONGEST = 300;
const MAIL = /[^\s@<>()[\]"',;]{1,64}@[^\s@<>()[\]"',;]{1,255}/g;
const MAIL_BEFORE_NAME = /^\s*(?:mailto:)?[^\s@]+@[^\s@]+\s+\((.*)\)\s*$/;
const NOTE = /\([^()]{0,300}\)/g;
const DEGREE =
  /^(?:Ph\.?\s?D|M\.?D|M\.?Sc|B\.?Sc|M\.?P\.?H|Dr\.?\s?rer\.?\s?nat|D\.?Phil|R\.?N|M\.?A|B\.?A|Esq|MBBS|FRCP|FACS)\.?$/;
const LABEL = /^\s*(?:by\s+|authors?(?:\(s\))?\s*[:：]|作者\s*[:：]|著者\s*[:：])\s*/i;
const OTHERS = /(?:^|[\s,;]{1,2})(?:et\.? al\b\.?|and others\b|等)[\s,;.]{0,3}$/i;
const EAST_ASIAN = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}·・\s]+$/u;

/** The text without what stands around names: addresses of mail, `By`, `Authors:`, `et al.`, notes in parentheses. */
export function withoutTrappings(text: string): string {
  const named = MAIL_BEFORE_NAME.exec(text)?.[1] ?? text;
  return named
    .replace(MAIL, ' ')
    .replace(/https?:\/\/\S+/g, ' ')
    .replace(NOTE, ' ')
    .replace(NOTE, ' ')
    .replace(/<\s?(?:mailto:)?\s?>|\[\s?\]/g, ' ')
    .replace(/[\s,;:|]{2,}/g, shortened)
    .replace(LABEL, '')
    .replace(OTHERS, '')
    .replace(/^[\s,;:|]{1,2}|[\s,;:|]{1,2}$/g, '');
}

/** Of several separators the first. */
function shortened(run: string): string {
  const sign = run.trimStart()[0];
  return sign === undefined ? ' ' : `${sign} `;
}

/** One name as it is shown: clean, without the marks of footnotes behind it. */
export function shownName(text: string): string {
  const unmarked = text
    .slice(0, LONGEST)
    .replace(/(?<=\p{L}{2})[\s\d*†‡§¶,]+$/u, '')
    .replace(/[<>]/g, ' ');
  const name = cleanName(unmarked)
    .replace(/^[.,;:]+\s*|[,;:]+$/g, '')
    .trim();
  // `Made A.` has its initials behind, where the point ends the list.
  const bare = /^\p{Lu}[\p{L}'’-]+\s\p{Lu}{1,3}\.$/u.test(name) ? name.slice(0, -1) : name;
  return /\p{L}/u.test(bare) && !/\S@\S/.test(bare) ? bare : '';
}

/** `Family, Given` as it is spoken; a suffix stays behind. */
export function spokenName(family: string, given: string): string {
  const [, first = given, suffix] = /^(.*), (\S+)$/.exec(given) ?? [];
  return suffix !== undefined && NAME_SUFFIX.test(suffix)
    ? `${first} ${family}, ${suffix}`
    : `${given} ${family}`;
}

export function isDegree(text: string): boolean {
  return DEGREE.test(text.trim());
}

/** Names in these scripts have no comma inside, and often no space. */
export function isEastAsian(text: string): boolean {
  return EAST_ASIAN.test(text);
}
