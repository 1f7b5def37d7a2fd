import { normalized, withoutNoncharacters } from '../../domain/unicode.ts';
import { withoutBulk } from './bulky-markup.ts';
import { htmlToText } from './html.ts';
import { texToUnicode } from './tex.ts';

const LONGEST_TITLE = 500;
const LONGEST_ABSTRACT = 10_000;
const LONGEST_SUMMARY = 1000;
const LONGEST_NAME = 200;
/** On one letter: more are an attack on the lines above and below. */
const MOST_MARKS = 4;
/** How much longer than its result a text may be: TeX takes room, and then mark-up takes room again. */
const MARKUP_ALLOWANCE = 4;
/** What the bytes from 0x80 on are in Windows-1252; five of them are nothing, and stay as they are. */
const WINDOWS_1252 = new TextDecoder('windows-1252').decode(
  Uint8Array.from({ length: 32 }, (_, at) => 128 + at),
);
/** A degree that was written as a raised letter. */
const RAISED_O = /(?<=\d ?)ᵒ(?= ?[CF](?![\p{L}\p{N}]))/gu;

const JOINING_SCRIPTS =
  String.raw`[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}` +
  String.raw`\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}` +
  String.raw`\p{Script=Malayalam}\p{Script=Sinhala}]`;
const HIDDEN_LETTER = String.raw`[\p{Cc}\p{Cf}\u115f\u1160\u3164\uffa0]`;
/** Joiners belong inside emoji and the scripts that shape with them; elsewhere they only hide. */
const INVISIBLE = new RegExp(
  String.raw`(?!(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic}))` +
    `(?!(?<=${JOINING_SCRIPTS})[\\u200c\\u200d](?=${JOINING_SCRIPTS}))` +
    HIDDEN_LETTER,
  'gu',
);

/** White space that is no single space: most texts have none, and this says so four times sooner than replacing it. */
const ODD_SPACE = /[\t-\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]| {2}/;
const HIDDEN = new RegExp(HIDDEN_LETTER, 'u');

/** A title as one line of plain text, at most 500 characters; empty when nothing legible is left. */
export function cleanTitle(text: string): string {
  return clean(text, LONGEST_TITLE);
}

/** An abstract as one paragraph of plain text, at most 10,000 characters. */
export function cleanAbstract(text: string): string {
  return clean(text, LONGEST_ABSTRACT);
}

/** A short text about a paper as one paragraph of plain text, at most 1,000 characters. */
export function cleanSummary(text: string): string {
  return clean(text, LONGEST_SUMMARY);
}

/** A person's or an organisation's name, a category: one line of at most 200 characters. */
export function cleanName(text: string): string {
  return clean(text, LONGEST_NAME);
}

function clean(text: string, longest: number): string {
  const room = longest * MARKUP_ALLOWANCE + 1000;
  const most = longest * MARKUP_ALLOWANCE ** 2;
  const html = (text.length > most ? withoutBulk(text) : text).slice(0, most);
  const source = oneLine(htmlToText(windows1252(html).toWellFormed(), room)).slice(0, room);
  const plain = texToUnicode(source).replace(RAISED_O, '°');
  return cut(oneLine(visible(oneLine(plain.toWellFormed()))), longest);
}

/** Numbers of Windows-1252 that were written as if they were Unicode's: there they are control characters. */
function windows1252(text: string): string {
  return text.replace(/[\u0080-\u009f]/g, (letter) => WINDOWS_1252[letter.charCodeAt(0) - 128] ?? '');
}

function oneLine(text: string): string {
  return (ODD_SPACE.test(text) ? text.replace(/\s{2,}|[^\S ]/g, ' ') : text).trim();
}

function visible(text: string): string {
  if (!/[^ -~]/.test(text)) return text;
  const legible = withoutNoncharacters(HIDDEN.test(text) ? text.replace(INVISIBLE, '') : text);
  return normalized(legible, 'NFC', MOST_MARKS);
}

/** Cuts at a word's end where there is one near; the ellipsis counts. */
function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const head = text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '');
  const space = head.lastIndexOf(' ');
  return `${(space > longest * 0.8 ? head.slice(0, space) : head).trimEnd()}…`;
}
