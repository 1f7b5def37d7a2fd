import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanAbstract, cleanName, cleanTitle } from '../../src/fetch/clean-text.ts';

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
    ['keeps joined emoji', '👩‍💻 works', '👩‍💻 works'],
    ['reads tildes between words only', 'Fig.~1, et al.~[2], ~10%, a/~b', 'Fig. 1, et al. [2], ~10%, a/~b'],
    ['reads dashes and quotes', "1--8, ``one'', a -- b, use --force", '1–8, “one”, a – b, use --force'],
    ['keeps what is no TeX', 'C:\\users \\d+ {True, False}', 'C:\\users \\d+ {True, False}'],
  ];
  for (const [what, given, expected] of cases) test(what, () => expect(cleanTitle(given)).toBe(expected));

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
      { numRuns: 1000 },
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

  test('takes no longer than its length deserves', () => {
    const bombs = [
      '<b>',
      '{',
      '$x',
      '\\frac{',
      '<a b=',
      '_{',
      '``',
      '\\(',
      '&lt;',
      '<p><i>',
      '</b>',
      '\\textbf{',
      '^',
    ];
    const start = performance.now();
    for (const bomb of bombs) cleanAbstract(bomb.repeat(1_000_000 / bomb.length));
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
