import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanAbstract, cleanName, cleanTitle } from '../../../src/sources/text/clean-text.ts';
import { RUNS } from '../../support/properties.ts';

describe('a clean title', () => {
  const cases: [what: string, given: string, expected: string][] = [
    ['keeps money', 'Serving on $60 GPUs', 'Serving on $60 GPUs'],
    ['keeps two prices', 'It costs $5 and $10 now', 'It costs $5 and $10 now'],
    ['keeps a range of prices', 'Between $10k–$20k', 'Between $10k–$20k'],
    ['keeps escaped money', 'For \\$60 and \\$70', 'For $60 and $70'],
    ['reads mathematics', '$\\alpha$ and $\\pi^0$, $1.13\\times$ faster', 'α and π⁰, 1.13× faster'],
    ['reads mathematics beside money', 'For $5 (or $10) and ($x$)', 'For $5 (or $10) and (x)'],
    ['reads a sign before a number', '27$\\pm$11 and $\\sim$500', '27±11 and ∼500'],
    [
      'reads scripts, roots and fractions',
      '$\\sqrt{s_{NN}}$ $10^{-3}$ $\\frac{a+b}{2}$',
      '√s_NN 10⁻³ (a+b)/2',
    ],
    ['leaves functions whole', '$O(n \\log n)$ in $\\mathbb{R}^N$', 'O(n log n) in ℝᴺ'],
    [
      'reads accents',
      'Paulo Andr\\\'e, \\"Ust\\"un, \\c{c}, Stra\\ss e, \\o, Erd\\H os',
      'Paulo André, Üstün, ç, Straße, ø, Erdős',
    ],
    ['reads escapes', 'R\\&D, 90\\%, a\\_b, \\#1', 'R&D, 90%, a_b, #1'],
    ['keeps the text of type faces', '\\textbf{a} \\emph{b \\texttt{c}} $\\mathbf{x}$', 'a b c x'],
    ['decodes entities', 'R&amp;D &#233; &lt;think&gt;', 'R&D é <think>'],
    [
      'keeps angle brackets that are no HTML',
      'a <think> x < y </think> <b and c>',
      'a <think> x < y </think> <b and c>',
    ],
    ['removes HTML', '<p>a</p><p>b <b>c</b><br/>d</p><img src=x onerror=alert(1)>', 'a b c d'],
    ['removes scripts with their content', '<script>alert(1<2)</script>a<style>p{}</style>', 'a'],
    ['folds line breaks', 'A title\r\nBcc: x@example.org', 'A title Bcc: x@example.org'],
    ['drops what hides', 'a\u202eb\u200b\u2066c\u0000\u200d', 'abc'],
    [
      'drops what no text has, and marks halves of characters',
      'a\ufffeb\uffffc\ufdd0d\u{1fffe}e&#xFFFE;f\ud83dg',
      'abcdef\ufffdg',
    ],
    ['keeps joined emoji', '👩‍💻 works', '👩‍💻 works'],
    ['reads tildes between words only', 'Fig.~1, et al.~[2], ~10%, a/~b', 'Fig. 1, et al. [2], ~10%, a/~b'],
    ['reads dashes and quotes', "1--8, ``one'', a -- b, use --force", '1–8, “one”, a – b, use --force'],
    [
      'raises and lowers what HTML does',
      'CO<sub>2</sub>, 10<sup>−3</sup>, s<sub>NN</sub>',
      'CO₂, 10⁻³, s_NN',
    ],
    ['leaves footnotes and trade marks', 'cited<sup>1,2</sup> Foo<sup>TM</sup>', 'cited1,2 FooTM'],
    [
      'reads MathML',
      '<math><msup><mi>x</mi> <mn>2</mn></msup><mo>+</mo><mfrac><mn>1</mn><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow></mfrac></math>',
      'x²+1/(a+b)',
    ],
    [
      'reads MathML once, and with its prefix',
      '<mml:math><mml:semantics><mml:msubsup><mml:mi>T</mml:mi><mml:mn>0</mml:mn><mml:mo>∗</mml:mo></mml:msubsup><mml:annotation encoding="TeX">T_0^*</mml:annotation></mml:semantics></mml:math>',
      'T₀*',
    ],
    [
      'removes JATS, and its heading',
      '<jats:title>Abstract</jats:title><jats:sec><jats:title>Aim</jats:title><jats:p>We <jats:italic>see</jats:italic> O<jats:sub>2</jats:sub>.</jats:p></jats:sec>',
      'Aim We see O₂.',
    ],
    [
      'removes mark-up that was escaped too often',
      '&lt;i&gt;E. coli&lt;/i&gt; &amp;amp; CO&lt;sub&gt;2&lt;/sub&gt;',
      'E. coli & CO₂',
    ],
    ['keeps the name of an element that a title is about', 'The &lt;p&gt; element', 'The <p> element'],
    [
      'decodes numeric entities',
      '&#x1F600; &#39;a&#39; &#8211; &#0;&#xD800;&#x202e;b',
      "😀 'a' – \ufffd\ufffdb",
    ],
    ['reads calligraphic letters', '$\\mathcal{O}(n^2)$ and \\mathcal{O}(n)', '𝒪(n²) and 𝒪(n)'],
    [
      'reads accents in braces',
      'Schr{\\"o}dinger, Erd{\\H{o}}s, na\\"\\i ve, Poincar{\\\'e}',
      'Schrödinger, Erdős, naïve, Poincaré',
    ],
    ['reads scripts on parentheses', '(1^{+1.39}_{-0.59})', '(1^+1.39_-0.59)'],
    [
      'keeps all kinds of money',
      'US$20, $1M to $2M, $1,000 vs $2,000',
      'US$20, $1M to $2M, $1,000 vs $2,000',
    ],
    ['keeps what is no TeX', 'C:\\users \\d+ {True, False}', 'C:\\users \\d+ {True, False}'],
    [
      'reads numbers of Windows-1252',
      'it doesn\u0092t &#147;glow&#148;, 2020&#150;2026\u0085',
      'it doesn’t “glow”, 2020–2026…',
    ],
    [
      'reads JATS without its prefix',
      'Feeding <scp>l</scp>‐arginine to <italic>E. madeup</italic> in CO<inf>2</inf>, <styled-content style="x">now</styled-content> <xref ref-type="bibr" rid="b1">1</xref>',
      'Feeding l‐arginine to E. madeup in CO₂, now 1',
    ],
    [
      'reads a formula that is given in TeX and in MathML once',
      '<inline-formula><tex-math notation="LaTeX">$\\mu$</tex-math><alternatives><mml:math><mml:mi>μ</mml:mi></mml:math><inline-graphic xlink:href="a.gif"/></alternatives></inline-formula>Made of <inline-formula><alternatives><mml:math><mml:mi>x</mml:mi></mml:math><tex-math>x</tex-math></alternatives></inline-formula>',
      'μMade of x',
    ],
    [
      'reads a formula in a document of its own',
      'A <tex-math>\\documentclass[12pt]{minimal} \\usepackage{amsmath} \\begin{document}$$\\sqrt{2}$$\\end{document}</tex-math>-fold',
      'A √2-fold',
    ],
    ['reads raised degrees', '4 <sup>°</sup>C, 37<sup>o</sup>C, 5<sup>∘</sup>', '4 °C, 37°C, 5°'],
    ["reads MathML's marks", '<math><msup><mover><mi>B</mi><mo>¯</mo></mover><mn>0</mn></msup></math>', 'B̄⁰'],
    [
      'removes pictures in SVG',
      '<svg viewBox="0 0 1 1"><title>Logo</title><path d="M0 0"/><text>Logo</text></svg> A made-up title',
      'A made-up title',
    ],
    [
      'keeps the names of elements that have no end',
      'Drawing with <svg> and <path>, <italic> in <list>',
      'Drawing with <svg> and <path>, <italic> in <list>',
    ],
    ['reads what is left of a formula that was cut off', 'Bounds on $\\alpha', 'Bounds on α'],
    ['reads a minus between formulas', '0.1$-$10 GeV, Cl$^-$, $n$-$m$', '0.1-10 GeV, Cl⁻, n-m'],
    [
      'reads formulas with blanks at both ends',
      'the $ \\mathrm{t}\\overline{\\mathrm{t}} $ pair',
      'the tt̄ pair',
    ],
    [
      'adds no blanks to formulas of Springer',
      '$$\\alpha$$-decay of $${\\bar{B}}^0$$, now',
      'α-decay of B̄⁰, now',
    ],
    ['keeps the blanks of relations only', '$2\\times 10^5$ and $x \\leq y$', '2×10⁵ and x ≤ y'],
    ['reads names of programs', '\\LaTeX{}-free \\TeX', 'LaTeX-free TeX'],
    [
      'reads formulas without dollars',
      'an \\mathcal O(n) bound, H\\textsubscript{2}O, \\frac{a}{b}',
      'an mathcal O(n) bound, H₂O, a/b',
    ],
    ['leaves names of files whole', '\\texttt{my_file}', 'my_file'],
  ];
  for (const [what, given, expected] of cases) test(what, () => expect(cleanTitle(given)).toBe(expected));

  const formulas: [tex: string, text: string][] = [
    ['e^+e^-', 'e⁺e⁻'],
    ['\\bar B_s^0', 'B̄ₛ⁰'],
    ['\\bar\\nu_e', 'ν̄ₑ'],
    ['\\mathbb Z_2', 'ℤ₂'],
    ['\\tilde O(\\sqrt n)', 'Õ(√n)'],
    ['\\widetilde{O}(n)', 'Õ(n)'],
    ['\\frac12', '1/2'],
    ['\\nicefrac{3}{4}', '3/4'],
    ['\\tau^-', 'τ⁻'],
    ['\\mathcal O(\\alpha_s^2)', '𝒪(αₛ²)'],
    ['H_\\infty', 'H_∞'],
    ['O(n\\log n)', 'O(n log n)'],
    ['{}^{12}\\mathrm{C}', '¹²C'],
    ['{\\rm Fe}^{2+}', 'Fe²⁺'],
    ['0.1^{+0.2}_{-0.1}', '0.1^+0.2_-0.1'],
    ['a \\not= b', 'a ≠ b'],
    ['\\sqrt[3]{x+1}', '³√(x+1)'],
    ['\\ce{H2O}', 'H₂O'],
    ['B\\to K^{(*)}\\ell^+\\ell^-', 'B→K⁽*⁾ℓ⁺ℓ⁻'],
    ['\\unknown{x}', 'x'],
    ['\\mathscr{L}', 'ℒ'],
    ['3^\\circ', '3°'],
    ['\\binom{n}{k}', '(n choose k)'],
    ['\\left.\\frac{a}{b}\\right)', 'a/b)'],
  ];
  for (const [tex, text] of formulas)
    test(`reads ${tex} as ${text}`, () => expect(cleanTitle(`On $${tex}$ now`)).toBe(`On ${text} now`));

  test('is not eaten by a picture in front of it', () => {
    const picture = `<img src="data:image/png;base64,${'A'.repeat(300_000)}">`;
    const drawing = `<svg><path d="${'M0 0 '.repeat(50_000)}"/></svg>`;
    for (const eater of [picture, drawing])
      expect(cleanTitle(`${eater}A made-up title`)).toBe('A made-up title');
  });

  test('is cut at a word', () => {
    const title = cleanTitle('word '.repeat(200_000));
    expect(title.length).toBeLessThanOrEqual(500);
    expect(title).toMatch(/ word…$/);
    expect(cleanAbstract('x'.repeat(1_000_000))).toHaveLength(10_000);
  });
});

