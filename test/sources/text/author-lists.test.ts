import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { feedNames, namesOfPersons } from '../../../src/sources/text/author-lists.ts';

describe('the authors of an item are single names, as they are spoken', () => {
  test.each<[string, string[], string[]]>([
    ['a list with "and"', ['Ada Made, Bo Up, and Cy Best'], ['Ada Made', 'Bo Up', 'Cy Best']],
    ['two with "and"', ['A. Made and B. Up'], ['A. Made', 'B. Up']],
    ['semicolons, the last behind all', ['Ada Made; Bo Up;Cy Best;'], ['Ada Made', 'Bo Up', 'Cy Best']],
    ['commas without spaces', ['Ada Made,Bo Up,Cy Best'], ['Ada Made', 'Bo Up', 'Cy Best']],
    ['a line for each', ['\n\tAda Made\n\tBo Up\n'], ['Ada Made', 'Bo Up']],
    ['lines that end in commas', ['\nAda Made, \nBo Up\n'], ['Ada Made', 'Bo Up']],
    ['a name of one word among others', ['Smile, Ada Made, Bo Up'], ['Smile', 'Ada Made', 'Bo Up']],
    ['the family first', ['Made, Ada'], ['Ada Made']],
    ['families first', ['Made, A.; Up, B. C.'], ['A. Made', 'B. C. Up']],
    ['families first, commas alone', ['Made, A., Up, B. C.'], ['A. Made', 'B. C. Up']],
    ['only the first family first', ['Made, Ada, and Bo Up'], ['Ada Made', 'Bo Up']],
    ['an element for each, families first', ['Made, Ada', 'van der Up, Bo'], ['Ada Made', 'Bo van der Up']],
    ['families of two words', ['Made López, Ada Eva', 'Up, Bo'], ['Ada Eva Made López', 'Bo Up']],
    ['initials behind', ['Made A, Up BC, et al. '], ['Made A', 'Up BC']],
    ['a suffix', ['Ada Made, Jr.', 'Up, Bo, III'], ['Ada Made, Jr.', 'Bo Up, III']],
    ['degrees', ['Ada Made, M.D., Ph.D., Bo Up, MPH'], ['Ada Made', 'Bo Up']],
    ['Chinese commas', ['范一，林二、俞三'], ['范一', '林二', '俞三']],
    ['Chinese names, Latin commas', ['范一,林二'], ['范一', '林二']],
    ['a sequence of RDF', ['<rdf:li>Ada Made</rdf:li><rdf:li>Bo Up</rdf:li>'], ['Ada Made', 'Bo Up']],
    ['a label', ['By Ada Made; Bo Up'], ['Ada Made', 'Bo Up']],
    ['notes in parentheses and digits', ['Ada Made (1), Bo Up2,3'], ['Ada Made', 'Bo Up']],
    ['a group', ['The Made-up Collaboration'], ['The Made-up Collaboration']],
    ['escaped letters', ['Bj&ouml;rn Made; Ren&#233; Up'], ['Björn Made', 'René Up']],
    ['nothing', ['', ' , '], []],
  ])('%s', (_, elements, names) => {
    expect(feedNames(elements)).toEqual(names);
  });

  test.each<[string, string[]]>([
    ['ada@lab.example (Ada Made)', ['Ada Made']],
    ['Ada Made (ada@lab.example)', ['Ada Made']],
    ['Ada Made <ada@lab.example>', ['Ada Made']],
    ['Ada Made &lt;ada@lab.example&gt;', ['Ada Made']],
    ['no-reply@lab.example (Ada Made, Bo Up)', ['Ada Made', 'Bo Up']],
    ['ada@lab.example', []],
    ['ada@lab.example, bo@lab.example', []],
  ])('without an address of mail: %s', (element, names) => {
    expect(feedNames([element])).toEqual(names);
  });

  test('and no address of mail is ever among them', () => {
    const piece = fc.constantFrom(
      'Ada Made',
      'ada@lab.example',
      'b.o+x@up.example',
      ',',
      ';',
      ' (',
      ')',
      ' <',
      '>',
      ' and ',
      '\n',
      '@',
    );
    fc.assert(
      fc.property(fc.array(fc.array(piece).map((pieces) => pieces.join(''))), (elements) => {
        for (const name of feedNames(elements)) expect(name).not.toMatch(/\S@\S/);
      }),
    );
  });

  test('and thousands of them are read', () => {
    const names = Array.from({ length: 5000 }, (_, index) => `A. Made-${'x'.repeat(index % 7)}`);
    expect(feedNames([names.join(', ')])).toEqual(names);
  });
});

test('a line is a list of persons when all of it is', () => {
  expect(namesOfPersons('Ada Made, Bo van Up, and C. Best')).toEqual(['Ada Made', 'Bo van Up', 'C. Best']);
  expect(namesOfPersons('Made, Ada; Up, Bo')).toEqual(['Ada Made', 'Bo Up']);
  for (const text of [
    'We mix powders, and they glow',
    'Open Access',
    '',
    'Annals of Made-up Results, Volume 3',
  ])
    expect([text, text === 'Open Access' ? undefined : namesOfPersons(text)]).toEqual([text, undefined]);
});
