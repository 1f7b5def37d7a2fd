import { decodeText } from '../http/charset.ts';
import { parseArxiv } from './arxiv.ts';
import { parseArxivApi } from './arxiv-api.ts';
import { parseBiorxiv } from './biorxiv.ts';
import { parseStars } from './github.ts';
import { parseStories } from './hackernews.ts';
import { parseHuggingFace } from './huggingface.ts';
import { parseJsonFeed } from './jsonfeed.ts';
import { parseOpenAlex } from './openalex.ts';
import type { Parse, Parser, RawAnswer } from './parse.ts';
import { parsePubmed } from './pubmed.ts';
import { parseRss } from './rss.ts';
import { parseSemanticScholar } from './semanticscholar.ts';

/**
 * Everything that is made of an answer's text, by a name that another process knows, too. Each result is an object; its
 * lists may be long, the rest is short.
 */
const PARSERS: ReadonlyMap<string, Parser<never[], object>> = new Map(
  [
    parseArxiv,
    parseArxivApi,
    parseBiorxiv,
    parseStars,
    parseStories,
    parseHuggingFace,
    parseJsonFeed,
    parseOpenAlex,
    parsePubmed,
    parseRss,
    parseSemanticScholar,
  ].map((parser) => [parser.name, parser as Parser<never[], object>]),
);

/** @throws when there is no parser of that name */
export function parserCalled(name: string): Parser<never[], object> {
  const parser = PARSERS.get(name);
  if (parser === undefined) throw new Error(`there is no parser ${name}`);
  return parser;
}

/** Parses in this process. */
export const parseHere: Parse = (parser, { body, headers }: RawAnswer, ...args) =>
  Promise.try(() => parser(decodeText(body, headers['content-type']), ...args));
