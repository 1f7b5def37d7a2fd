import { expect, test } from 'vitest';
import type { Issue } from '../../src/domain/issue.ts';
import type { Paper, RankedPaper } from '../../src/domain/paper.ts';
import { compileTemplates } from '../../src/mail/mail-templates.ts';
import { type RenderedIssue, renderIssue } from '../../src/mail/render.ts';
import { subscriberValues, textForSubscriber } from '../../src/mail/subscriber-parts.ts';
import {
  FILES,
  filesOf,
  letterhead,
  makeCsvSubscriber,
  makeIssue,
  makePaper,
  manyPapers,
  rank,
} from './support.ts';

const templates = await compileTemplates(FILES);

const subscriber = subscriberValues({ ...makeCsvSubscriber(1), address: 'reader1@example.com' });

/** Both parts as the subscriber 1 has them, and the words that a browser would show of the HTML. */
function read(rendered: RenderedIssue) {
  const html = textForSubscriber(rendered.common.html, subscriber, true);
  const text = textForSubscriber(rendered.common.text, subscriber, false);
  return { html, text, shown: unescaped(html.replace(/<[^>]*>/g, ' ')), flat: text.replace(/\s+/g, ' ') };
}

const themes = new Map([
  ['journal', templates],
  ['plain', await compileTemplates(filesOf('plain'))],
  ['card', await compileTemplates(filesOf('card'))],
]);

const render = (issue: Issue) => renderIssue(templates, issue, letterhead);
const show = (...papers: Partial<Paper>[]) =>
  read(render(makeIssue(rank(...papers.map((change, index) => makePaper(change, index + 1))))));

