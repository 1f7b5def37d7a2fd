import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FeedUnreadable } from '../../../src/sources/providers/feed-elements.ts';
import { parseFeed } from '../../../src/sources/providers/feed-parser.ts';
import { parseRss } from '../../../src/sources/providers/rss.ts';

const origin = {
  source: 'rss:https://lab.example/feed',
  seenAt: Date.parse('2026-10-20T06:00:00Z'),
  url: 'https://lab.example/dir/feed.xml',
};
const read = (xml: string) => parseRss(xml, origin);
const titles = async (xml: string) => (await read(xml)).entries.map(({ title }) => title);
const item = (title: string, more = '') =>
  `<item><title>${title}</title><link>https://lab.example/${title}</link>${more}</item>`;
const ABC = `${item('A')}${item('B')}${item('C')}`;
const channel = (items: string, head = '<title>T</title>') =>
  `<rss version="2.0"><channel>${head}${items}</channel></rss>`;

describe('the items of a feed with odd XML are read', () => {
  test.each([
    ['an element of the channel without an end', channel(ABC, '<title>T</title><category>Physics')],
    ['a title of the channel without an end', channel(ABC, '<title>T<link>https://lab.example</link>')],
    ['items without an end', channel('ABC'.replace(/./g, (name) => item(name).replace('</item>', '')))],
    [
      'a title in an item without an end',
      channel('ABC'.replace(/./g, (name) => item(name).replace('</title>', ''))),
    ],
    [
      'a description without an end',
      channel('ABC'.replace(/./g, (name) => item(name, '<description>We <b>mix.<guid>1</guid>'))),
    ],
    [
      'names in mixed case',
      `<Rss><Channel><Title>T</Title>${ABC.replaceAll('item>', 'Item>')}</channel></rss>`,
    ],
    ['two roots', channel(item('A')) + channel(item('B') + item('C'))],
    ['items beside their channel', `<rss><channel><title>T</title></channel>${ABC}</rss>`],
    ['items behind their root', `<rss><channel><title>T</title></channel></rss>${ABC}`],
    ['a notice of HTML in front', `<div>Moved <br> soon.</div>\n<?xml version="1.0"?>${channel(ABC)}`],
    ['a warning of PHP in front', `<br />\n<b>Warning</b>: date() in <b>feed.php</b><br />\n${channel(ABC)}`],
    [
      'a prefix for RSS 1.0',
      `<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="http://purl.org/rss/1.0/"><s:channel><s:title>T</s:title></s:channel>${ABC.replace(/<(\/?)/g, '<$1s:')}</r:RDF>`,
    ],
    [
      'a prefix that is declared nowhere',
      `<rss><channel><title>T</title>${ABC.replace(/<(\/?)/g, '<$1x:')}</channel></rss>`,
    ],
  ])('%s', async (_, xml) => {
    expect(await titles(xml)).toEqual(['A', 'B', 'C']);
    expect((await read(xml)).problems).toEqual([]);
  });

  test('hundreds of them without an end', async () => {
    const xml = channel(Array.from({ length: 500 }, (_, n) => item(`N${n}`).replace('</item>', '')).join(''));
    expect(await titles(xml)).toHaveLength(500);
  });

  test('Atom with a prefix, as a whole and inside RSS', async () => {
    const entry =
      '<a:entry><a:title>A</a:title><a:link href="https://lab.example/1"/><a:id>x</a:id><a:author><a:name>Ada Made</a:name></a:author><a:updated>2026-10-20T05:00:00Z</a:updated></a:entry>';
    const expected = [expect.objectContaining({ title: 'A', authors: ['Ada Made'], listedOn: '2026-10-20' })];
    const atom = 'xmlns:a="http://www.w3.org/2005/Atom"';
    expect((await read(`<a:feed ${atom}><a:title>T</a:title>${entry}</a:feed>`)).entries).toEqual(expected);
    const inRss = entry
      .replace('a:entry', 'item')
      .replace('/a:entry', '/item')
      .replaceAll('a:title', 'title');
    expect((await read(`<rss ${atom}><channel><title>T</title>${inRss}</channel></rss>`)).entries).toEqual(
      expected,
    );
  });

  test('with the letters that the document declares, and none from elsewhere', async () => {
    const doctype = `<!DOCTYPE rss [<!ENTITY % more PUBLIC "-//X" "http://x.example/x.ent"> <!ENTITY who "Ada &#77;ade"><!ENTITY lab "&who;’s lab <![CDATA[&who;]]>"><!-- > -->]>`;
    const { entries } = await read(
      `<?xml version="1.0"?>${doctype}${channel(item('A', '<description>From &lab;: A &amp; B &lt; C.</description>'))}`,
    );
    expect(entries[0]?.abstract).toBe('From Ada Made’s lab &who;: A & B < C.');
  });

  test('with addresses relative to what xml:base says', async () => {
    const xml = `<feed xml:base="/papers/"><title>T</title><entry xml:base="2026/"><title>A</title><link href="a.html"/></entry><entry><title>B</title><link href="b.html"/></entry></feed>`;
    expect((await read(xml)).entries.map(({ links }) => links.abstract)).toEqual([
      'https://lab.example/papers/2026/a.html',
      'https://lab.example/papers/b.html',
    ]);
  });

  test('with a DOI in place of a link', async () => {
    const xml = channel('<item><title>A</title><guid isPermaLink="false">doi:10.5555/a.24</guid></item>');
    expect((await read(xml)).entries[0]?.links.abstract).toBe('https://doi.org/10.5555/a.24');
  });

  test('with the authors of the feed where an entry names none', async () => {
    const xml =
      '<feed><title>T</title><author><name>Ada Made</name><email>ada@lab.example</email></author><entry><title>A</title><link href="/a"/></entry><entry><title>B</title><link href="/b"/><author><name>Bo Up</name></author></entry></feed>';
    expect((await read(xml)).entries.map(({ authors }) => authors)).toEqual([['Ada Made'], ['Bo Up']]);
  });
});

