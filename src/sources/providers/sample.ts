import type { Entry, PaperLinks } from '../../domain/entry.ts';
import type { Instant } from '../../domain/time.ts';
import { parseArxiv } from './arxiv.ts';
import { parseHuggingFace } from './huggingface.ts';

/** The day that the files of `samples/` are dated. */
const SAMPLE_DAY = '2026-01-05';

/**
 * The entries of the made-up day in `samples/`, read by the parsers of the real sources. Their links lead to
 * example.org, since the papers do not exist anywhere.
 * @param files the text of `samples/huggingface.json` and `samples/arxiv.xml`
 */
export function sampleEntries(files: { huggingface: string; arxiv: string }, seenAt: Instant): Entry[] {
  const lists = [
    parseHuggingFace(files.huggingface, SAMPLE_DAY, { source: 'huggingface', seenAt }),
    parseArxiv(files.arxiv, { source: 'arxiv:cs.CL+cs.LG+cs.CV+cs.AI', seenAt }),
  ];
  return lists.flatMap(({ entries }) => entries).map((entry) => ({ ...entry, links: sampleLinks(entry) }));
}

function sampleLinks({ key, links }: Entry): PaperLinks {
  const names = ['abstract', 'pdf', 'code', 'project', 'discussion'] as const;
  return Object.fromEntries(
    names
      .filter((name) => links[name] !== undefined)
      .map((name) => [name, `https://example.org/${name}/${key}`]),
  );
}