function unescaped(text: string): string {
  const entities: Record<string, string> = {
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    '#x27': "'",
    '#x3D': '=',
    '#x60': '`',
  };
  return text.replace(/&([#\w]+);/g, (whole, name) => entities[name] ?? whole);
}

const HOSTILE = [
  '{{secret}} and {{{newsletter}}} {{#each}}',
  '</mj-text><mj-raw><script>alert(1)</script>',
  "Costs $& of $1, $` and $' in $$",
  '$60 GPUs',
  '<think>',
  'R&D',
  '&lt;b&gt; & "quotes" \'and\' `ticks`',
  'نموذج صغير يتعلم أين ينظر',
  '黑暗中学习观看之处的小模型',
  'A 🦊 and a 👩‍🔬',
  'W'.repeat(120),
];

test.each(HOSTILE.flatMap((title) => [...themes.keys()].map((theme) => [title, theme] as const)))(
  '%s arrives as text in both parts of the theme %s',
  (title, theme) => {
    const change = { title, abstract: title, authors: [title.slice(0, 60)], organization: title };
    const noted = makePaper({ title, links: { abstract: 'javascript:alert(1)' } }, 2);
    const issue = makeIssue(rank(makePaper(change), noted), false, 1);
    const { html, shown, flat } = read(renderIssue(themes.get(theme) ?? templates, issue, letterhead));
    for (const part of [shown, flat]) expect(part.split(title).length - 1).toBeGreaterThanOrEqual(3);
    expect(html).not.toMatch(/<script|<think|<b>g|javascript:/);
  },
);

test('what is noted stands after the picks with its links, and not twice when it is a reader’s own pick', () => {
  const papers = manyPapers(16);
  const rendered = render(makeIssue(papers));
  const { html, text } = read(rendered);
  expect(text).toMatch(
    /\r\nAlso noted\r\n\r\n {2}\* Marrow: .*\r\n {4}https:\/\/papers\.example\.org\/abs\/2608\.00011\r\n/,
  );
  expect(html.match(/<li/g)).toHaveLength(6);
  const own = rendered.own({ picks: papers.slice(8, 12), matches: [[], [], ['x'], ['y']] });
  expect(textForSubscriber(own.html, subscriber, true).match(/<li/g)).toHaveLength(4);
  expect(read(render(makeIssue(manyPapers(3)))).html).not.toContain('Also noted');
});

test('control characters in a title cannot break a line or forge the mark of a reader', () => {
  const { text, html } = show({ title: 'One\r\nBcc: x\u0000 \u0001address\u0001 end \u202Etxt' });
  expect(text).toContain('One Bcc: x address end txt');
  expect(html).not.toMatch(/[^\P{Cc}\r\n]/u);
});

test('664 authors, no abstract and no usable link make a short card', () => {
  const authors = Array.from({ length: 664 }, (_, index) => `Author ${index + 1}`);
  const { html, text } = show({ authors, abstract: '', links: { abstract: 'javascript:alert(1)' } });
  expect(text).toContain('Author 1, Author 2, Author 3 and 661 others');
  expect(html + text).not.toContain('javascript:');
});

test('each paper has its title, authors, organization, reasons and links in both parts', () => {
  const { html, shown, text } = show({});
  for (const part of [shown, text]) {
    expect(part).toContain('Lanternfish: A Small Model That Learns Where to Look in the Dark');
    expect(part).toContain('Ada Example, Bruno Sample, Chiyo Specimen and 2 others');
    expect(part).toContain('Institute of Lamps');
    expect(part).toContain('39 upvotes in 29 h · code with 1.4k stars');
  }
  for (const link of Object.values(makePaper().links)) {
    expect(unescaped(html)).toContain(`href="${link}"`);
    expect(text).toContain(link);
  }
});

test('the frame has the name, the day, the number, the address and the links of the reader', () => {
  const { html, text } = show({});
  expect(html).toMatch(/<html lang="en" dir="ltr"/);
  expect(html.match(/<h1/g)).toHaveLength(1);
  expect(html).toContain('name="color-scheme" content="light dark"');
  expect(html).not.toMatch(/<img|googleapis|{{|}}/);
  for (const part of [html, text]) {
    expect(part).toMatch(/Wednesday,? 19 August 2026/);
    expect(part).toContain('No. 12');
    expect(part).toContain('1 Example Street');
    expect(part).toContain('https://news.example.org/issues/2026-08-19');
    expect(part).toContain(makeCsvSubscriber(1).preferencesUrl);
  }
  expect(text).toMatch(new RegExp(`^Unsubscribe: +${makeCsvSubscriber(1).unsubscribeUrl}\\r$`, 'm'));
});

test('a sample issue says in both parts that no source could be reached', () => {
  const { shown, text } = read(render(makeIssue(manyPapers(3), true)));
  for (const part of [shown, text]) expect(part).toContain('Sample issue: no source could be reached');
  expect(show({}).shown + show({}).text).not.toContain('Sample issue');
});

test('the text part is prose of at most 76 columns with no entities and no space at a line end', () => {
  const { text } = show({ title: 'R&D <think> "it"' }, { abstract: '我们问模型需要多少光。'.repeat(60) });
  for (const line of text.split('\r\n')) {
    if (!/https?:\/\//.test(line)) expect(line.length).toBeLessThanOrEqual(76);
    expect(line).not.toMatch(/&(amp|lt|gt|quot|#x?\d+);|\s$/);
  }
});

test('ten picks with abstracts of 1,500 characters fit in 80 KB', () => {
  const rendered = render(
    makeIssue(manyPapers(10, { abstract: 'A lamp is made and then lit. '.repeat(52) })),
  );
  expect(Buffer.byteLength(read(rendered).html)).toBeLessThan(80_000);
  expect(rendered.common.shown).toBe(10);
});

test.each([60, 500])('of %i picks those beyond the budget become a link', (count) => {
  const rendered = render(makeIssue(manyPapers(count), false, count));
  const { html, shown, text } = read(rendered);
  expect(Buffer.byteLength(html)).toBeLessThan(102_400);
  expect(rendered.common.shown).toBeGreaterThan(20);
  for (const part of [shown, text])
    expect(part).toContain(`And ${count - rendered.common.shown} more on the web`);
});

test.each([
  [
    'links',
    {
      links: {
        abstract: `https://lab.example/?${'&'.repeat(980)}`,
        pdf: `https://lab.example/${'é'.repeat(100)}`,
      },
    },
  ],
  ['a link alone', { links: { abstract: `https://lab.example/?${'&'.repeat(380)}` } }],
  ['a link that is shown nowhere', { links: { abstract: `https://lab.example/?${'&'.repeat(1950)}` } }],
  ['titles', { title: '&'.repeat(500) }],
  [
    'names',
    { title: '"'.repeat(300), authors: Array(4).fill("'".repeat(200)), organization: '&'.repeat(200) },
  ],
  [
    'everything',
    {
      title: '&'.repeat(500),
      abstract: '<'.repeat(5000),
      authors: Array(4).fill('"'.repeat(200)),
      organization: '&'.repeat(200),
      links: Object.fromEntries(
        ['abstract', 'pdf', 'code', 'project', 'discussion'].map((name) => [
          name,
          `https://lab.example/?${'&'.repeat(370)}`,
        ]),
      ),
    },
  ],
])('%s made to fill the mail push no pick out of it', (_, change) => {
  for (const [name, theme] of themes) {
    const issue = makeIssue(manyPapers(16, change));
    const rendered = renderIssue(theme, issue, letterhead);
    expect([name, rendered.common.shown]).toEqual([name, 10]);
    const { html } = read(rendered);
    expect(Buffer.byteLength(html)).toBeLessThan(80_000);
    for (const link of html.match(/href="[^"]*"/g) ?? []) expect(link.length).toBeLessThan(2100);
  }
});

test('only the pick whose texts are made to fill the mail is shown short', () => {
  const hostile = makePaper(
    { title: '&'.repeat(500), abstract: '<'.repeat(5000), authors: Array(4).fill('"'.repeat(200)) },
    11,
  );
  const papers = Array.from({ length: 10 }, () => hostile).map((paper, index) => ({
    ...paper,
    id: `x${index}`,
  }));
  const { text } = read(render(makeIssue(rank(...papers.slice(0, 9), makePaper({}, 1)))));
  expect(text).toContain('Lanternfish: A Small Model');
  expect(text).toContain('Institute of Lamps');
  expect(text.match(/Institute of Lamps/g)).toHaveLength(1);
});

test('picks with gigantic texts stay within the budget too', () => {
  const giant = { title: '&'.repeat(5000), abstract: "'".repeat(9000), authors: ['<'.repeat(9000)] };
  const { html } = read(render(makeIssue(manyPapers(40, giant), false, 40)));
  expect(Buffer.byteLength(html)).toBeLessThan(102_400);
});

test.each(['plain', 'journal', 'card'])(
  'the words and links of the reader are counted in the budget (%s)',
  (theme) => {
    const own = themes.get(theme) ?? templates;
    const abstract = 'A lamp is made and then lit. '.repeat(52);
    for (const count of [10, 24, 30, 36, 60]) {
      const issue = makeIssue(manyPapers(count + 6, { abstract }), false, count);
      const siteUrl = `https://${'a-long-name.'.repeat(12)}example.org`;
      const rendered = renderIssue(own, issue, { ...letterhead, siteUrl });
      const links = ['unsubscribe', 'preferences', 'feedback'].map(
        (page) => `${siteUrl}/${page}/7.${'u'.repeat(40)}`,
      );
      const [unsubscribeUrl = '', preferencesUrl = '', feedbackUrl = ''] = links;
      const values = subscriberValues({
        unsubscribeUrl,
        preferencesUrl,
        feedbackUrl,
        address: `${'a'.repeat(60)}@example.com`,
      });
      const matches = issue.picks.map(() => ['"lamps" & \'light\' '.repeat(6)]);
      const body = rendered.own({ picks: issue.picks, matches });
      const bytes = Buffer.byteLength(textForSubscriber(body.html, values, true));
      expect(bytes).toBeLessThanOrEqual(80_000);
      // Nothing that would have fitted is left away: a paper takes less.
      if (body.shown < count) expect(bytes).toBeGreaterThan(75_000);
      else expect(count).toBeLessThan(60);
    }
  },
);

test('own picks say why they are the reader’s, and a common pick among them does not', () => {
  const rendered = render(makeIssue());
  const [first, second, third] = manyPapers(12).slice(9);
  const body = rendered.own({
    picks: [first, third, second] as RankedPaper[],
    matches: [[], ['lamps & <b>'], ['x'.repeat(90)]],
  });
  const values = subscriberValues({ ...makeCsvSubscriber(1), address: 'reader1@example.com' });
  const text = textForSubscriber(body.text, values, false);
  const html = textForSubscriber(body.html, values, true);
  expect(text).toMatch(/^ 1\. [\s\S]*^ 2\. [\s\S]*^ {4}For you: lamps & <b>\r\n[\s\S]*^ 3\. /m);
  expect(text.match(/For you:/g)).toHaveLength(2);
  expect(html).toContain('lamps &amp; &lt;b&gt;');
  expect(body.subject).not.toBe(rendered.common.subject);
  expect(html).toContain(body.subject);
  expect(text).toContain('3 papers for you, picked from 12');
  for (const line of text.split('\r\n')) expect(/https?:/.test(line) || line.length <= 76).toBe(true);
});

test('a paper is set alike in the common issue and in a reader’s own', () => {
  const issue = makeIssue();
  const rendered = render(issue);
  const { html } = rendered.own({ picks: issue.picks, matches: [] });
  const shown = (filled: typeof html) => textForSubscriber(filled, subscriber, true);
  expect(shown(html)).toEqual(shown(rendered.common.html));
});

test('a weekly issue names its week and leads to its page', () => {
  const weekly = { ...makeIssue(), kind: 'weekly' as const, date: '2026-08-23' };
  const { text } = read(render(weekly));
  expect(text).toMatch(/16\s*–\s*22 August 2026/);
  expect(text).toContain('https://news.example.org/issues/2026-W34');
});