describe('what could not be read is told', () => {
  test('items inside of another element', async () => {
    const { entries, problems } = await read(
      `<feed><title>T</title><entry><title>A</title><link href="/a"/><content><entry><title>B</title></entry></content></entry></feed>`,
    );
    expect(entries.map(({ title }) => title)).toEqual(['A']);
    expect(problems).toEqual(['1 of 2 items could not be read: they stand in other elements']);
  });

  test('dates, in one line for all of them', async () => {
    const dated = (title: string, date: string) => item(title, `<pubDate>${date}</pubDate>`);
    const { entries, problems } = await read(
      channel(dated('A', '09/10/2026') + dated('B', 'soon') + dated('C', '2026-10')),
    );
    expect(entries.map(({ listedOn }) => listedOn)).toEqual([undefined, undefined, undefined]);
    expect(problems).toEqual([
      'the dates of 2 items could not be read with certainty, for example "09/10/2026"',
    ]);
  });

  test('a page, with the feeds that it names', () => {
    const page = `<!doctype html><html><head><base href="https://lab.example/sub/"><link rel="alternate" type="application/rss+xml" href="feed.xml"><link rel="alternate" type="application/feed+json" href="/feed.json"><link rel="alternate" hreflang="de" href="/de"></head><body></body></html>`;
    expect(() => parseFeed(page, origin.url)).toThrow(
      'expected RSS or Atom, got an element <html>, a page that names these feeds: rss:https://lab.example/sub/feed.xml, jsonfeed:https://lab.example/feed.json',
    );
  });

  test('notices are counted', async () => {
    const { entries, notices } = await read(channel(item('A') + item('Correction') + item('Masthead')));
    expect([entries.length, notices]).toEqual([1, 2]);
  });
});

test('however the tags of a feed are mixed up, each whole item is read, or the loss is told', async () => {
  const tag = fc.constantFrom(
    item('X'),
    '<item>',
    '</item>',
    '<title>',
    '</title>',
    '<category>',
    '<description>',
    '</description>',
    '<channel>',
    '</channel>',
    '<b>',
    '</b>',
    'text',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(tag, { maxLength: 12 }), async (tags) => {
      const xml = `<rss><channel><title>T</title>${tags.join('')}</channel></rss>`;
      const whole = tags.filter((each) => each === item('X')).length;
      const { entries, problems } = await read(xml).catch((error) => {
        expect(error).toBeInstanceOf(FeedUnreadable);
        return { entries: [], problems: ['refused'] };
      });
      if (whole > 0) expect(entries.length + problems.length).toBeGreaterThan(0);
    }),
  );
});
