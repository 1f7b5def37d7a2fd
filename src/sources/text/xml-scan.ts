/** What a document would cost to parse, and how many items that should give. */
export type XmlScan = {
  readonly elements: number;
  readonly depth: number;
  /** Elements named `item` or `entry`, also in capitals or with a prefix. */
  readonly items: number;
  /** Whether it has a DOCTYPE or anything else that begins so. */
  readonly declares: boolean;
};

/** What is no element, and where each ends. */
const ASIDES = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;
const ELEMENT = /<[\p{L}_:]/uy;
const ITEM = /<(?:[\w.-]{1,40}:)?(?:item|entry)[\s/>]/iy;

/**
 * Counts the elements of a document in one pass, without making anything of them. Exact for well-formed XML, and up to
 * the place where a document stops being that.
 */
export function scanXml(text: string): XmlScan {
  let [elements, depth, deepest, items] = [0, 0, 0, 0];
  let declares = false;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const aside = endOfAside(text, at);
    const end = aside ?? endOfTag(text, at + 1);
    if (aside === undefined && text[at + 1] === '!') declares = true;
    if (aside === undefined && text[at + 1] === '/') depth--;
    else if (aside === undefined && begins(ELEMENT, text, at)) {
      elements++;
      deepest = Math.max(deepest, depth + 1);
      if (text[end - 1] !== '/') depth++;
      if (begins(ITEM, text, at)) items++;
    }
    at = end;
  }
  return { elements, depth: deepest, items, declares };
}

function begins(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

function endOfAside(text: string, at: number): number | undefined {
  const next = text[at + 1];
  const found =
    next === '!' || next === '?' ? ASIDES.find(([begin]) => text.startsWith(begin, at)) : undefined;
  if (found === undefined) return undefined;
  const end = text.indexOf(found[1], at + found[0].length);
  return end < 0 ? text.length : end;
}

/** A `>` in quotes is part of a value. */
function endOfTag(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const letter = text[at];
    if (letter === '>') return at;
    if (letter !== '"' && letter !== "'") continue;
    const close = text.indexOf(letter, at + 1);
    if (close < 0) break;
    at = close;
  }
  return text.length;
}
