import { describe, expect, test } from 'vitest';
import { parseArxiv } from '../../../src/sources/providers/arxiv.ts';
import { FeedUnreadable } from '../../../src/sources/providers/feed-elements.ts';
import { parseFeed } from '../../../src/sources/providers/feed-parser.ts';
import { parseRss } from '../../../src/sources/providers/rss.ts';

const seenAt = Date.parse('2026-01-06T00:00:00Z');
const origin = { source: 'rss:https://lab.example/feed', seenAt, url: 'https://lab.example/feed' };

function rss(items: string, channel = ''): string {
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>${channel}${items}</channel></rss>`;
}

function arxivItem(id: string, type: string, more = ''): string {
  return `<item><title>A made-up ${type} paper</title><link>https://arxiv.org/abs/${id}</link>
    <description>arXiv:${id}v2 Announce Type: ${type} \nAbstract: Some $\\alpha$ text.</description>
    <guid isPermaLink="false">oai:arXiv.org:${id}v2</guid><category>cs.CL</category><category>cs.LG</category>
    <pubDate>Mon, 05 Jan 2026 00:00:00 -0500</pubDate><arxiv:announce_type>${type}</arxiv:announce_type>
    <dc:creator>Ren\\'e Made (1), Up Person, Jr. ((1) Nowhere, Utopia)</dc:creator>${more}</item>`;
}

describe('an arXiv feed', () => {
  test('gives new papers and cross-lists, and leaves replacements out without complaint', () => {
    const xml = rss(
      ['new', 'cross', 'replace', 'replace-cross']
        .map((type, n) => arxivItem(`2601.9900${n}`, type))
        .join(''),
    );
    const { entries, problems } = parseArxiv(xml, { source: 'arxiv:cs.CL', seenAt });
    expect(problems).toEqual([]);
    expect(entries.map(({ key }) => key)).toEqual(['2601.99000', '2601.99001']);
    expect(entries[0]).toEqual({
      source: 'arxiv:cs.CL',
      key: '2601.99000',
      ids: { arxiv: '2601.99000' },
      title: 'A made-up new paper',
      abstract: 'Some α text.',
      authors: ['René Made', 'Up Person, Jr.'],
      links: { abstract: 'https://arxiv.org/abs/2601.99000', pdf: 'https://arxiv.org/pdf/2601.99000' },
      categories: ['cs.CL', 'cs.LG'],
      listedOn: '2026-01-05',
      signals: [],
    });
  });

  test('gives the DOI and keeps one of two items with one id', () => {
    const xml = rss(
      arxivItem('2601.99000', 'new', '<arxiv:DOI>10.5555/ABC.1</arxiv:DOI>') +
        arxivItem('2601.99000', 'cross'),
    );
    const { entries } = parseArxiv(xml, origin);
    expect(entries.map(({ ids }) => ids)).toEqual([{ arxiv: '2601.99000', doi: '10.5555/abc.1' }]);
  });

  test('tells of the items it cannot read, and reads the others', () => {
    const xml = rss(`<item><title>No id</title></item><item/>${arxivItem('2601.99000', 'new')}`);
    const { entries, problems } = parseArxiv(xml, origin);
    expect(entries).toHaveLength(1);
    expect(problems).toEqual(['item 1: no arXiv id (No id)', 'item 2: no arXiv id']);
  });

  test('is read as Atom too', () => {
    const xml = `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>oai:arXiv.org:2601.99003v1</id><title>T</title>
      <updated>2026-01-05T05:00:19+00:00</updated><link href="https://arxiv.org/abs/2601.99003" rel="alternate"/>
      <summary>arXiv:2601.99003v1 Announce Type: new \nAbstract: An abstract.</summary><category term="cs.AI"/>
      <published>2026-01-05T00:00:00-05:00</published><dc:creator>A B</dc:creator></entry></feed>`;
    const [entry] = parseArxiv(xml, origin).entries;
    expect(entry).toMatchObject({
      key: '2601.99003',
      abstract: 'An abstract.',
      categories: ['cs.AI'],
      listedOn: '2026-01-05',
    });
  });

  test('is quiet when it is empty', () => {
    expect(parseArxiv(rss(''), origin)).toEqual({ entries: [], problems: [] });
  });
});

