import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Day } from '../../src/domain/day.ts';

type ListedChange = {
  title?: string;
  upvotes?: number;
  day?: Day;
  thumbnail?: string;
  mediaUrls?: string[];
};

/** A made-up paper as Hugging Face lists it. @param id in the form 2608.00001 */
export function listed(id: string, change: ListedChange = {}) {
  const { title = `Made-up findings, part ${id}`, upvotes = 10, day, thumbnail, mediaUrls } = change;
  return {
    title,
    numComments: 1,
    ...(thumbnail !== undefined && { thumbnail }),
    paper: {
      id,
      title,
      summary: `We make up finding ${id} and look at it twice.`,
      authors: [{ name: 'Ada Example' }, { name: 'Bruno Sample' }],
      upvotes,
      ...(mediaUrls && { mediaUrls }),
      ...(day !== undefined && {
        publishedAt: `${day}T01:00:00.000Z`,
        submittedOnDailyAt: `${day}T02:00:00.000Z`,
      }),
    },
  };
}

export type Listed = ReturnType<typeof listed>;

/** So many made-up papers of a day, the first with the most votes. */
export function listedDay(day: Day, count: number): Listed[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `${day.slice(2, 4)}${day.slice(5, 7)}.${day.slice(8)}${String(index + 1).padStart(3, '0')}`;
    return listed(id, { upvotes: 100 - index, day });
  });
}

/** An arXiv announcement as RSS 2.0. */
export function arxivRss(day: Day, ids: readonly string[]): string {
  const items = ids.map(
    (id) => `<item><title>Announced work ${id}</title><link>https://arxiv.org/abs/${id}</link>
<description>arXiv:${id}v1 Announce Type: new Abstract: We announce work ${id}.</description>
<guid isPermaLink="false">oai:arXiv.org:${id}v1</guid><category>cs.AI</category>
<pubDate>${new Date(`${day}T04:00:00Z`).toUTCString()}</pubDate>
<arxiv:announce_type>new</arxiv:announce_type><dc:creator>Clara Sketch</dc:creator></item>`,
  );
  return `<?xml version="1.0"?><rss version="2.0" xmlns:arxiv="http://arxiv.org/schemas/atom"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>cs.AI</title>${items.join('')}</channel></rss>`;
}

/** A provider on loopback: what it gives, and whether it is down, may be changed at any time. */
export async function startFeeds(days: Record<Day, Listed[]> = {}) {
  const state = {
    days: { ...days },
    arxiv: '<?xml version="1.0"?><rss version="2.0"><channel><title>cs.AI</title></channel></rss>',
    down: false,
    asked: 0,
    /** By their path: what is given as a picture. */
    pictures: {} as Record<string, Buffer>,
    picturesAsked: [] as string[],
  };
  const server = createServer((request, response) => {
    state.asked += 1;
    const url = new URL(request.url ?? '/', 'http://loopback');
    if (state.down) {
      response.writeHead(503).end();
    } else if (url.pathname.startsWith('/pictures/')) {
      state.picturesAsked.push(url.pathname);
      const picture = state.pictures[url.pathname];
      response.writeHead(picture ? 200 : 404).end(picture);
    } else if (url.pathname === '/api/daily_papers') {
      const day = state.days[url.searchParams.get('date') ?? ''] ?? [];
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(url.searchParams.has('p') ? [] : day));
    } else {
      response.setHeader('Content-Type', 'application/rss+xml');
      response.end(state.arxiv);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}`;
  return {
    state,
    base,
    /** For SOURCES. */
    huggingface: `huggingface@${base}`,
    arxiv: `arxiv:cs.AI@${base}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
