/** Feeds that are made to take all time or memory, each of at most 20 MB. */
const FEEDS = {
  'marks of two classes': () => rss(item(1, `${'\u0301\u0316'.repeat(40_000)}`, 'x').repeat(3)),
  nesting: () => `<rss version="2.0"><channel><item>${'<a>'.repeat(2_800_000)}`,
  'empty elements': () =>
    rss(
      `<item>${Array.from({ length: 1_400_000 }, (_, index) => `<e${index.toString(36)}/>`).join('')}</item>`,
    ),
  'empty items': () => rss('<item/>'.repeat(2_800_000)),
  'an author of @': () => rss(item(1, 'One', 'x', `<author>${'@'.repeat(19_900_000)}</author>`)),
  'texts without a space': () =>
    rss(
      Array.from({ length: 1900 }, (_, index) => item(index, `No ${index}`, 'abcdefghij'.repeat(1000))).join(
        '',
      ),
    ),
  'items of one DOI': () =>
    rss(
      Array.from({ length: 16_600 }, (_, index) =>
        item(index, `Another title of one work, ${index}`, 'x', '<guid>https://doi.org/10.9999/one</guid>'),
      ).join(''),
    ),
};

export const HOSTILE = Object.keys(FEEDS) as (keyof typeof FEEDS)[];

export function hostileFeed(kind: keyof typeof FEEDS): string {
  return FEEDS[kind]();
}

function rss(items: string): string {
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>${items}</channel></rss>`;
}

function item(index: number, title: string, description: string, more = ''): string {
  return `<item><title>${title}</title><link>https://example.org/${index}</link><description>${description}</description>${more}</item>`;
}
