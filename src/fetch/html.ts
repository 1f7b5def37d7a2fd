import { Parser } from 'htmlparser2';

const INLINE =
  'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp ' +
  'small span strike strong sub sup time tt u var wbr ' +
  'math mi mn mo mrow ms mtext mspace mstyle msub msup msubsup munder mover mfrac msqrt mroot semantics';
const BLOCK =
  'address area article aside audio base blockquote body br button canvas caption center col colgroup datalist ' +
  'dd details dialog dir div dl dt embed fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 ' +
  'h6 head header hgroup hr html iframe img input legend li link main map menu meta meter nav noframes ' +
  'noscript object ol optgroup option output p param picture pre progress script search section select slot ' +
  'source style summary svg table tbody td template textarea tfoot th thead title tr track ul video';
const BLOCKS = new Set(BLOCK.split(' '));
const SILENT = new Set(['script', 'style']);

/**
 * A `<` that opens no element of the HTML standard and no comment. An element named by a single letter
 * counts only with well-formed attributes: `a <b and c> d` is about numbers.
 */
const ATTRIBUTES = String.raw`(?:\s+[\w:.@-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'|[^\s"'<>=]+))*\s*\/?>`;
const STRAY = new RegExp(
  `<(?!\\/?[a-z]${ATTRIBUTES}|\\/?(?:${`${INLINE} ${BLOCK}`.split(' ').filter(isLong).join('|')})(?:[\\s/][^<>]*)?>|!--|!doctype\\s)`,
  'gi',
);

function isLong(name: string): boolean {
  return name.length > 1;
}

/**
 * The text of a piece of HTML: entities decoded, elements of the HTML standard removed (script and style
 * with their content, blocks leaving a space). Whatever else stands in angle brackets, `<think>` or
 * `x < y`, is text and stays.
 */
export function htmlToText(html: string): string {
  if (!/[<&]/.test(html)) return html;
  const parts: string[] = [];
  let silent = 0;
  const parser = new Parser({
    onopentagname(name) {
      if (SILENT.has(name)) silent++;
      if (BLOCKS.has(name)) parts.push(' ');
    },
    onclosetag(name) {
      if (SILENT.has(name)) silent--;
      if (BLOCKS.has(name)) parts.push(' ');
    },
    ontext(text) {
      if (silent === 0) parts.push(text);
    },
  });
  parser.end(html.replace(STRAY, '&lt;'));
  return parts.join('');
}
