import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { expect, test } from 'vitest';
import { scanXml } from '../../../src/sources/text/xml-scan.ts';

type Node = {
  readonly name: string;
  readonly aside: string;
  readonly value: string;
  readonly children: readonly Node[];
};

const aside = fc.constantFrom('', 'text', '<!-- <item> -->', '<![CDATA[<item></a>]]>', '<?pi <item>?>');
const { tree } = fc.letrec<{ tree: Node }>((tie) => ({
  tree: fc.record({
    name: fc.constantFrom('a', 'item', 'entry', 'x:item', 'items', 'Entry'),
    aside,
    value: fc.constantFrom('', ' v="1"', ` v='a>b/>'`, ' v="<item>"', ` v="'" w='"'`),
    children: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.constant([]),
      fc.array(tie('tree'), { maxLength: 3 }),
    ),
  }),
}));

function written({ name, aside, value, children }: Node): string {
  if (children.length === 0 && aside === '') return `<${name}${value}/>`;
  return `<${name}${value}>${aside}${children.map(written).join('')}</${name}>`;
}

/** What a parser finds in it. */
function counted(xml: string) {
  let [elements, depth, deepest, items] = [0, 0, 0, 0];
  const parser = new Parser(
    {
      onopentagname(name) {
        elements++;
        depth++;
        deepest = Math.max(deepest, depth);
        if (/^(?:\w+:)?(?:item|entry)$/i.test(name)) items++;
      },
      onclosetag: () => void depth--,
    },
    { xmlMode: true },
  );
  parser.end(xml);
  return { elements, depth: deepest, items, declares: false };
}

test('counting the elements of a document agrees with parsing it, for any well-formed one', () => {
  fc.assert(
    fc.property(tree, (node) => {
      const xml = written(node);
      expect(scanXml(xml)).toEqual(counted(xml));
    }),
  );
});

test.each([
  ['a DOCTYPE', '<!DOCTYPE rss><rss/>', true],
  ['what sax takes cubic time for', '<rss><!<!<!</rss>', true],
  ['a comment', '<!-- a --><rss/>', false],
])('counting tells whether a document declares something: %s', (_, xml, declares) => {
  expect(scanXml(xml)).toMatchObject({ declares });
});

test.each(['<a', '<a "', "<a b='", '<!--', '<![CDATA[', '<?', '<', ''])(
  'a document may end anywhere: %j',
  (end) => {
    expect(scanXml(`<rss><item>${end}`)).toMatchObject({ items: 1 });
  },
);