describe('any feed', () => {
  test('gives what an RSS item says', async () => {
    const { entries } = await parseRss(
      rss(`<item><title>R&amp;amp;D</title><link>/papers/1</link><guid isPermaLink="false">urn:1</guid>
        <description><![CDATA[<p>One</p><p>two &amp; <i>three</i></p>]]></description><author>a@b.example (Ann Made)</author>
        <category>Biology</category><dc:identifier>doi:10.5555/XYZ</dc:identifier>
        <pubDate>Sun, 04 Jan 2026 23:30:00 -0500</pubDate></item>`),
      origin,
    );
    expect(entries).toEqual([
      {
        source: origin.source,
        key: 'urn:1',
        ids: { doi: '10.5555/xyz' },
        title: 'R&D',
        abstract: 'One two & three',
        authors: ['Ann Made'],
        links: { abstract: 'https://lab.example/papers/1' },
        categories: ['Biology'],
        listedOn: '2026-01-04',
        publishedAt: Date.parse('2026-01-05T04:30:00Z'),
        signals: [],
      },
    ]);
  });

  test('gives what an Atom entry says, XHTML and several authors included', async () => {
    const { entries } = await parseRss(
      `<feed><entry><id>tag:1</id><title type="html">A &lt;b&gt;title&lt;/b&gt;</title><link rel="self" href="/self"/>
       <link href="https://lab.example/1"/><author><name>A B</name><email>a@b</email></author><author><name>C D</name></author>
       <content type="xhtml"><div><p>x &lt; y</p><p>z</p></div></content><published>no date</published></entry></feed>`,
      origin,
    );
    expect(entries[0]).toMatchObject({ title: 'A title', abstract: 'x < y z', authors: ['A B', 'C D'] });
    expect(entries[0]?.links).toEqual({ abstract: 'https://lab.example/1' });
    expect(entries[0]).not.toHaveProperty('publishedAt');
  });

  test('finds the ids of papers in its links', async () => {
    const links = [
      'http://arxiv.org/abs/2601.99001v3',
      'https://huggingface.co/papers/2601.99002',
      'https://doi.org/10.5555/a%2Fb',
    ];
    const { entries } = await parseRss(
      rss(links.map((link) => `<item><title>T</title><link>${link}</link></item>`).join('')),
      origin,
    );
    expect(entries.map(({ ids }) => ids)).toEqual([
      { arxiv: '2601.99001' },
      { arxiv: '2601.99002' },
      { doi: '10.5555/a/b' },
    ]);
  });

  test('gives each item a key of its own where a guid is shared, and the same one when it is read again', async () => {
    const xml = rss(
      [1, 2]
        .map((n) => `<item><title>T${n}</title><link>https://a.example/${n}</link><guid>x</guid></item>`)
        .join('') +
        '<item><title>T3</title><link>https://a.example/s</link></item><item><title>T4</title><link>https://a.example/s</link></item>',
    );
    const keys = (await parseRss(xml, origin)).entries.map(({ key }) => key);
    expect(keys.slice(0, 2)).toEqual(['https://a.example/1', 'https://a.example/2']);
    expect(new Set(keys).size).toBe(4);
    expect((await parseRss(xml, origin)).entries.map(({ key }) => key)).toEqual(keys);
  });

  test('ignores dates that cannot be, and counts items without a title or a link that may be clicked', async () => {
    const item = (title: string, link: string, date: string) =>
      `<item><title>${title}</title><link>${link}</link><pubDate>${date}</pubDate></item>`;
    const { entries, problems } = await parseRss(
      rss(
        item('a', 'https://a.example/1', 'Thu, 01 Jan 1970 00:00:00 GMT') +
          item('b', 'https://a.example/2', 'Fri, 02 Jan 2099 00:00:00 GMT') +
          item('c', 'javascript:alert(1)', '') +
          item('d', 'data:text/html,x', '') +
          item(' &#8203; ', 'https://a.example/3', ''),
      ),
      origin,
    );
    expect(entries.map(({ title, listedOn }) => [title, listedOn])).toEqual([
      ['a', undefined],
      ['b', undefined],
    ]);
    expect(problems).toEqual([
      'item 3: no http or https link (c)',
      'item 4: no http or https link (d)',
      'item 5: no title (https://a.example/3)',
    ]);
  });
});

