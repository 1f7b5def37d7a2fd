import { Parser } from 'htmlparser2';
import { elementName, isBlock, isElement, isSilent } from './html-elements.ts';
import { isShaped, shaped } from './html-math.ts';

const ATTRIBUTES = String.raw`(?:\s+[\w:.@-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'|[^\s"'<>=]+))*\s*\/?>`;
/**
 * What could be a tag, a comment or a doctype, and any other `<`. An element named by a single letter counts only with
 * well-formed attributes: `a <b and c> d` is about numbers.
 */
const TAG = new RegExp(
  `<(?:\\/?[a-z]${ATTRIBUTES}|(\\/?)([a-z][\\w.:-]+)(?:[\\s/][^<>]*)?>|!--|!doctype\\s)?`,
  'gi',
);
const CDATA = /<!\[CDATA\[|\]\]>/g;
/** `<jats:title>Abstract</jats:title>` says nothing of an abstract. */
const JATS_HEADING = /<jats:title>\s*(?:abstract|summary)\s*<\/jats:title>/gi;
/** Mark-up that was escaped once too often: an element with its end. A name alone may be what a title is about. */
const ESCAPED =
  /<(i|b|em|strong|sub|sup|p|scp|italic|inline-formula|tex-math|jats:[a-z-]+)(?:\s[^<>]*)?>[^<>]*<\/\1>/i;

/**
 * The text of a piece of HTML: entities decoded, elements of the HTML standard, JATS, MathML and SVG removed (script,
 * style and pictures with their content, blocks leaving a space), sub- and superscripts kept readable. Whatever else
 * stands in angle brackets, `<think>` or `x < y`, is text and stays.
 * @param longest reading stops when there is this much text, in characters
 */
export function htmlToText(html: string, longest = Number.POSITIVE_INFINITY): string {
  if (!/[<&]/.test(html)) return html;
  const text = textOf(html, longest);
  return ESCAPED.test(text) ? textOf(text, longest) : text;
}

/** Papers nest some ten elements; the parser's time grows with the depth. */
const DEEPEST = 100;

class TooDeep extends Error {}

/** Without elements where they are nested deeper than anybody means. */
function textOf(html: string, longest: number): string {
  try {
    return parsedText(html, longest);
  } catch (error) {
    if (error instanceof TooDeep) return html.slice(0, longest).replace(/<[^<>]*>/g, ' ');
    throw error;
  }
}

function parsedText(html: string, longest: number): string {
  const parts: string[] = [];
  /** The elements whose text takes a shape at their end, with where in `parts` each begins. */
  const open: { name: string; from: number }[] = [];
  const formula = formulaTurns();
  let [silent, depth, length] = [0, 0, 0];
  const subscriber = {
    onopentagname(raw: string) {
      const name = elementName(raw);
      depth++;
      if (depth > DEEPEST) throw new TooDeep();
      if (isSilent(name) || formula.isSecond(name)) silent++;
      if (isBlock(raw)) parts.push(' ');
      if (isShaped(name)) open.push({ name, from: parts.length });
    },
    onclosetag(raw: string) {
      const name = elementName(raw);
      depth--;
      if (isSilent(name) || formula.endsSecond(name)) silent--;
      if (isBlock(raw)) parts.push(' ');
      if (isShaped(name)) parts.push(shaped(name, parts.splice(open.pop()?.from ?? parts.length)));
    },
    ontext(text: string) {
      if (silent > 0) return;
      parts.push(text);
      length += text.length;
      if (length > longest) parser.pause();
    },
  };
  // XML's `<inline-graphic/>` is an element without content, which HTML would leave open.
  const parser = new Parser(subscriber, { recognizeSelfClosing: true });
  parser.end(withoutStrays(html.replace(CDATA, '').replace(JATS_HEADING, ' ')));
  return parts.join('');
}

/**
 * Journals write one formula twice, in TeX and in MathML: inside of one `inline-formula` or `alternatives` only what
 * comes first is read.
 */
function formulaTurns() {
  const open: string[] = [];
  let said = false;
  let second = '';
  return {
    isSecond(name: string): boolean {
      if (/^(?:inline-formula|disp-formula|alternatives)$/.test(name)) {
        if (open.length === 0) said = false;
        open.push(name);
      } else if (open.length > 0 && /^(?:tex-math|math)$/.test(name)) {
        if (said && second === '') {
          second = name;
          return true;
        }
        said = true;
      }
      return false;
    },
    endsSecond(name: string): boolean {
      if (open.at(-1) === name) open.pop();
      if (second === '' || name !== second) return false;
      second = '';
      return true;
    },
  };
}

/** Every `<` that opens no element and no comment becomes text. */
function withoutStrays(html: string): string {
  const ends = new Set(
    Array.from(html.matchAll(/<\/([a-z][\w.:-]*)/gi), ([, name = '']) => name.toLowerCase()),
  );
  return html.replace(TAG, (tag: string, slash?: string, raw?: string) => {
    const name = raw?.toLowerCase() ?? '';
    const isWhole = slash === '/' || tag.endsWith('/>') || ends.has(name);
    const isMarkup = name === '' ? tag !== '<' : isElement(name, isWhole);
    return isMarkup ? tag : `&lt;${tag.slice(1)}`;
  });
}
