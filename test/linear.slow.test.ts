import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasBareSign } from '../src/config/url-credentials.ts';
import { readMarks } from '../src/db/marks.ts';
import { addressKey, parseAddress } from '../src/domain/address.ts';
import { clip } from '../src/domain/clip.ts';
import { enhancedCode } from '../src/domain/failure-class.ts';
import { mailboxKey } from '../src/domain/mailbox.ts';
import { parsePaperQuery } from '../src/domain/paper-query.ts';
import { weekOf } from '../src/domain/slug.ts';
import { findTag } from '../src/domain/verp.ts';
import { authorsLine } from '../src/mail/card.ts';
import { tidyText } from '../src/mail/fragment-cache.ts';
import { quotedPrintable } from '../src/mail/mime.ts';
import { httpUrl, plainText } from '../src/mail/plain-text.ts';
import { calmTitle } from '../src/mail/subject.ts';
import { cutAtSlots } from '../src/mail/subscriber-parts.ts';
import { width, wrapText } from '../src/mail/wrap.ts';
import { excerptOf } from '../src/papers/excerpt/excerpt.ts';
import { readLibrary } from '../src/papers/library/read-library.ts';
import { checkTopics } from '../src/papers/topics.ts';
import { entryKeys } from '../src/ranking/identify.ts';
import { parseInterest } from '../src/ranking/interest.ts';
import { mergeEntries } from '../src/ranking/merge.ts';
import { personName } from '../src/ranking/names.ts';
import { countWords } from '../src/ranking/text.ts';
import { termsOf } from '../src/ranking/vector.ts';
import { readMail } from '../src/returns/mail/read-mail.ts';
import { decodeText } from '../src/sources/http/charset.ts';
import { publicUrl } from '../src/sources/http/credentials.ts';
import { parseRetryAfter } from '../src/sources/http/polite-reader.ts';
import { parseArxiv } from '../src/sources/providers/arxiv.ts';
import { parseBiorxiv } from '../src/sources/providers/biorxiv.ts';
import { parseFeed } from '../src/sources/providers/feed-parser.ts';
import { repositoryIn } from '../src/sources/providers/github.ts';
import { parseJsonFeed } from '../src/sources/providers/jsonfeed.ts';
import { linkedFeeds } from '../src/sources/providers/linked-feeds.ts';
import { parseOpenAlex } from '../src/sources/providers/openalex.ts';
import type { Parser } from '../src/sources/providers/parse.ts';
import { parseHere } from '../src/sources/providers/parsers.ts';
import { parsePubmed } from '../src/sources/providers/pubmed.ts';
import { parseRss } from '../src/sources/providers/rss.ts';
import { readDescription } from '../src/sources/text/abstract.ts';
import { feedNames } from '../src/sources/text/author-lists.ts';
import { cleanAbstract, cleanTitle } from '../src/sources/text/clean-text.ts';
import { feedDate, unreadDate } from '../src/sources/text/dates.ts';
import { htmlToText } from '../src/sources/text/html.ts';
import { idsIn } from '../src/sources/text/identifiers.ts';
import { familyFirstNames, splitNames } from '../src/sources/text/names.ts';
import { isNotice } from '../src/sources/text/notices.ts';
import { texToUnicode } from '../src/sources/text/tex.ts';
import { webLink } from '../src/sources/text/web-links.ts';
import { isWithdrawn } from '../src/sources/text/withdrawn.ts';
import { scanXml } from '../src/sources/text/xml-scan.ts';
import { lineReader } from '../src/subscribers/csv.ts';
import { readCells } from '../src/subscribers/csv-cells.ts';
import { csvRecords } from '../src/subscribers/csv-records.ts';
import { clientBehind } from '../src/web/client.ts';
import { ENGLISH } from './mail/support.ts';
import { excessiveGrowth, superlinear } from './support/growth.ts';
import { makeEntry, makeSeen } from './support/makers.ts';

const NOW = Date.parse('2026-01-06T05:00:00Z');

async function* batchesOf(lines: readonly string[]) {
  yield lines;
}

const ORIGIN = { source: 'x', seenAt: NOW };

