import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/domain/entry.ts';
import { parseArxiv } from '../../src/sources/providers/arxiv.ts';
import { parseArxivApi } from '../../src/sources/providers/arxiv-api.ts';
import { parseHuggingFace } from '../../src/sources/providers/huggingface.ts';
import { parseJsonFeed } from '../../src/sources/providers/jsonfeed.ts';
import { parseRss } from '../../src/sources/providers/rss.ts';
import { parseSemanticScholar } from '../../src/sources/providers/semanticscholar.ts';
import { cleanAbstract, cleanTitle } from '../../src/sources/text/clean-text.ts';
import { NotAList } from '../../src/sources/text/json.ts';

const CAPTURES = new URL('../../../shared/captures/', import.meta.url);
const origin = { source: 'captured', seenAt: Date.parse('2026-11-01T00:00:00Z') };

function captured(path: string, body: (text: string) => void | Promise<void>): void {
  const file = new URL(path, CAPTURES);
  test.skipIf(!existsSync(file))(path, () => body(readFileSync(file, 'utf8')));
}

function expectClean(entries: readonly Entry[]): void {
  for (const { title, abstract, authors } of entries) {
    for (const text of [title, abstract, ...authors]) {
      expect(text).not.toMatch(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]| {2}/u);
      expect(text).not.toMatch(/\\[a-zA-Z]+\{|<\/?(p|b|i|a)>/);
    }
    expect(title).not.toBe('');
  }
}

