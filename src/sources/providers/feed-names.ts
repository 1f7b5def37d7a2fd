/** The vocabularies of feeds, by how their names begin, and the prefix that each usually has. */
const USUAL_PREFIXES: readonly (readonly [begin: string, prefix: string])[] = [
  ['http://www.w3.org/2005/Atom', ''],
  ['http://purl.org/atom/ns', ''],
  ['http://purl.org/rss/1.0/modules/content', 'content'],
  ['http://purl.org/rss/1.0/modules/', 'module'],
  ['http://purl.org/rss/1.0/', ''],
  ['http://backend.userland.com/rss', ''],
  ['http://my.netscape.com/rdf/', ''],
  ['http://purl.org/dc/elements/', 'dc'],
  ['http://purl.org/dc/terms', 'dcterms'],
  ['http://prismstandard.org/namespaces', 'prism'],
  ['http://search.yahoo.com/mrss', 'media'],
  ['http://www.w3.org/1999/02/22-rdf-syntax-ns', 'rdf'],
  ['http://arxiv.org/schemas/atom', 'arxiv'],
];
const DECLARATION = /\sxmlns:([\w.-]{1,40})\s?=\s?["']([^"'<>]{1,200})["']/g;
const PREFIXED_ITEM = /<([\w.-]{1,40}):(?:item|entry)[\s/>]/gi;
/** No vocabulary but those of feeds has elements of these names. */
const OF_FEEDS = new Set(['rss', 'feed', 'channel', 'item', 'entry']);

/** Gives an element its usual name, in lower case: `title` for `a10:title`. */
export type NameOf = (raw: string) => string;

/**
 * How the elements of a document are called, whatever prefixes it has chosen for the vocabularies of feeds.
 * @param xml the whole document: prefixes may be declared anywhere
 */
export function usualNames(xml: string): NameOf {
  const prefixes = new Map<string, string>([
    ['a10', ''],
    ['atom', ''],
  ]);
  for (const [, prefix = ''] of xml.matchAll(PREFIXED_ITEM)) prefixes.set(prefix.toLowerCase(), '');
  for (const [, prefix = '', vocabulary = ''] of xml.matchAll(DECLARATION)) {
    const usual = USUAL_PREFIXES.find(([begin]) => vocabulary.startsWith(begin))?.[1];
    if (usual !== undefined && usual !== 'module') prefixes.set(prefix.toLowerCase(), usual);
  }
  return (raw) => {
    const name = raw.toLowerCase();
    const colon = name.indexOf(':');
    if (colon < 0) return name === 'rdf' ? 'rdf:rdf' : name;
    const local = name.slice(colon + 1);
    if (OF_FEEDS.has(local)) return local;
    if (local === 'rdf') return 'rdf:rdf';
    const prefix = prefixes.get(name.slice(0, colon));
    if (prefix === undefined) return name;
    return prefix === '' ? local : `${prefix}:${local}`;
  };
}