/** An element with the text in it as it stands, so that its mark-up counts. */
function xml(name: string, text: string): string {
  return `<${name}>${text}</${name}>`;
}

/** An element whose text it is. */
function cdata(name: string, text: string): string {
  return `<${name}><![CDATA[${text}]]></${name}>`;
}

function rss(...elements: string[]): Buffer {
  return Buffer.from(`<rss version="2.0"><channel><item>${elements.join('')}</item></channel></rss>`);
}

type FeedParser = Parser<[typeof ORIGIN], unknown>;
const parsed = (parser: FeedParser, body: Buffer) => parseHere(parser, { body, headers: {} }, ORIGIN);
const json = (parser: FeedParser, value: object) =>
  parseHere(parser, { body: Buffer.from(JSON.stringify(value)), headers: {} }, ORIGIN);
const LINK = '<link>https://lab.example/1</link>';

const READERS_OF_FEEDS: Record<string, (text: string) => unknown> = {
  'a document as it is': (text) => scanXml(text),
  'a document read tolerantly': (text) => parseFeed(`<rss><channel>${text}`),
  'an encoding': (text) => decodeText(Buffer.from(text), `text/xml; ${text}`),
  'an RSS title and link': (text) =>
    parsed(parseRss, rss(xml('title', text), cdata('link', text), cdata('guid', text))),
  'an RSS author': (text) => parsed(parseRss, rss('<title>T</title>', LINK, cdata('author', text))),
  'an arXiv item': (text) =>
    parsed(parseArxiv, rss(xml('title', text), cdata('guid', text), cdata('description', text))),
  'a PubMed item': (text) =>
    parsed(parsePubmed, rss('<guid>pubmed:1</guid><title>T</title>', cdata('description', text))),
  'a bioRxiv item': (text) => parsed(parseBiorxiv, rss('<title>T</title>', LINK, cdata('dc:creator', text))),
  'a JSON Feed item': (text) =>
    json(parseJsonFeed, { items: [{ id: text, url: text, title: text, content_html: text }] }),
  'an OpenAlex work': (text) =>
    json(parseOpenAlex, {
      results: [{ id: 'W1', title: text, doi: text, abstract_inverted_index: { [text]: [0] } }],
    }),
  'an address': (text) => [
    webLink(text),
    webLink(`https://a.example/${text}`, text),
    publicUrl(text),
    repositoryIn(text),
  ],
  'an uploaded library': (text) =>
    [text, `@misc{a, title = {${text}}}`, `TY  - JOUR\nDO  - ${text}`, JSON.stringify([{ DOI: text }])].map(
      (library) => readLibrary(Buffer.from(library)),
    ),
  identifiers: (text) => idsIn([text]),
  'a date': (text) => [feedDate(text, NOW), unreadDate([text, text], NOW)],
  'a time to wait': (text) => parseRetryAfter(text, NOW),
  'a description': (text) => readDescription(text, { title: text.slice(0, 500), names: [] }),
  'entities of a document': (text) =>
    parseFeed(`<!DOCTYPE rss [<!ENTITY a "b">${text}]><rss><channel>${text}`),
  'feeds that a page names': (text) => linkedFeeds(text, 'https://lab.example/'),
  'a notice': (text) => isNotice({ title: text, abstract: text }),
  'a notice of withdrawal': (text) => isWithdrawn({ title: text, abstract: text, comment: text }),
};

const CLEANING: Record<string, (text: string) => unknown> = {
  'a title': cleanTitle,
  'an abstract': cleanAbstract,
  HTML: htmlToText,
  TeX: texToUnicode,
  'a name or a list of them': (text) => feedNames([text]),
  'a list with commas': splitNames,
  'a list of family names': familyFirstNames,
};

const RANKING: Record<string, (text: string) => unknown> = {
  'words of a text': (text) => countWords(text, text),
  terms: termsOf,
  'keys of an entry': (text) => entryKeys(makeEntry({ title: text, ids: { doi: text } })),
  'a person': personName,
  'an interest': (text) => parseInterest([text]),
  topics: (text) => checkTopics([text]),
};

