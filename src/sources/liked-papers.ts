import type { Entry } from '../domain/entry.ts';
import { LIKED } from '../domain/source.ts';
import { type ArxivDetails, askArxiv } from './providers/arxiv-api.ts';
import type { Source } from './providers/source.ts';
import { withinLimits } from './text/entry-limits.ts';
import { paperLinks } from './text/web-links.ts';

/** Papers by their arXiv ids, at most a hundred, as arXiv's API has them; those that it does not know are missing. */
export function likedPapers(ids: readonly string[]): Source {
  return async ({ spec, read, parse, after }) => {
    const details = await askArxiv(ids, { read, parse, after }, spec.base);
    const entries = [...details].flatMap(([id, found]) =>
      found.title === '' ? [] : [withinLimits(entryOf(id, found)).entry],
    );
    return { entries, problems: [] };
  };
}

function entryOf(id: string, { title, abstract, authors, categories, doi }: ArxivDetails): Entry {
  return {
    source: LIKED,
    key: id,
    ids: { arxiv: id, ...(doi !== undefined && { doi }) },
    title,
    abstract,
    authors,
    links: paperLinks({ arxiv: id }),
    categories,
    signals: [],
  };
}
