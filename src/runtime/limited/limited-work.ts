import type { Entry, PaperFeatures } from '../../domain/entry.ts';
import { compileMjml, type Mjml } from '../../mail/mjml.ts';
import { type MakeThumbnail, makeThumbnail } from '../../papers/picture.ts';
import { paperFeatures } from '../../ranking/prior.ts';
import { type Parse, parseHere } from '../../sources/providers/parsers.ts';
import { feedsApart } from './feeds-apart.ts';
import { mjmlApart } from './mjml-apart.ts';
import { thumbnailsApart } from './thumbnails-apart.ts';

export type PaperText = Pick<Entry, 'title' | 'abstract'>;

/** Work that may take long or much memory, most of it because strangers write what it is done on. */
export type LimitedWork = {
  /** Parsing that is given up when the signal fires. */
  readonly parseUntil: (signal: AbortSignal) => Parse;
  /** What the ranking needs of each text, in order. */
  readonly featuresOf: (papers: readonly PaperText[]) => Promise<PaperFeatures[]>;
  readonly makeThumbnail: MakeThumbnail;
  readonly mjml: Mjml;
  /** Ends what is under way. */
  readonly close: () => void;
};

/** In processes with limits of time and memory, which end when they are idle: the event loop never waits for it. */
export function workApart(): LimitedWork {
  const feeds = feedsApart();
  const thumbnails = thumbnailsApart();
  const mjml = mjmlApart();
  return {
    parseUntil: feeds.parseUntil,
    featuresOf: feeds.featuresOf,
    makeThumbnail: thumbnails.makeThumbnail,
    mjml: mjml.compile,
    close: () => {
      for (const pool of [feeds, thumbnails, mjml]) pool.close();
    },
  };
}

/** In this thread and without limits, for tests. */
export const WORK_HERE: LimitedWork = {
  parseUntil: () => parseHere,
  featuresOf: async (papers) => papers.map((paper) => paperFeatures(paper)),
  makeThumbnail,
  mjml: compileMjml,
  close: () => {},
};
