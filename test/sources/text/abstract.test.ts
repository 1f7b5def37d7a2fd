import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestDescription, readDescription } from '../../../src/sources/text/abstract.ts';

const TEXT = 'We mix two made-up powders and find that the third one glows for eleven days.';
const known = { title: 'A made-up glow in the dark of a cellar', names: ['Annals of Made-up Results'] };

function read(html: string) {
  return readDescription(html, known);
}

describe('the abstract of a description is what is left without what journals put around it', () => {
  test.each([
    ['alone', TEXT],
    ['under a heading', `<h2>ABSTRACT</h2>\n<p>${TEXT}</p>`],
    ['under two headings', `<h3>Abstract</h3><h3>Purpose</h3><p>${TEXT}</p>`],
    ['behind a word', `Abstract: ${TEXT}`],
    ['behind a word without a sign', `Abstract ${TEXT}`],
    ['behind a word without a space', `Abstract${TEXT}`],
    ['behind a part without a space', `Annals, Ahead of Print. <br/>Background${TEXT}`],
    ['behind a part of its own', `<sec><st><p>Objectives</p></st><p>${TEXT}</p></sec>`],
    [
      'behind a licence',
      `<div><i>Chem. Made.</i>, 2026, Advance Article<br/><b>DOI</b> : 10.5555/D6A, Edge Article</div><div><img/> Open Access <img/> This article is licensed under a Made-up Licence.</div><div>${TEXT}</div>`,
    ],
    ['under a line of plain text', `\nAbstract\n${TEXT}\n`],
    ['behind a teaser and a heading', `<p>A glow, in short.</p><h2>ABSTRACT</h2><p>${TEXT}</p>`],
    ['behind a box', `<span class="paragraphSection"><div class="boxTitle">Abstract</div>${TEXT}</span>`],
    ['behind an article ahead of print', `Annals of Made-up Results, Ahead of Print. <br/>${TEXT}`],
    ['on the line of it', `Annals of Made-up Results, EarlyView. ${TEXT}`],
    [
      'behind a volume',
      `Annals of Made-up Results, Volume 12, Issue 3, Page 101-120, October 2026. <br/>${TEXT}`,
    ],
    ['on the line of a volume', `Made-up Results, Volume 12, Issue 3, October 2026. ${TEXT}`],
    [
      'behind the day it was online',
      `<p>Results, Published online: 20 October 2026; <a href="https://x.example">doi:10.5555/a.1</a></p>${TEXT}`,
    ],
    ['before the place', `<p>${TEXT}</p><br/>[Made. Rev. Lett. 1, 010203] Published Tue Oct 20, 2026`],
    [
      'behind title, authors and place',
      `<b>${known.title}</b><br />Ada Made, Bo Up, and Cy Best<br />Results Sci., 20, 1–20, https://doi.org/10.5555/a-20-1-2026, 2026<br />${TEXT}`,
    ],
    [
      'among the links of an archive',
      `<p>Results 84: 185-201</p><p>DOI: 10.5555/a</p><p>Authors: Ada Made, Bo Up</p><p>Abstract: ${TEXT}</p><p><a href="x">HTML</a></p><p><a href="y">PDF</a></p>`,
    ],
    [
      'behind a picture and the kind of article',
      `<div><i><b>Chem. Made.</b></i>, 2026, Advance Article<br/><b>DOI</b>: 10.5555/D6A, Communication</div><div><img alt="Graphical abstract"/>&nbsp; Open Access</div><div>Ada Made, Bo Up</div><div>${TEXT}</div><div>To cite this article before page numbers are assigned, use the DOI form of citation above.</div><div>The content of this RSS Feed (c) A Made-up Society</div>`,
    ],
    [
      'before a footer',
      `<p>${TEXT}</p><p>The post <a href="x">A glow</a> appeared first on <a href="y">Lab</a>.</p>`,
    ],
    ['before rights', `<p>${TEXT}</p><p>This article is protected by copyright. All rights reserved.</p>`],
    ['of a list of announcements', `arXiv:2601.00001v1 Announce Type: new \nAbstract: ${TEXT}`],
    ['escaped twice', `&lt;p&gt;Volume 3, Issue 1, May 2026.&lt;/p&gt;&lt;p&gt;${TEXT}&lt;/p&gt;`],
  ])('%s', (_, html) => {
    expect(read(html).abstract).toBe(TEXT);
  });

  test.each([
    ['Annals of Made-up Results, EarlyView. '],
    ['TAXA, Accepted Article.'],
    ['Results, Volume 394, Issue 6799, Page 714-717, November 2026. <br/>'],
    ['<a href="/toc/56/3">Volume 56, Issue 3</a>, October 2026, Page 163-175<br/>. <br/>'],
    ['Volume 12, Issue 3, Spring 2026'],
    ['Annals, (2026), p. 291 - 301'],
    ['. <br/>'],
    [
      '<p><img src="x.gif" alt="TOC Graphic"/></p><div><cite>Annals of Made-up Results</cite></div><div>DOI: 10.5555/a.3</div>',
    ],
    [
      '<p>Publication date: March 2027</p><p><b>Source:</b> Annals, Volume 12</p><p>Author(s): Ada Made, Bo Up</p>',
    ],
    [
      '<p>Results, Published online: 26 November 2026; <a href="x">doi:10.5555/s-1</a></p>A made-up glow in the dark of a cellar',
    ],
    ['Ada Made, Bo Up in Proceedings of the 38th Made-up Conference on Play'],
    ['Ada Made, Bo Up, and Cy Best'],
    ['No abstract is available for this article.'],
    ['NO ABSTRACT'],
    ['Research Article'],
    ['<p>Open Access</p>'],
    [''],
  ])('is nothing where there is nothing else: %s', (html) => {
    expect(read(html).abstract).toBe('');
  });

  test.each([
    'Volume rendering of made-up clouds is slow. We make it fast.',
    'Abstract interpretation is made simple. We show how.',
    'Summary statistics hide what made-up data show.',
    'Page tables are large. We shrink them by half.',
    'We report results, published online in 2026, of a survey.',
    'Purpose: to see powders glow. Methods: we look.',
    'In 2026, 12 powders glow: 3 of them for days',
    'Some α text.',
  ])('is not cut where a text only begins like a citation: %s', (text) => {
    expect(read(`<p>${text}</p>`).abstract).toBe(text);
  });

  test('is never anything but words of the description', () => {
    const piece = fc.constantFrom(
      '<p>',
      '</p>',
      '<br/>',
      'Abstract',
      'Volume 3, Issue 1',
      'Ada Made, Bo Up',
      'We mix.',
      'DOI: 10.5555/a',
      'Authors: ',
      '. ',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const html = pieces.join('');
        for (const word of read(html).abstract.split(' ')) expect(html).toContain(word);
      }),
    );
  });
});

