/** Numbers from 0 to 1, the same at every run (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const WORDS =
  'we present a made-up method for learning sparse models of imagined data with few labels and show that it is faster than every other method nobody has tried on three invented benchmarks while its memory stays bounded under noise because attention over graphs of tokens gives robust estimates in theory'.split(
    ' ',
  );
/** What authors type into abstracts, about as often as they do. */
const MARKUP = [
  '$O(n \\log n)$',
  '$\\mathbb{R}^d$',
  "$\\alpha$-R\\'enyi",
  '$k$',
  '\\textbf{first}',
  '12.5\\%',
  "Erd\\H{o}s--R\\'enyi",
  '$x_{i} &lt; y_{i}$',
  '&quot;zero-shot&quot;',
  '$5k',
];
const NAMES = ['Ada Example', 'Bruno Sample', 'Clara Sketch', 'D. Ünger', "Em\\'il Dummy", 'Fei Placeholder'];

export type MadeUp = {
  readonly id: string;
  readonly title: string;
  readonly abstract: string;
  readonly authors: readonly string[];
};

/** So many papers that nobody wrote, with abstracts of about 1,300 characters. */
export function madeUpPapers(count: number, seed = 1): MadeUp[] {
  const random = randomFrom(seed);
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? '';
  const text = (words: number) =>
    Array.from({ length: words }, () => (random() < 0.03 ? pick(MARKUP) : pick(WORDS))).join(' ');
  return Array.from({ length: count }, (_, index) => ({
    id: `2601.${String(index + 1).padStart(5, '0')}`,
    title: text(11),
    abstract: text(220),
    authors: Array.from({ length: 2 + Math.floor(random() * 7) }, () => pick(NAMES)),
  }));
}

/** Papers as arXiv announces them: RSS 2.0. */
export function arxivFeed(papers: readonly MadeUp[]): string {
  const items = papers.map(
    ({ id, title, abstract, authors }) => `<item>
      <title>${title}</title>
      <link>https://arxiv.org/abs/${id}</link>
      <description>arXiv:${id}v1 Announce Type: new
Abstract: ${abstract}</description>
      <guid isPermaLink="false">oai:arXiv.org:${id}v1</guid>
      <category>cs.LG</category>
      <category>stat.ML</category>
      <pubDate>Mon, 05 Jan 2026 00:00:00 -0500</pubDate>
      <arxiv:announce_type>new</arxiv:announce_type>
      <dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>
      <dc:creator>${authors.join(', ')}</dc:creator>
    </item>`,
  );
  return `<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">
  <channel><title>cs.LG updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs.LG</link>
    <pubDate>Mon, 05 Jan 2026 00:00:00 -0500</pubDate>
    ${items.join('\n    ')}
  </channel></rss>`;
}

/** Papers as Hugging Face lists those of a day: JSON. */
export function huggingFaceDay(papers: readonly MadeUp[]): string {
  const list = papers.map(({ id, title, abstract, authors }, index) => ({
    paper: {
      id,
      authors: authors.map((name, order) => ({ _id: `${index}-${order}`, name, hidden: false })),
      publishedAt: '2026-01-04T12:00:00.000Z',
      submittedOnDailyAt: '2026-01-05T01:00:00.000Z',
      title,
      summary: abstract,
      upvotes: index,
      githubRepo: `https://github.com/ada-example/made-up-${index}`,
      githubStars: index * 3,
    },
    publishedAt: '2026-01-05T01:00:00.000Z',
    title,
    summary: abstract,
    numComments: index % 7,
  }));
  return JSON.stringify(list);
}

/** Any feed of at least so many bytes: RSS 2.0 as a journal writes it. */
export function plainFeed(bytes: number, seed: number): string {
  const papers = madeUpPapers(Math.ceil(bytes / 1500), seed);
  let items = '';
  for (const { id, title, abstract, authors } of papers) {
    if (items.length >= bytes) break;
    items += `<item><title>${title}</title><link>https://example.org/${seed}/${id}</link>
<description>&lt;p&gt;${abstract}&lt;/p&gt;</description><guid>https://example.org/${seed}/${id}</guid>
<dc:creator>${authors.join(', ')}</dc:creator><pubDate>Mon, 05 Jan 2026 08:00:00 GMT</pubDate></item>\n`;
  }
  return `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Made-up journal ${seed}</title><link>https://example.org/</link>${items}</channel></rss>`;
}