describe('what is no feed', () => {
  const cases: [what: string, text: string, reason: RegExp][] = [
    ['HTML', '<!doctype html><html><body>Hello</body></html>', /expected RSS or Atom, got an element <html>/],
    ['JSON', '{"error":"x"}', /expected RSS or Atom, got ".*error/],
    ['nothing', '', /expected RSS or Atom, got ""/],
    [
      'entities that grow',
      `<!DOCTYPE a [<!ENTITY a "${'x'.repeat(1000)}"><!ENTITY b "${'&a;'.repeat(1001)}">]>${rss('<item><title>&b;</title></item>')}`,
      /declares entities of its own: its entities stand for more than 1000000 characters/,
    ],
    [
      'entities without end',
      `<!DOCTYPE a [<!ENTITY a "&b;"><!ENTITY b "&a;">]>${rss('<item><title>&b;</title></item>')}`,
      /declares entities of its own: its entities are declared by one another/,
    ],
    [
      'outer entities',
      `<!DOCTYPE a SYSTEM "x" [\n<!ENTITY a SYSTEM "file:///etc/passwd">]>${rss('<item><title>&a;</title></item>')}`,
      /declares entities of its own: it refers to the entity &a; of another document/,
    ],
    ['depth', `<rss>${'<a>'.repeat(500_000)}${'</b>'.repeat(500_000)}`, /nested/],
    [
      'depth before anything is made of it',
      `<rss version="2.0"><channel>${'<a>'.repeat(500_000)}<item/>`,
      /nested/,
    ],
    ['mere tags', `<rss>${'<a/>'.repeat(400_000)}`, /more than 300000 elements/],
  ];
  for (const [what, text, reason] of cases) {
    test(`is refused with its reason: ${what}`, () => {
      expect(() => parseFeed(text)).toThrow(FeedUnreadable);
      expect(() => parseFeed(text)).toThrow(reason);
    });
  }

  test('is told from a feed that breaks off: what was whole is read', async () => {
    const whole = '<item><title>T</title><link>https://a.example/1</link></item>';
    const { entries, problems } = await parseRss(`<rss><channel>${whole}<item><title>Cut`, origin);
    expect(entries.map(({ title }) => title)).toEqual(['T']);
    expect(problems).toEqual(['the feed breaks off before its end']);
  });

  test.each([
    [
      'a NUL in the name of an element',
      '<rss version="2.0"><chan\0nel><it\x0bem><title>A</title><link>https://a.example/1</link></item></channel></rss>',
    ],
    [
      'UTF-16 without its mark',
      [...rss('<item><title>A</title><link>https://a.example/1</link></item>')].join('\0'),
    ],
    [
      'items beside their channel',
      '<rss version="2.0"><channel/><item><title>A</title><link>https://a.example/1</link></item></rss>',
    ],
    [
      'items of a second channel',
      '<rss version="2.0"><channel><title>T</title></channel><channel><item><title>A</title><link>https://a.example/1</link></item></channel></rss>',
    ],
    [
      'capitals',
      '<RSS version="2.0"><CHANNEL><ITEM><TITLE>A</TITLE><LINK>https://a.example/1</LINK></ITEM></CHANNEL></RSS>',
    ],
  ])('is told from a feed with odd XML, which is read: %s', async (_, text) => {
    const { entries, problems } = await parseRss(text, origin);
    expect(entries.map(({ title }) => title)).toEqual(['A']);
    expect(problems).toEqual([]);
  });

  test.each([
    [
      'an element whose name is broken',
      '<rss><channel><it\ufffdem><title>A</title></it\ufffdem></channel></rss>',
      'a broken element: <it\ufffdem>',
    ],
    [
      'items in a comment',
      '<rss><channel><!-- <item><title>A</title></item> --></channel></rss>',
      /^it has items where none can be read/,
    ],
    [
      'items in a text',
      '<rss><channel><title>T</title><![CDATA[<item>]]></channel></rss>',
      /^it has items where none can be read/,
    ],
    [
      'an error in the dress of a feed',
      '<rss><error>try later</error></rss>',
      /^expected a feed, got neither a channel/,
    ],
    ['nothing but its outermost element', '<feed/>', /^expected a feed, got neither a channel/],
    ['a comment that never ends', '<rss><channel><!-- ', /^the feed breaks off/],
  ])('is told from a quiet day: %s', async (_, text, problem) => {
    const { entries, problems } = await parseRss(text, origin);
    expect(entries).toEqual([]);
    expect(problems).toEqual([typeof problem === 'string' ? problem : expect.stringMatching(problem)]);
  });

  test.each([
    ['RSS', '<rss version="2.0"><channel><title>T</title></channel></rss>'],
    ['RDF', '<rdf:RDF><channel rdf:about="x"><title>T</title></channel></rdf:RDF>'],
    ['Atom', '<feed><title>T</title><id>x</id></feed>'],
  ])('is told from a feed without items, which is a quiet day: %s', async (_, text) => {
    expect(await parseRss(text, origin)).toEqual({ entries: [], problems: [] });
  });

  test('is told from a feed with slips in its XML', async () => {
    const { entries, problems } = await parseRss(
      rss('<item><title>A & B &nbsp; &copy;</title><link>https://a.example/?a=1&b=2</link><br></item>'),
      origin,
    );
    expect(problems).toEqual([]);
    expect(entries[0]).toMatchObject({ title: 'A & B ©', links: { abstract: 'https://a.example/?a=1&b=2' } });
  });
});
