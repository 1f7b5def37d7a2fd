// What the feeds of some publishers say, read in the most direct way for each of them. Beside these values the general
// parser is measured: it knows nothing of them.

/** Raw texts: what is compared of them are their letters and digits. */
export type Expected = {
  readonly title: string;
  readonly link: string;
  /** As `2026-10-20`; empty when the feed names no day. */
  readonly day: string;
  readonly abstract: string;
  readonly authors: readonly string[];
};

type Rule = { readonly [field in keyof Expected]?: (item: string) => Expected[field] };

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** The decoded text of the first element of that name. */
export function element(item: string, name: string): string {
  return decoded(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`).exec(item)?.[1] ?? '');
}

function elements(item: string, name: string): string[] {
  return [...item.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g'))].map(
    ([, text = '']) => decoded(text),
  );
}

function decoded(text: string): string {
  const [, cdata] = /^\s*<!\[CDATA\[([\s\S]*)\]\]>\s*$/.exec(text) ?? [];
  if (cdata !== undefined) return cdata.trim();
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#039;', "'")
    .replaceAll('&amp;', '&')
    .trim();
}

function rfc822Day(item: string): string {
  const [, day = '', month = '', year = ''] =
    /(\d{1,2}) (\w{3}) (\d{4})/.exec(element(item, 'pubDate')) ?? [];
  return year && `${year}-${String(MONTHS.indexOf(month) + 1).padStart(2, '0')}-${day.padStart(2, '0')}`;
}

const isoDay = (name: string) => (item: string) => element(item, name).slice(0, 10);
const after = (text: string, mark: RegExp) => text.split(mark).at(-1) ?? '';
const between = (text: string, from: string, to: string) => text.split(from)[1]?.split(to)[0] ?? '';
const list = (text: string, sign: RegExp) =>
  text
    .split(sign)
    .map((name) => name.trim())
    .filter(Boolean);
const spoken = (name: string) => name.split(', ').reverse().join(' ');
const creators = (item: string) => elements(item, 'dc:creator');
const description = (item: string) => element(item, 'description');
const nothing = () => '';

/** By what the name of a feed's file begins with. */
export const RULES: Readonly<Record<string, Rule>> = {
  'academic.oup.com': {
    day: rfc822Day,
    abstract: (item) => after(description(item), /<div class="boxTitle">(?:Abstract|ABSTRACT)<\/div>/),
    authors: (item) => list(element(item, 'author').replace(/,? et al\. *$/, ''), /, /),
  },
  'biotaxa.org': {
    day: isoDay('dc:date'),
    abstract: (item) => description(item).replace(/^<p>N\/A<\/p>$/, ''),
    authors: creators,
  },
  'cambridge.org': {
    day: isoDay('dc:date'),
    abstract: description,
    authors: (item) => creators(item).map(spoken),
  },
  'contributions-to-entomology.org': {
    day: isoDay('published'),
    abstract: (item) => element(item, 'summary'),
    authors: (item) => elements(item, 'name'),
  },
  'microbiologyresearch.org': {
    day: isoDay('dc:date'),
    abstract: description,
    authors: (item) => list(element(item, 'dc:creator'), /, | and /),
  },
  'navi.cnki.net': {
    day: rfc822Day,
    abstract: (item) => after(description(item), /<\/br>/),
    authors: (item) => list(description(item).split('</br>')[0] ?? '', /;/),
  },
  'onlinelibrary.wiley.com': {
    day: isoDay('dc:date'),
    abstract: (item) =>
      after(element(item, 'content:encoded'), /<h2>\s*(?:Abstract|ABSTRACT|Summary)\s*<\/h2>/),
    authors: (item) => list(element(item, 'dc:creator'), /,/),
  },
  'phytokeys.pensoft.net': {
    day: rfc822Day,
    abstract: (item) => between(description(item), '<p>Abstract: ', '</p>'),
    authors: (item) => list(between(description(item), '<p>Authors: ', '</p>'), /,/),
  },
  'pubmed.ncbi.nlm.nih.gov': {
    day: isoDay('dc:date'),
    abstract: (item) =>
      after(element(item, 'content:encoded'), /<b>ABSTRACT<\/b><\/p>/).split(
        /<p style="color: lightgray">/,
      )[0] ?? '',
    authors: creators,
  },
  'rss.sciencedirect.com': {
    day: nothing,
    abstract: nothing,
    authors: (item) => list(between(description(item), 'Author(s): ', '</p>'), /,/),
  },
  'tandfonline.com': { day: isoDay('dc:date'), abstract: nothing, authors: creators },
};