describe('any clean text', () => {
  const fragments = fc.constantFrom(
    '$',
    '\\',
    '{',
    '}',
    '<',
    '>',
    '&lt;',
    '&',
    '^',
    '_',
    '\\alpha',
    '\\textbf{',
    '<b>',
    '</p>',
    '<script>',
    '<sub>',
    '</sup>',
    '<mfrac>',
    '--',
    '~',
    '\r\n',
    '\u202e',
    '\u0000',
    '\ud800',
    'é',
    'e\u0301',
    '5',
    'x',
    ' ',
    "\\'",
    '\\frac{a}{b}',
    '\u200d',
    '``',
    '\u2028',
    '&#10;',
    '&#x202e;',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(fragments, { maxLength: 60 }).map((parts) => parts.join('')),
  );

  test('never holds a control or bidi character, a line break or two spaces, and is in NFC', () => {
    fc.assert(
      fc.property(text, (given) => {
        for (const clean of [cleanTitle(given), cleanAbstract(given), cleanName(given)]) {
          expect(clean).not.toMatch(
            /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]|\s{2}|^\s|\s$/u,
          );
          expect(clean.isWellFormed()).toBe(true);
          expect(clean).toBe(clean.normalize('NFC'));
        }
      }),
      { numRuns: 10 * RUNS },
    );
  });

  test('stays as it is when it is cleaned again, if no mark-up is left in it', () => {
    fc.assert(
      fc.property(text, (given) => {
        const clean = cleanAbstract(given);
        fc.pre(!/[\\$<&{}`~-]/.test(clean));
        expect(cleanAbstract(clean)).toBe(clean);
      }),
    );
  });

  const atom = fc.constantFrom(
    'x',
    'B',
    '12',
    '\\alpha',
    '\\ell ',
    '\\log ',
    '\\to ',
    '+',
    '-',
    '(',
    ')',
    '\\,',
    '\\made ',
    ' ',
  );
  const { formula } = fc.letrec<{ formula: string; group: string }>((tie) => ({
    group: fc.oneof(
      { maxDepth: 4 },
      atom,
      tie('formula').map((inner) => `{${inner}}`),
    ),
    formula: fc
      .array(
        fc.tuple(
          fc.constantFrom(
            '',
            '^',
            '_',
            '\\bar',
            '\\mathbb',
            '\\sqrt',
            '\\frac12',
            '\\mathrm',
            '\\unknown',
            '\\left',
            '\\not',
          ),
          tie('group'),
        ),
        { minLength: 1, maxLength: 5 },
      )
      .map((parts) => parts.map(([command, group]) => `${command} ${group}`).join('')),
  }));

  test('never keeps a dollar, a backslash or a brace of a formula', () => {
    fc.assert(
      fc.property(formula, (given) => {
        fc.pre(given.length <= 390);
        for (const text of [
          `On $\\pi ${given}\\pi$ now`,
          `On $$${given}x$$ now`,
          `On \\(${given.replace(/[()]/g, '')}x\\) now`,
        ])
          expect(cleanTitle(text)).not.toMatch(/[$\\{}]/);
      }),
    );
  });
});
