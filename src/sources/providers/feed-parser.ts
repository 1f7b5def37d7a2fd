import { Parser } from 'htmlparser2';
import { withoutNonXml } from '../../domain/unicode.ts';
import { scanXml } from '../text/xml-scan.ts';
import { withEntities } from './declared-entities.ts';
import { FeedBuilder } from './feed-builder.ts';
import { type Feed, FeedUnreadable } from './feed-elements.ts';
import { usualNames } from './feed-names.ts';
import { linkedFeeds } from './linked-feeds.ts';

const ITEM_IN_TEXT = /<(?:[\w.-]{1,40}:)?(?:item|entry)[\s/>]/i;

/**
 * Reads RSS 0.9 to 2.0, RSS 1.0 (RDF) and Atom. Bears with what is not quite XML, with any prefixes, and with a notice
 * in front; entities that the document declares are resolved within limits, and none is read from elsewhere.
 * @param url where the text is from: what its addresses are relative to
 * @throws FeedUnreadable saying what was there instead
 */
export function parseFeed(text: string, url?: string): Feed {
  // A single one of them would break the name of an element.
  const xml = withEntities(withoutNonXml(text));
  const nameOf = usualNames(xml);
  const builder = new FeedBuilder(url);
  // What is closed after the last character was never closed.
  let readAll = false;
  const parser = new Parser(
    {
      onprocessinginstruction(name) {
        if (/^!entity/i.test(name))
          throw new FeedUnreadable('expected a feed, got a declaration of entities');
      },
      onopentag: (raw, attributes) => builder.opens(nameOf(raw), attributes),
      ontext: (part) => builder.text(part),
      onclosetag: (raw) => builder.closes(nameOf(raw), readAll),
    },
    { xmlMode: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  parser.write(xml);
  readAll = true;
  parser.end();
  if (!builder.hasRoot) throw noFeed(text, builder.first, url);
  const { elements, items } = builder;
  return { elements, items, problems: problemsOf(builder, xml) };
}

function noFeed(text: string, first: string | undefined, url: string | undefined): FeedUnreadable {
  const what =
    first === undefined ? JSON.stringify(text.trim().slice(0, 40)) : `an element <${first.slice(0, 40)}>`;
  const feeds = first === undefined ? [] : linkedFeeds(text, url);
  const named = feeds.length > 0 ? `, a page that names these feeds: ${feeds.join(', ')}` : '';
  return new FeedUnreadable(`expected RSS or Atom, got ${what}${named}`);
}

/** What tells a broken feed from one that has nothing today, and what was lost of it. */
function problemsOf(built: FeedBuilder, xml: string): string[] {
  const read = built.items.length;
  const given = scanXml(xml).items;
  const lost = given - read - (built.cutOff ? 1 : 0);
  return [
    ...(built.truncated ? ['the feed breaks off before its end'] : []),
    ...(built.broken !== undefined ? [`a broken element: <${built.broken}>`] : []),
    ...(read > 0 && lost > 0
      ? [`${lost} of ${given} items could not be read: they stand in other elements`]
      : []),
    ...(read === 0 && built.broken === undefined ? nothingRead(built, xml) : []),
  ];
}

function nothingRead({ isFeed }: FeedBuilder, xml: string): string[] {
  if (ITEM_IN_TEXT.test(xml)) return ['it has items where none can be read: in a comment or a text'];
  return isFeed ? [] : ['expected a feed, got neither a channel nor a title'];
}
