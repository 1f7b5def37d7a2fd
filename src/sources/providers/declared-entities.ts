import { FeedUnreadable } from './feed-elements.ts';

const DOCTYPE = /<!doctype\s/i;
const ENTITY = /<!ENTITY\s+([\w.:-]{1,100})\s+(?:"([^"]*)"|'([^']*)'|(SYSTEM|PUBLIC)\s)/gi;
const REFERENCE = /<!\[CDATA\[[\s\S]*?\]\]>|&([\w.:-]{1,100});/g;
const CHARACTER = /&#(?:x([\da-f]{1,6})|(\d{1,7}));/gi;
/** Feeds declare some hundred letters. */
const MOST_ENTITIES = 2000;
const DEEPEST = 8;
/** In characters: what all references together may stand for. */
const MOST_TEXT = 1_000_000;

/**
 * The document without its DOCTYPE, and with the entities that it declares in the place of their names. None is ever
 * read from elsewhere.
 * @throws FeedUnreadable when one is to be read from elsewhere, or when they would become too much
 */
export function withEntities(xml: string): string {
  const begin = DOCTYPE.exec(xml.slice(0, 100_000))?.index;
  if (begin === undefined) return xml;
  const end = endOfDoctype(xml, begin);
  const entities = entitiesIn(xml.slice(begin, end));
  const rest = xml.slice(0, begin) + xml.slice(end);
  return entities.size === 0 ? rest : expanded(rest, entities);
}

/** Where the DOCTYPE is over: behind its own `>`, and not behind that of a declaration or a text in it. */
function endOfDoctype(xml: string, begin: number): number {
  let depth = 0;
  for (let at = begin; at < xml.length; at++) {
    const letter = xml[at];
    if (letter === '<') depth++;
    else if (letter === '>' && --depth === 0) return at + 1;
    else if (letter === '"' || letter === "'") {
      const close = xml.indexOf(letter, at + 1);
      if (close < 0) return xml.length;
      at = close;
    }
  }
  return xml.length;
}

/** `null` for one that stands elsewhere. Of several with one name the first counts (XML 1.0, section 4.2). */
type Entities = ReadonlyMap<string, string | null>;

function entitiesIn(doctype: string): Entities {
  const found = new Map<string, string | null>();
  for (const [, name = '', double, single, elsewhere] of doctype.matchAll(ENTITY)) {
    if (found.size >= MOST_ENTITIES) throw tooMuch(`it declares more than ${MOST_ENTITIES} entities`);
    const text = (double ?? single ?? '').replace(CHARACTER, character);
    if (!found.has(name)) found.set(name, elsewhere === undefined ? text : null);
  }
  return found;
}

function character(whole: string, hex: string | undefined, decimal: string | undefined): string {
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  // These two would be read as mark-up where they are put.
  if (code === 38 || code === 60 || code > 0x10ffff) return whole;
  return String.fromCodePoint(code);
}

function expanded(xml: string, entities: Entities): string {
  let size = 0;
  const expand = (text: string, depth: number): string =>
    text.replace(REFERENCE, (whole, name: string | undefined) => {
      const value = name === undefined ? undefined : entities.get(name);
      if (value === undefined) return whole;
      if (value === null)
        throw tooMuch(`it refers to the entity &${name}; of another document, which is never read`);
      if (depth >= DEEPEST) throw tooMuch(`its entities are declared by one another, over ${DEEPEST} levels`);
      size += value.length;
      if (size > MOST_TEXT) throw tooMuch(`its entities stand for more than ${MOST_TEXT} characters`);
      return expand(value, depth + 1);
    });
  return expand(xml, 0);
}

function tooMuch(why: string): FeedUnreadable {
  return new FeedUnreadable(`expected a feed, got XML that declares entities of its own: ${why}`);
}
