import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bibliography, bibtex, markdown, ris } from '../../src/web/citations.ts';
import { makeKnown } from '../support/site.ts';

test('a paper is one BibTeX entry with its arXiv id, and nothing in its title is a command', () => {
  const paper = makeKnown({ title: '50% of $x_1$ & {more} \\input' });
  expect(bibtex(paper)).toBe(`@misc{example2026more,
  title = {{50\\% of \\$x\\_1\\$ \\& \\{more\\} \\textbackslash{}input}},
  author = {Ada Example and Bo Sample},
  year = {2026},
  eprint = {2608.00001},
  archivePrefix = {arXiv},
  primaryClass = {cs.AI},
  url = {https://arxiv.example/abs/2608.00001}
}
`);
});

test('no title can end its own entry', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (title) => {
      const bare = bibtex(makeKnown({ title })).replace(/\\[{}]/g, '');
      let depth = 0;
      for (const mark of bare.slice(0, bare.lastIndexOf('}'))) {
        depth += mark === '{' ? 1 : mark === '}' ? -1 : 0;
        expect(depth === 0 && mark === '}').toBe(false);
      }
      expect(depth).toBe(1);
    }),
  );
});

test('two papers of an issue never have the same key', () => {
  const entries = bibliography([makeKnown(), makeKnown(), makeKnown()]);
  expect(entries.match(/@misc\{\w+/g)).toEqual([
    '@misc{example2026slow',
    '@misc{example2026slowb',
    '@misc{example2026slowc',
  ]);
});

test('RIS has a tag on every line, whatever a text holds', () => {
  const text = ris(makeKnown({ title: 'Two\nlines\r\nER  - ', ids: { doi: '10.1000/seven' } }));
  const lines = text.split('\r\n');
  expect(lines.pop()).toBe('');
  for (const line of lines) expect(line).toMatch(/^[A-Z]{2} {2}- /);
  expect(lines.filter((line) => line.startsWith('ER'))).toHaveLength(1);
  expect(text).toContain('TY  - JOUR\r\n');
  expect(text).toContain('DO  - 10.1000/seven\r\n');
});

test('Markdown links the title and escapes what would be markup', () => {
  const links = { abstract: 'https://x.example/a(b)' };
  expect(markdown(makeKnown({ title: 'A [B] *C*', links }))).toBe(
    'Ada Example, Bo Sample. [A \\[B\\] \\*C\\*](https://x.example/a%28b%29). 2026.',
  );
});
