const INLINE =
  'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp ' +
  'small span strike strong sub sup time tt u var wbr ' +
  'math mi mn mo mrow ms mtext mspace mstyle msub msup msubsup munder mover munderover mfrac msqrt mroot mpadded ' +
  'mphantom mtable mtr mtd mfenced mmultiscripts mprescripts menclose none semantics annotation annotation-xml';
const BLOCK =
  'address area article aside audio base blockquote body br button canvas caption center col colgroup datalist ' +
  'dd details dialog dir div dl dt embed fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 ' +
  'h6 head header hgroup hr html iframe img input legend li link main map menu meta meter nav noframes ' +
  'noscript object ol optgroup option output p param picture pre progress script search section select slot ' +
  'source style summary table tbody td template textarea tfoot th thead title tr track ul video';
const BLOCKS = new Set(BLOCK.split(' '));
const KNOWN = new Set(`${INLINE} ${BLOCK}`.split(' '));
/** JATS is the XML of journals, which Crossref, IEEE and Wiley hand on with and without its prefix. */
const JATS_BLOCKS = new Set(
  'abstract break disp-formula disp-quote list list-item p sec title def-list def-item verse-group'.split(
    ' ',
  ),
);
const JATS_INLINE = new Set(
  (
    'alternatives chem-struct email ext-link fn inf inline-formula inline-graphic inline-supplementary-material ' +
    'institution italic bold monospace named-content overline roman sans-serif sc scp styled-content tex-math ' +
    'underline uri xref related-article related-object fixed-case private-char glyph-data'
  ).split(' '),
);
const PREFIX = /^(jats|mml|m|ce|xhtml|svg):/;
/** The annotations of a formula say it once more, in TeX; what is written in a picture belongs to the picture. */
const SILENT = new Set(['script', 'style', 'annotation', 'annotation-xml', 'svg']);

/** The name without its prefix, in lower case. */
export function elementName(raw: string): string {
  return raw.replace(PREFIX, '');
}

/**
 * Whether a tag of this name is mark-up, and not text in angle brackets.
 * @param raw in lower case
 * @param isWhole whether the element has its end in the same text: a title can be about `<italic>` or `<svg>`
 */
export function isElement(raw: string, isWhole: boolean): boolean {
  const name = elementName(raw);
  if (name !== raw || KNOWN.has(name)) return true;
  const isJats = JATS_INLINE.has(name) || JATS_BLOCKS.has(name);
  return (isJats && (isWhole || name.includes('-'))) || (name === 'svg' && isWhole);
}

/** Whether the element stands on lines of its own, so that words before and after it do not touch. */
export function isBlock(raw: string): boolean {
  const name = elementName(raw);
  return raw.startsWith('jats:') ? JATS_BLOCKS.has(name) : BLOCKS.has(name) || JATS_BLOCKS.has(name);
}

/** Whether nothing in the element is text to read. */
export function isSilent(name: string): boolean {
  return SILENT.has(name);
}
