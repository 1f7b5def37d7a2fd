import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { cleanAbstract, cleanTitle } from '../../src/sources/text/clean-text.ts';

export type KnownAbstract = { readonly title: string; readonly abstract: string };

/** Titles and abstracts by arXiv id, from a folder with `*.jsonl.gz` of daily papers beside the checkout. */
export function readAbstracts(
  folder = join(import.meta.dirname, '../../../shared/hf-daily'),
): Map<string, KnownAbstract> {
  const lines = ['train', 'train-late'].flatMap((file) =>
    gunzipSync(readFileSync(join(folder, `${file}.jsonl.gz`)))
      .toString()
      .trim()
      .split('\n'),
  );
  return new Map(
    lines.map((line) => {
      const { arxivId, title, abstract } = JSON.parse(line) as Record<string, string>;
      return [
        arxivId ?? '',
        { title: cleanTitle(title ?? ''), abstract: cleanAbstract(abstract ?? '') },
      ] as const;
    }),
  );
}