describe('of a description', () => {
  test('the authors and the DOI are read', () => {
    const html = `<p>Results 84: 185-201</p><p>DOI: 10.5555/amr.32</p><p>Authors: Ada Made, Bo Up</p><p>Abstract: ${TEXT}</p>`;
    const { authors, citations } = read(html);
    expect(authors).toEqual(['Ada Made', 'Bo Up']);
    expect(citations.join(' ')).toContain('10.5555/amr.32');
  });

  test('authors that stand line by line are told apart', () => {
    const html = `<p>Results <a href="x">doi: 10.5555/m.1</a></p><p>Authors:\n\t\tAda Made\n\t\tBo Eva Up\n\t</p><p>${TEXT}</p>`;
    expect(read(html)).toMatchObject({ authors: ['Ada Made', 'Bo Eva Up'], abstract: TEXT });
  });

  test.each([
    ['Author(s): Ada Made, Bo Up, and Cy Best<br/><p>We mix.</p>', ['Ada Made', 'Bo Up', 'Cy Best']],
    ['Ada MADE;Bo UP;Cy BEST;</br>We mix made-up powders.', ['Ada MADE', 'Bo UP', 'Cy BEST']],
    ['<p>by Ada Made, Bo Up</p>\nWe mix made-up powders.', ['Ada Made', 'Bo Up']],
    [
      '<b>Made, Ada; Up, Bo</b><br/>Annals, (2026), p. 2 - 3<h2>Abstract</h2><p>We mix.</p>',
      ['Ada Made', 'Bo Up'],
    ],
    ['Ada Made in Proceedings of the 38th Made-up Conference', ['Ada Made']],
  ])('the authors are read: %s', (html, authors) => {
    expect(read(html).authors).toEqual(authors);
  });
});

describe('of several descriptions', () => {
  test('the first that has an abstract gives it', () => {
    expect(
      bestDescription(['Annals, EarlyView.', `<h2>Abstract</h2><p>${TEXT}</p>`, 'Other words.'], known)
        .abstract,
    ).toBe(TEXT);
  });

  test('the whole one stands for one that is cut off', () => {
    const cut = `${TEXT.slice(0, 40)}...`;
    expect(bestDescription([cut, `<p>${TEXT}</p>`], known).abstract).toBe(TEXT);
    expect(
      bestDescription(
        [cut, 'Another text that is longer than the first one, and about something else.'],
        known,
      ).abstract,
    ).toBe(cut);
  });
});
