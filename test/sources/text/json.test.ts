import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHuggingFace } from '../../../src/sources/providers/huggingface.ts';
import { parseJsonFeed } from '../../../src/sources/providers/jsonfeed.ts';
import { parseOpenAlex } from '../../../src/sources/providers/openalex.ts';
import { parseSemanticScholar } from '../../../src/sources/providers/semanticscholar.ts';
import { NotAList } from '../../../src/sources/text/json.ts';

const origin = { source: 'x', seenAt: Date.parse('2026-01-06T00:00:00Z') };
const subscribers = {
  huggingface: (json: string) => parseHuggingFace(json, '2026-01-05', origin),
  semanticscholar: (json: string) => parseSemanticScholar(json, origin),
  openalex: (json: string) => parseOpenAlex(json, origin),
  jsonfeed: (json: string) => parseJsonFeed(json, origin),
};
const wrong: [what: string, json: string, reason: RegExp][] = [
  ['a number', '42', /got a number/],
  ['null', 'null', /got null/],
  ['an error object', '{"error":"Made-up error"}', /got an object: Made-up error/],
  ['a message', '{"message":"Too Many Requests"}', /got an object: Too Many Requests/],
  ['an object of another shape', '{"data":{},"results":7,"items":"x"}', /got an object$/],
  [
    'an empty list beside an error',
    '{"data":[],"results":[],"items":[],"error":"quota exceeded"}',
    /got an object: quota exceeded/,
  ],
  ['HTML', '<!doctype html><p>Just a moment</p>', /not JSON: Just a moment/],
  ['nothing', '', /not JSON/],
  ['JSON that breaks off', '[{"paper":{"id":"2601', /not JSON/],
];

/** Objects that look enough like a paper of any of the four to be read further. */
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('javascript:x', 'T\r\nBcc: x', '2099-01-01', 'https://lab.example/1'),
);
const hostile = fc.record(
  {
    id: fc.oneof(fc.constantFrom('W1', 'https://lab.example/2'), odd),
    paperId: fc.constant('a1'),
    paper: fc.record({
      id: fc.constant('2601.99001'),
      title: odd,
      authors: odd,
      publishedAt: odd,
      githubRepo: odd,
    }),
    title: odd,
    url: odd,
    external_url: odd,
    externalIds: fc.record({ ArXiv: odd, DOI: odd }),
    openAccessPdf: fc.record({ url: odd }),
    doi: odd,
    locations: odd,
    authorships: odd,
    authors: odd,
    topics: odd,
    tags: odd,
    abstract: odd,
    abstract_inverted_index: fc.oneof(odd, fc.dictionary(fc.string(), fc.array(fc.integer()))),
    publication_date: odd,
    date_published: odd,
    publicationDate: odd,
  },
  { requiredKeys: [] },
);

for (const [kind, parse] of Object.entries(subscribers)) {
  describe(`${kind} says what it got instead of its list`, () => {
    for (const [what, json, reason] of wrong) {
      test(what, () => {
        expect(() => parse(json)).toThrow(NotAList);
        expect(() => parse(json)).toThrow(reason);
      });
    }
  });

  test(`${kind} counts the strings of a list of strings as unreadable`, () => {
    const list = ['a', 'b'];
    const { entries, problems } = parse(
      JSON.stringify(kind === 'huggingface' ? list : { data: list, results: list, items: list }),
    );
    expect(entries).toEqual([]);
    expect(problems).toHaveLength(2);
  });

  test(`${kind} never fails for what stands in its list`, () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.jsonValue(), hostile)), (list) => {
        const json = JSON.stringify(
          kind === 'huggingface' ? list : { data: list, results: list, items: list },
        );
        const { entries, problems } = parse(json);
        // One line more tells of the dates that could not be read.
        expect(entries.length + problems.length).toBeLessThanOrEqual(list.length + 1);
        for (const { title, links } of entries) {
          expect(title).not.toMatch(/^$|[\r\n\0]/);
          for (const link of Object.values(links)) expect(link).toMatch(/^https?:\/\//);
        }
      }),
    );
  });
}