const SHOWING: Record<string, (text: string) => unknown> = {
  'plain text': (text) => [plainText(text), plainText(text, 300), clip(text, text.length - 1)],
  'an excerpt': (text) => excerptOf(text, 'Lamps: A Title', 280),
  'wrapped lines': (text) => [wrapText(text), width(text)],
  'a tidy text': tidyText,
  slots: cutAtSlots,
  'quoted-printable': quotedPrintable,
  'a subject': (text) => calmTitle(text, ENGLISH),
  'a line of authors': (text) => authorsLine([text, text], ENGLISH),
  'a link': httpUrl,
  'marks of a search': readMarks,
};

/** The text in each field and each kind of part, alone and as a bounce without parts. */
function readReturned(text: string) {
  const fields = new Map([
    ...['from', 'subject', 'in-reply-to', 'return-path'].map((name) => [name, [text]] as const),
    ['to', ['leave@papers.example.org']],
  ]);
  const types = ['text/plain', 'text/rfc822-headers', 'message/delivery-status', 'message/feedback-report'];
  const read = (parts: readonly string[]) =>
    readMail(
      ['secret'],
      { fields, type: 'multipart/report', parts: parts.map((type) => ({ type, text })), digest: '' },
      { leaveAddress: 'leave@papers.example.org' },
    );
  return [read(types), read(types.slice(0, 3)), read(types.slice(0, 2)), read(types.slice(0, 1))];
}

const VISITORS: Record<string, (text: string) => unknown> = {
  'an e-mail address': (text) => [
    parseAddress(text),
    parseAddress(`${text}@a.example`),
    addressKey(text),
    mailboxKey(text),
  ],
  'a search': parsePaperQuery,
  'a tag of a mail': (text) => findTag(['secret'], text),
  'a mail that came back': readReturned,
  'the name of a week': weekOf,
  'a proxy header': (text) => clientBehind('127.0.0.1', text, ['127.0.0.0/8']),
  'the reply of a relay': enhancedCode,
  'the cells of a record of CSV': (text) => [readCells(text, ','), readCells(`"${text}`, ';')],
  'the records of a CSV file': (text) =>
    Array.fromAsync(csvRecords(batchesOf(text.match(/[\s\S]{1,30}/g) ?? []), ',', () => {})),
  'an address with a password': (text) => [hasBareSign(text), hasBareSign(`smtp://a:${text}@b.example`)],
  'a line of CSV': (text) =>
    lineReader({ timezone: 'UTC', deliverAt: '07:00' })({
      email: text,
      name: text,
      topics: text,
      days: text,
      timezone: text,
      deliver_at: text,
    }),
};

describe.each([
  ['of feeds', READERS_OF_FEEDS],
  ['of cleaning', CLEANING],
  ['of ranking', RANKING],
  ['of showing', SHOWING],
  ['of visitors and relays', VISITORS],
])('ten times as much hostile text takes about ten times as long: %s', (_, works) => {
  test.each(Object.entries(works))('%s', async (_, work) => {
    expect(await superlinear(work)).toEqual([]);
  });
});

test.each([
  [
    'that name one paper, each with another title',
    (index: number) => ({ ids: { doi: '10.9999/one' }, title: `A made-up title of many, number ${index}` }),
  ],
  ['that have one title, each with another name', (index: number) => ({ ids: { doi: `10.9999/${index}` } })],
  ['that have one title and no name', () => ({ ids: {} })],
])('ten times as many entries %s take about ten times as long to merge', async (_, change) => {
  const entries = (count: number) =>
    Array.from({ length: count }, (_, index) => makeSeen({ key: String(index), ...change(index) }));
  const [few, many] = [entries(1000), entries(10_000)];
  const growth = await excessiveGrowth(
    () => mergeEntries(few),
    () => mergeEntries(many),
  );
  expect(growth).toBeUndefined();
});

test('only one place normalises text, since alone that takes quadratic time', () => {
  const root = join(import.meta.dirname, '../src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const found = files.filter((name) => /\.normalize\(/.test(readFileSync(join(root, name), 'utf8')));
  expect(found).toEqual(['domain/unicode.ts']);
});
