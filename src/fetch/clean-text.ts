import { normalized } from '../domain/unicode.ts';
import { htmlToText } from './html.ts';
import { texToUnicode } from './tex.ts';

const LONGEST_TITLE = 500;
const LONGEST_ABSTRACT = 10_000;
const LONGEST_NAME = 200;
/** How much longer than its result a text may be before it is cut unread: mark-up takes room. */
const MARKUP_ALLOWANCE = 4;

const JOINING_SCRIPTS =
  String.raw`[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}` +
  String.raw`\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}` +
  String.raw`\p{Script=Malayalam}\p{Script=Sinhala}]`;
/** Controls, what is invisible, and what Unicode promises never to make a character of. */
const HIDDEN_LETTER = String.raw`[\p{Cc}\p{Cf}\p{Noncharacter_Code_Point}\u115f\u1160\u3164\uffa0]`;
/** Joiners belong inside emoji and the scripts that shape with them; elsewhere they only hide. */
const INVISIBLE = new RegExp(
  String.raw`(?!(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic}))` +
    `(?!(?<=${JOINING_SCRIPTS})[\\u200c\\u200d](?=${JOINING_SCRIPTS}))` +
    HIDDEN_LETTER,
  'gu',
);

const HIDDEN = new RegExp(HIDDEN_LETTER, 'u');
const MAY_HAVE_MARKS = /[^\0-\u02ff\u2000-\u20cf\u2100-\u2bff]/;

/** A title as one line of plain text, at most 500 characters; empty when nothing legible is left. */
export function cleanTitle(text: string): string {
  return clean(text, LONGEST_TITLE);
}

/** An abstract as one paragraph of plain text, at most 10,000 characters. */
export function cleanAbstract(text: string): string {
  return clean(text, LONGEST_ABSTRACT);
}

/** A person's or an organisation's name, a category: one line of at most 200 characters. */
export function cleanName(text: string): string {
  return clean(text, LONGEST_NAME);
}

function clean(text: string, longest: number): string {
  const html = text.slice(0, longest * MARKUP_ALLOWANCE + 1000).toWellFormed();
  const plain = texToUnicode(oneLine(htmlToText(html)));
  return cut(oneLine(visible(oneLine(plain))), longest);
}

function oneLine(text: string): string {
  return text.replace(/[\s\u0085]{2,}|[^\S ]|\u0085/g, ' ').trim();
}

function visible(text: string): string {
  if (!/[^ -~]/.test(text)) return text;
  const shown = normalized(HIDDEN.test(text) ? text.replace(INVISIBLE, '') : text, 'NFC');
  return MAY_HAVE_MARKS.test(shown) ? shown.replace(/(\p{M}{4})\p{M}+/gu, '$1') : shown;
}

/** Cuts at a word's end where there is one near; the ellipsis counts. */
function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const head = text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '');
  const space = head.lastIndexOf(' ');
  return `${(space > longest * 0.8 ? head.slice(0, space) : head).trimEnd()}…`;
}
