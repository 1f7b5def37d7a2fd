import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLibrary } from '../../../src/papers/library/read-library.ts';

const read = (text: string) => readLibrary(Buffer.from(text)).entries;

describe('a library', () => {
  test('in BibTeX gives the ids of each entry, wherever reference managers write them', () => {
    const text = `% an export
@string{jl = {Journal of Made-up Lamps}}
@article{a, title = {Slow {Lamps}}, author = {Example, Ada and Muster, J{\\"o}rg}, journal = jl, month = jan, doi = {10.5555/Lamps\\_1}}
@misc{b, title = "Fast lamps", eprint = {2510.01230}, archivePrefix = {arXiv}, primaryClass = {cs.LG}}
@online{c, title = {Old lamps}, eprinttype = {arxiv}, eprint = {hep-th/9901001v2}}
@article{d, title = {Lamps again}, journal = {arXiv preprint arXiv:2510.04321}}
@misc{e, title = {A lamp by link}, url = {https://doi.org/10.48550/arXiv.2509.00001}}
@book{f, title = {A book of lamps}, isbn = {978-0-00-000000-2}}
@article{g, title = {Elsewhere}, eprint = {2510.01234}, eprinttype = {jstor}}
`;
    expect(read(text)).toEqual([
      ['doi:10.5555/lamps_1'],
      ['arxiv:2510.01230'],
      ['arxiv:hep-th/9901001'],
      ['arxiv:2510.04321'],
      ['arxiv:2509.00001'],
      [],
      [],
    ]);
  });

  test('in BibTeX as Zotero exports it is read whole, and an abstract that names other papers adds nothing', () => {
    const text = String.raw`
@misc{muster_slow_2025,
	title = {Slow lamps: a 50\% study of $\alpha$-lamps},
	url = {http://arxiv.org/abs/2510.01234},
	doi = {10.48550/arXiv.2510.01234},
	abstract = {We study lamps \& gardens as in https://doi.org/10.5555/other did.},
	urldate = {2026-01-02},
	publisher = {arXiv},
	author = {Muster, Jörg and Example, Ada},
	month = oct,
	year = {2025},
	note = {arXiv:2510.01234 [cs]},
	file = {Preprint PDF:/home/x/Zotero/storage/ABC/Muster.pdf:application/pdf},
}
@Comment{jabref-meta: databaseType:bibtex;}
`;
    expect(read(text)).toEqual([['arxiv:2510.01234']]);
  });

  test('of too many entries is only counted', () => {
    const entry = '@misc{a, eprint = {2510.01234}}\n';
    expect(read(entry.repeat(2000))[1999]).toEqual(['arxiv:2510.01234']);
    expect(read(`@string{a = "b"}\n${entry.repeat(2001)}`)).toEqual(Array.from({ length: 2001 }, () => []));
  });

  test('in BibTeX loses only the entries that are broken', () => {
    const text = `@article{a, doi = {10.5555/a}}\n@article{b, title = {never closed, doi = {10.5555/b}\n\n@article{c, doi = {10.5555/c}}\n`;
    expect(read(text)).toEqual([['doi:10.5555/a'], [], ['doi:10.5555/c']]);
  });

  test('in RIS gives the ids of each entry', () => {
    const lines = [
      ...['TY  - JOUR', 'TI  - Slow lamps', 'DO  - 10.5555/LAMPS.1', 'ER  - ', ''],
      ...['TY  - GEN', 'UR  - https://arxiv.org/abs/2510.01234v3', 'AB  - As in doi:10.5555/other', 'ER  - '],
      ...['TY  - BOOK', 'TI  - A book of lamps', 'ER  - '],
    ];
    expect(read(lines.join('\r\n'))).toEqual([['doi:10.5555/lamps.1'], ['arxiv:2510.01234'], []]);
  });

  test('in CSL-JSON gives the ids of each item', () => {
    const items = [
      {
        id: 'http://zotero.org/items/1',
        type: 'article-journal',
        DOI: '10.5555/lamps.1',
        issued: { 'date-parts': [[2025, 1]] },
      },
      { id: 'a', type: 'article', number: 'arXiv:2510.01234', publisher: 'arXiv' },
      { id: 'b', type: 'book', title: 'A book of lamps' },
    ];
    const expected = [['doi:10.5555/lamps.1'], ['arxiv:2510.01234'], []];
    expect(read(JSON.stringify(items))).toEqual(expected);
    expect(read(JSON.stringify({ items }))).toEqual(expected);
  });

  test('as a list has ids and links in any order, and keeps both ids of one paper', () => {
    const list =
      '2510.01234v2\n\n arXiv: 2510.04321, hep-th/9901001\r\nhttps://doi.org/10.5555/lamps.1\nsomething else\n';
    expect(read(list)).toEqual([
      ['arxiv:2510.01234'],
      ['arxiv:2510.04321'],
      ['arxiv:hep-th/9901001'],
      ['doi:10.5555/lamps.1'],
      [],
    ]);
    expect(read('@misc{a, doi = {10.5555/a}, eprint = {2510.01234}}')).toEqual([
      ['arxiv:2510.01234', 'doi:10.5555/a'],
    ]);
  });

  test('that is XML or empty has no entries', () => {
    expect(read('<?xml version="1.0"?><rdf:RDF/>')).toEqual([]);
    expect(read('')).toEqual([]);
    expect(read('[{"broken": ')).toEqual([]);
  });

  const hostile = fc.array(
    fc.constantFrom(
      '@',
      '@a{',
      '@misc{b,',
      'doi=',
      '{',
      '}',
      '"',
      '#',
      '\\',
      '[',
      '{"DOI":"',
      'TY  - ',
      'DO  - ',
      '\n',
      '10.5555/',
      '\0',
      '\ud800',
      '2510.01234',
      ',',
    ),
    { maxLength: 300 },
  );

  test('of any bytes never throws, and gives only keys that both databases can keep', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      hostile.map((parts) => Buffer.from(parts.join(''))),
    );
    fc.assert(
      fc.property(bytes, (upload) => {
        for (const key of readLibrary(upload).entries.flat())
          expect(key).toMatch(/^(arxiv|doi|pubmed):[^\p{Cc}]{1,250}$/u);
      }),
    );
  });
});
