import { Parser } from 'htmlparser2';
import { isShaped, shaped } from './html-math.ts';

const INLINE =
  'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp ' +
  'small span strike strong sub sup time tt u var wbr ' +
  'math mi mn mo mrow ms mtext mspace mstyle msub msup msubsup munder mover munderover mfrac msqrt mroot mpadded ' +
  'mphantom mtable mtr mtd mfenced semantics annotation annotation-xml';
const BLOCK =
  'address area article aside audio base blockquote body br button canvas caption center col colgroup datalist ' +
  'dd details dialog dir div dl dt embed fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 ' +
  'h6 head header hgroup hr html iframe img input legend li link main map menu meta meter nav noframes ' +
  'noscript object ol optgroup option output p param picture pre progress script search section select slot ' +
  'source style summary svg table tbody td template textarea tfoot th thead title tr track ul video';
const BLOCKS = new Set(BLOCK.split(' '));
/** JATS is the XML of journals; Crossref and others hand its elements on, with their prefix. */
const JATS_BLOCKS = new Set('abstract break disp-formula list list-item p sec title'.split(' '));
/** The annotations of a formula say it once more, in TeX. */
const SILENT = new Set(['script', 'style', 'annotation', 'annotation-xml']);

/**
 * A `<` that opens no element of the HTML standard, of JATS or MathML, and no comment. An element named by a single
 * letter counts only with well-formed attributes: `a <b and c> d` is about numbers.
 */
const ATTRIBUTES = String.raw`(?:\s+[\w:.@-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'|[^\s"'<>=]+))*\s*\/?>`;
const NAMES = `${INLINE} ${BLOCK}`.split(' ').filter(isLong).join('|');
const STRAY = new RegExp(
  `<(?!\\/?[a-z]${ATTRIBUTES}|\\/?(?:${NAMES}|(?:jats|mml):[a-z-]+)(?:[\\s/][^<>]*)?>|!--|!doctype\\s)`,
  'gi',
);
const CDATA = /<!\[CDATA\[|\]\]>/g;
/** `<jats:title>Abstract</jats:title>` says nothing of an abstract. */
const JATS_HEADING = /<jats:title>\s*(?:abstract|summary)\s*<\/jats:title>/gi;
/** Mark-up that was escaped once too often: an element with its end. A name alone may be what a title is about. */
const ESCAPED = /<(i|b|em|strong|sub|sup|p|jats:[a-z-]+)>[^<>]*<\/\1>/i;

function isLong(name: string): boolean {
  return name.length > 1;
}

/**
 * The text of a piece of HTML: entities decoded, elements of the HTML standard, JATS and MathML removed (script and
 * style with their content, blocks leaving a space), sub- and superscripts kept readable. Whatever else stands in
 * angle brackets, `<think>` or `x < y`, is text and stays.
 */
export function htmlToText(html: string): string {
  if (!/[<&]/.test(html)) return html;
  const text = textOf(html);
  return ESCAPED.test(text) ? textOf(text) : text;
}

/** Papers nest some ten elements; the parser's time grows with the depth. */
const DEEPEST = 100;

class TooDeep extends Error {}

/** Without elements where they are nested deeper than anybody means. */
function textOf(html: string): string {
  try {
    return parsedText(html);
  } catch (error) {
    if (error instanceof TooDeep) return html.replace(/<[^<>]*>/g, ' ');
    throw error;
  }
}

function parsedText(html: string): string {
  const parts: string[] = [];
  /** The elements whose text takes a shape at their end, with where in `parts` each begins. */
  const open: { name: string; from: number }[] = [];
  let silent = 0;
  let depth = 0;
  const parser = new Parser({
    onopentagname(raw) {
      const name = local(raw);
      depth++;
      if (depth > DEEPEST) throw new TooDeep();
      if (SILENT.has(name)) silent++;
      if (isBlock(raw, name)) parts.push(' ');
      if (isShaped(name)) open.push({ name, from: parts.length });
    },
    onclosetag(raw) {
      const name = local(raw);
      depth--;
      if (SILENT.has(name)) silent--;
      if (isBlock(raw, name)) parts.push(' ');
      if (isShaped(name)) parts.push(shaped(name, parts.splice(open.pop()?.from ?? parts.length)));
    },
    ontext(text) {
      if (silent === 0) parts.push(text);
    },
  });
  parser.end(html.replace(CDATA, '').replace(JATS_HEADING, ' ').replace(STRAY, '&lt;'));
  return parts.join('');
}

function local(raw: string): string {
  return raw.replace(/^(?:jats|mml):/, '');
}

function isBlock(raw: string, name: string): boolean {
  return raw.startsWith('jats:') ? JATS_BLOCKS.has(name) : BLOCKS.has(name);
}
