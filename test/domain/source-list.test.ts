import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSourceList } from '../../src/domain/source-list.ts';

describe('the list of sources', () => {
  test('takes the default sources', () => {
    expect(parseSourceList('huggingface, arxiv:cs.CL+cs.LG')).toEqual({
      specs: [
        { name: 'huggingface', kind: 'huggingface', argument: '' },
        { name: 'arxiv:cs.CL+cs.LG', kind: 'arxiv', argument: 'cs.CL+cs.LG' },
      ],
      problems: [],
    });
  });

  test('leaves the address out of the name of a source that points elsewhere', () => {
    const { specs } = parseSourceList(
      'huggingface@http://127.0.0.1:9000/, arxiv:hep-ex+math.AG@https://a.example/x',
    );
    expect(specs).toEqual([
      { name: 'huggingface', kind: 'huggingface', argument: '', base: 'http://127.0.0.1:9000' },
      {
        name: 'arxiv:hep-ex+math.AG',
        kind: 'arxiv',
        argument: 'hep-ex+math.AG',
        base: 'https://a.example/x',
      },
    ]);
  });

  test('separates by lines and by commas with white space, and keeps a comma inside an address', () => {
    const { specs, problems } = parseSourceList(
      '# ours\nhuggingface,\r\n  rss:https://a.example/f?x=1,2@3, rss:http://b.example/\n\n#rss:x',
    );
    expect(specs.map(({ argument }) => argument)).toEqual([
      '',
      'https://a.example/f?x=1,2@3',
      'http://b.example/',
    ]);
    expect(problems).toEqual([]);
  });

  test('says of each bad entry which it is and what was expected', () => {
    const { specs, problems } = parseSourceList(
      'usenet, arxiv:cs CL, arxiv, rss:file:///etc/passwd, huggingface:x, huggingface@ftp://a, huggingface, huggingface',
    );
    expect(specs.map(({ name }) => name)).toEqual(['huggingface']);
    expect(problems).toEqual([
      'entry 1 (usenet): unknown kind "usenet", expected one of huggingface, arxiv, biorxiv, medrxiv, pubmed, semanticscholar, openalex, rss, jsonfeed, hackernews, github',
      'entry 2 (arxiv:cs CL): expected arxiv:cs.CL+cs.LG, or arxiv:cs.CL+cs.LG@https://example.org',
      'entry 3 (arxiv): expected arxiv:cs.CL+cs.LG, or arxiv:cs.CL+cs.LG@https://example.org',
      'entry 4 (rss:file:///etc/passwd): expected rss:https://example.org/feed.xml',
      'entry 5 (huggingface:x): expected huggingface, or huggingface@https://example.org',
      'entry 6 (huggingface@ftp://a): expected an http or https address after @, got "ftp://a"',
      'entry 8 (huggingface): the source is there already',
    ]);
  });

  test('shows no password of an address', () => {
    const { specs } = parseSourceList('rss:https://me:secret@a.example/feed');
    expect(specs[0]?.name).toBe('rss:https://a.example/feed');
    expect(parseSourceList('arxiv:cs.CL@ftp://me:secret@a.example').problems.join()).not.toContain('secret');
  });

  test('begins a source behind a comma without a blank where its kind stands there', () => {
    const { specs } = parseSourceList(
      'rss:https://a.example/f?x=1,rss:https://b.example/?y=1,2,huggingface,arxiv:cs.CL',
    );
    expect(specs.map(({ name }) => name)).toEqual([
      'rss:https://a.example/f?x=1',
      'rss:https://b.example/?y=1,2',
      'huggingface',
      'arxiv:cs.CL',
    ]);
  });

  test('takes a user name and password, or headers, of a private feed', () => {
    const { specs, problems } = parseSourceList(
      'rss:https://lab:s3c%40ret@a.example/f, jsonfeed:https://b.example/f header="Authorization: Bearer t0ken, two" label=B header=X-Made:up',
    );
    expect(problems).toEqual([]);
    expect(specs).toEqual([
      {
        name: 'rss:https://a.example/f',
        kind: 'rss',
        argument: 'https://a.example/f',
        headers: { authorization: `Basic ${Buffer.from('lab:s3c@ret').toString('base64')}` },
      },
      {
        name: 'jsonfeed:https://b.example/f',
        kind: 'jsonfeed',
        argument: 'https://b.example/f',
        label: 'B',
        headers: { authorization: 'Bearer t0ken, two', 'x-made': 'up' },
      },
    ]);
    const mirror = parseSourceList('huggingface@https://me:pw@mirror.example/hf').specs[0];
    expect(mirror).toMatchObject({ base: 'https://mirror.example/hf', name: 'huggingface' });
    expect(mirror?.headers?.authorization).toMatch(/^Basic /);
  });

  test('takes no header that is not one, or that is ours to write', () => {
    for (const header of ['"x"', '"Host: b.example"', '"X: é"', '"X Y: z"', '":"', '"Connection: close"'])
      expect(parseSourceList(`rss:https://a.example/f header=${header}`)).toEqual({
        specs: [],
        problems: ['entry 1 (rss:https://a.example/f header=…): expected header="Name: value"'],
      });
    expect(parseSourceList('huggingface header="X-A: s3cret"').problems.join()).not.toContain('s3cret');
  });

  test('never shows a secret, however its entry is broken', () => {
    const secret = 's3cret';
    const broken = fc.constantFrom(
      `rss:https://me:${secret}@a.example/f`,
      `rss:https://me:p@${secret}@a.example/f`,
      `rss:https://me:p/${secret}@a.example/f`,
      `rss:ftp://me:${secret}@a.example`,
      `ress:https://me:${secret}@a.example`,
      `huggingface@https://me:${secret}@a.example`,
      `arxiv:x@ftp://me:${secret}@a.example`,
      `rss:https://a.example/f header="Authorization: ${secret}"`,
      `rss:https://a.example/f header="Authorization: A, ${secret}`,
      `rss:https://a.example/f header=Authorization:${secret}`,
      `rss:https://a.example/f header="X: ${secret}" weight=x`,
      `arxiv:cs.CL header="X: ${secret}"`,
    );
    fc.assert(
      fc.property(fc.array(broken, { minLength: 1, maxLength: 4 }), (entries) => {
        const { specs, problems } = parseSourceList(entries.join('\n'));
        expect(problems.join()).not.toContain(secret);
        for (const { headers: _, ...shown } of specs) expect(JSON.stringify(shown)).not.toContain(secret);
      }),
    );
  });

  test('takes every kind, with its base', () => {
    const text = [
      'biorxiv:neuroscience+cell_biology@http://127.0.0.1:9000',
      'medrxiv:infectious_diseases',
      'pubmed:1AbC-dEf_g2',
      'semanticscholar:"graph neural" | attention',
      'openalex:"made up, mice"@http://127.0.0.1:9000',
      'jsonfeed:https://me@lab.example/feed.json',
      'hackernews, github@https://api.example',
    ];
    const { specs, problems } = parseSourceList(text.join('\n'));
    expect(problems).toEqual([]);
    expect(specs.map(({ kind, argument, base }) => [kind, argument, base])).toEqual([
      ['biorxiv', 'neuroscience+cell_biology', 'http://127.0.0.1:9000'],
      ['medrxiv', 'infectious_diseases', undefined],
      ['pubmed', '1AbC-dEf_g2', undefined],
      ['semanticscholar', '"graph neural" | attention', undefined],
      ['openalex', '"made up, mice"', 'http://127.0.0.1:9000'],
      ['jsonfeed', 'https://lab.example/feed.json', undefined],
      ['hackernews', '', undefined],
      ['github', '', 'https://api.example'],
    ]);
  });

  test('takes a label and a weight, in any order', () => {
    const { specs, problems } = parseSourceList(
      'rss:https://lab.example/f.xml label="Lab news, and more" weight=0.5, huggingface weight=2 label=HF, arxiv:cs.CL label=""',
    );
    expect(problems).toEqual([]);
    expect(specs.map(({ name, label, weight }) => [name, label, weight])).toEqual([
      ['rss:https://lab.example/f.xml', 'Lab news, and more', 0.5],
      ['huggingface', 'HF', 2],
      ['arxiv:cs.CL', undefined, undefined],
    ]);
  });

  test('says what is wrong with a weight', () => {
    for (const weight of ['0', '-1', 'x', '101', 'Infinity', 'NaN']) {
      expect(parseSourceList(`huggingface weight=${weight}`)).toEqual({
        specs: [],
        problems: [
          `entry 1 (huggingface weight=${weight}): expected weight= a number above 0 and at most 100, got "${weight}"`,
        ],
      });
    }
  });

  test('takes no argument that would change the address that is asked', () => {
    const bad = [
      'biorxiv:a/../b',
      'biorxiv:a&x=1',
      'pubmed:../../x',
      'pubmed:x',
      'medrxiv',
      'openalex:\u0000x',
      'github:x',
    ];
    const { specs, problems } = parseSourceList(bad.join('\n'));
    expect(specs).toEqual([]);
    expect(problems).toHaveLength(bad.length);
  });
});
