import type { Day } from '../../domain/day.ts';
import { decodeText } from '../http/charset.ts';
import { parseArxiv } from './arxiv.ts';
import { parseArxivApi } from './arxiv-api.ts';
import { parseBiorxiv } from './biorxiv.ts';
import { parseStars } from './github.ts';
import { parseStories } from './hackernews.ts';
import { parseHuggingFace } from './huggingface.ts';
import { parseJsonFeed } from './jsonfeed.ts';
import { parseOpenAlex } from './openalex.ts';
import { parsePubmed } from './pubmed.ts';
import { parseRss } from './rss.ts';
import { parseSemanticScholar } from './semanticscholar.ts';
import type { Origin } from './source.ts';

/**
 * Everything that is made of an answer's text, by name: pure functions, whose arguments and results are plain data,
 * so that they can run in another process. Each result is an object; its lists may be long, the rest is short.
 */
const PARSERS = {
  arxiv: parseArxiv,
  arxivApi: (text: string, ids: readonly string[]) => ({ details: [...parseArxivApi(text, ids)] }),
  biorxiv: parseBiorxiv,
  github: (text: string) => ({ stars: parseStars(text) }),
  hackernews: parseStories,
  huggingface: (text: string, origin: Origin, day: Day) => parseHuggingFace(text, day, origin),
  jsonfeed: parseJsonFeed,
  openalex: parseOpenAlex,
  pubmed: parsePubmed,
  rss: parseRss,
  semanticscholar: parseSemanticScholar,
};

export type ParserName = keyof typeof PARSERS;

type Parser<Name extends ParserName> = (typeof PARSERS)[Name];
type Rest<List extends unknown[]> = List extends [unknown, ...infer Others] ? Others : never;

/** What a parser is told beside the text. */
export type ParserArguments<Name extends ParserName> = Rest<Parameters<Parser<Name>>>;
export type Parsed<Name extends ParserName> = Awaited<ReturnType<Parser<Name>>>;

/** An answer as it came. */
export type RawAnswer = {
  readonly body: Uint8Array;
  readonly headers: { readonly [name: string]: string };
};

/**
 * Makes of an answer what the named parser makes of its text. Whoever wrote the text may mean harm: where this runs, and
 * with which limits, is decided where the program is put together.
 * @throws what the parser throws, or an error that says which limit was exceeded
 */
export type Parse = <Name extends ParserName>(
  name: Name,
  answer: RawAnswer,
  ...args: ParserArguments<Name>
) => Promise<Parsed<Name>>;

/** {@link Parse} in this process. */
export const parseHere: Parse = (name, { body, headers }, ...args) => {
  const parser = PARSERS[name] as (text: string, ...args: unknown[]) => unknown;
  const result = Promise.try(() => parser(decodeText(body, headers['content-type']), ...args));
  return result as Promise<Parsed<typeof name>>;
};