describe('Hugging Face days', () => {
  const days: [day: string, papers: number][] = [
    ['2024-05-27', 13],
    ['2024-12-10', 12],
    ['2025-01-21', 1],
    ['2025-01-27', 4],
    ['2025-08-25', 13],
    ['2025-09-30', 50],
    ['2026-08-18', 29],
  ];
  for (const [day, papers] of days) {
    captured(`hf-api/hf_daily_papers_${day}.json`, (json) => {
      const { entries, problems } = parseHuggingFace(json, day, origin);
      expect(problems).toEqual([]);
      expect(entries).toHaveLength(papers);
      expectClean(entries);
      for (const entry of entries) {
        expect(entry.ids.arxiv).toMatch(/^\d{4}\.\d{5}$/);
        expect(entry.listedOn).toBe(day);
        expect(entry.publishedAt).toBeLessThan(Date.parse(day) + 2 * 86_400_000);
        expect(entry.signals.find(({ name }) => name === 'upvotes')?.value).toBeGreaterThanOrEqual(0);
      }
    });
  }

  captured('hf-api/hf_daily_papers_2025-01-27.json', (json) => {
    const { entries } = parseHuggingFace(json, '2025-01-27', origin);
    expect(Math.max(...entries.map(({ authors }) => authors.length))).toBe(664);
  });

  captured('hf-api/hf_daily_papers_2026-08-18.json', (json) => {
    const { entries } = parseHuggingFace(json, '2026-08-18', origin);
    expect(entries.filter(({ title }) => title.includes('$60 GPUs'))).toHaveLength(1);
    const first = entries.find(({ key }) => key === '2608.15265');
    expect(first?.organization).toBe('Tencent');
    expect(first?.links.code).toBe('https://github.com/usail-hkust/VibeWorlding-Gym');
    expect(first?.signals.map(({ name, value }) => [name, value])).toEqual([
      ['upvotes', 39],
      ['comments', 1],
      ['stars', 24],
    ]);
  });

  captured('hf-api/hf_daily_papers_2025-08-25.json', (json) => {
    const titles = parseHuggingFace(json, '2025-08-25', origin).entries.map(({ title }) => title);
    expect(titles.filter((title) => title.includes(' & '))).toHaveLength(1);
    expect(titles.join()).not.toContain('\\');
  });

  captured('hf-api/weekend_no_data_object.json', (json) => {
    expect(parseHuggingFace(json, '2025-01-11', origin)).toEqual({ entries: [], problems: [] });
  });

  captured('hf-api/error_page_not_found.json', (json) => {
    expect(() => parseHuggingFace(json, '2025-01-11', origin)).toThrow(NotAList);
    expect(() => parseHuggingFace(json, '2025-01-11', origin)).toThrow(/got an object: Sorry, we can't find/);
  });
});

describe('arXiv', () => {
  captured('arxiv-rss/rss.arxiv.org_atom_cs.AI_2025-08-20.xml', (xml) => {
    const { entries, problems } = parseArxiv(xml, origin);
    expect(problems).toEqual([]);
    expect(entries).toHaveLength(7);
    expectClean(entries);
    expect(new Set(entries.map(({ listedOn }) => listedOn))).toEqual(new Set(['2025-08-20']));
    const brazilian = entries.find(({ key }) => key === '2508.13429');
    expect(brazilian?.authors).toEqual(['Paulo André Lima de Castro']);
    expect(brazilian?.categories).toEqual(['q-fin.CP', 'cs.AI']);
    expect(entries.find(({ key }) => key === '2508.13434')?.abstract).toContain(' 1.13× faster');
    for (const { abstract } of entries) expect(abstract).not.toContain('Announce Type');
  });

  captured('arxiv-rss/export_arxiv_rss1.0_rdf_hep-ex_2018-05-23_trimmed.xml', (xml) => {
    const { entries } = parseArxiv(xml, origin);
    expect(entries.map(({ key }) => key)).toEqual(['1805.08875', '1805.09166']);
    expectClean(entries);
    expect(entries[0]?.authors).toEqual(['Christopher Dilks']);
    expect(entries[0]?.title).toMatch(/Asymmetries$/);
    expect(entries[0]?.abstract).toContain('2.6<η<4');
    expect(entries[0]?.abstract).toContain('π⁰');
  });

  captured('arxiv-rss/arxiv_org_rss_cs_2026-03-29_sunday_empty.xml', (xml) => {
    expect(parseArxiv(xml, origin)).toEqual({ entries: [], problems: [] });
  });

  captured('arxiv-rss/mirror_cs.CV_2026-04-27.json', (json) => {
    const { papers } = JSON.parse(json) as { papers: { title: string; abstract: string }[] };
    for (const { title, abstract } of papers) {
      expect(cleanTitle(title)).not.toBe('');
      expect(cleanAbstract(abstract)).not.toMatch(/\\[a-zA-Z%&]|\n/);
    }
  });
});

describe('community feeds', () => {
  const feeds: [file: string, items: number][] = [
    ['cn-chat-arxiv_cs.AI_2023-08-02.xml', 118],
    ['cn-chat-arxiv_cs.AI_empty_channel.xml', 0],
    ['hf_papers_2025-02-07.rss.xml', 21],
    ['hf_papers_2026-08-21.rss.xml', 23],
  ];
  for (const [file, items] of feeds) {
    captured(`community-rss/${file}`, async (xml) => {
      const { entries, problems } = await parseRss(xml, origin);
      expect(problems).toEqual([]);
      expect(entries).toHaveLength(items);
      expectClean(entries);
      for (const { ids, key } of entries) expect(key).toContain(ids.arxiv);
    });
  }

  for (const [file, items] of [
    ['hf_papers_2025-02-07.jsonfeed.json', 21],
    ['hf_papers_2026-08-21.jsonfeed.json', 23],
  ] as const) {
    captured(`community-rss/${file}`, (json) => {
      const { entries, problems } = parseJsonFeed(json, origin);
      expect(problems).toEqual([]);
      expect(entries).toHaveLength(items);
      expectClean(entries);
      for (const { ids, key, listedOn } of entries) {
        expect(key).toContain(ids.arxiv);
        expect(listedOn).toMatch(/^202[56]-/);
      }
    });
  }
});

describe("arXiv's API", () => {
  const answers: [file: string, ids: string[]][] = [
    ['id_0000.0000_s0_m100_8b51d9633a68', []],
    ['id_0808.05394_1707.08567_s0_m100_42e5aa0ec3af', ['1707.08567']],
    ['id_1605.08386_s0_m100_199195aa31ad', ['1605.08386']],
    ['id_2104.12255v1_s0_m100_6ae69987ffe1', ['2104.12255']],
    ['id_astro-ph_0601001_s0_m100_3150dca9dc76', ['astro-ph/0601001']],
  ];
  for (const [file, ids] of answers) {
    captured(`arxiv-api/${file}.status200.xml`, (xml) => {
      const details = new Map(parseArxivApi(xml).details);
      expect([...details.keys()]).toEqual(ids);
      for (const { authors, abstract, categories } of details.values()) {
        expect(authors.length).toBeGreaterThan(0);
        expect(abstract.length).toBeGreaterThan(100);
        expect(categories[0]).toMatch(/^[a-z-]+(\.[A-Z]{2})?$/);
      }
    });
  }

  captured('arxiv-api/q_testing_s0_m10_bc5a6c384fe9.status200.xml', (xml) => {
    expect(parseArxivApi(xml).details.length).toBe(10);
  });
});

describe('Semantic Scholar', () => {
  /** The bodies in a recording: YAML, each one a scalar in single quotes. */
  function bodies(yaml: string): string[] {
    const found = yaml.matchAll(/^ {4}(?: {2})?(?:content|string): '((?:[^']|'')*)'/gm);
    return [...found].map(([, body = '']) => body.replace(/\n\s*/g, ' ').replaceAll("''", "'"));
  }

  captured('scholarly/s2_test_search_paper_publication_date_or_year.vcr.yaml', (yaml) => {
    const searches = bodies(yaml);
    expect(searches.length).toBeGreaterThan(5);
    for (const json of searches) {
      const { entries, problems } = parseSemanticScholar(json, origin);
      expect(problems).toEqual([]);
      expect(entries.length).toBeGreaterThan(10);
      expectClean(entries);
    }
  });

  captured('scholarly/s2_test_get_papers_not_found_warning.vcr.yaml', (yaml) => {
    const { entries, problems } = parseSemanticScholar(`{"data":${bodies(yaml)[0]}}`, origin);
    expect(problems[0]).toBe('item 1: expected a paper with a paperId');
    expect(entries.length).toBeGreaterThan(0);
    expectClean(entries);
    for (const { ids, links } of entries) {
      expect(ids.doi).toMatch(/^10\./);
      expect(links.abstract).toBe(`https://doi.org/${ids.doi}`);
    }
  });

  captured('scholarly/s2_test_get_recommended_papers.vcr.yaml', (yaml) => {
    const { recommendedPapers } = JSON.parse(bodies(yaml)[0] ?? '') as { recommendedPapers: unknown[] };
    const { entries, problems } = parseSemanticScholar(JSON.stringify({ data: recommendedPapers }), origin);
    expect(problems).toEqual([]);
    expect(entries).toHaveLength(recommendedPapers.length);
    expectClean(entries);
  });

  captured('scholarly/s2_test_bad_query_parameters.vcr.yaml', (yaml) => {
    expect(() => parseSemanticScholar(bodies(yaml)[0] ?? '', origin)).toThrow(/got an object: Unrecognized/);
  });

  captured('scholarly/s2_PaperWithNullValues.json', (json) => {
    const { problems } = parseSemanticScholar(`{"data":[${json}]}`, origin);
    expect(problems).toEqual([expect.stringMatching(/has no title$/)]);
  });
});
