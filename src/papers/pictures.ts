import type { Core } from '../core.ts';
import { messageOf } from '../domain/failure.ts';
import type { RankedPaper } from '../domain/paper.ts';
import type { Http } from '../sources/http/http.ts';
import { type MakeThumbnail, readThumbnail, type Thumbnail } from './picture.ts';

const AT_ONCE = 3;
/** An issue waits so long for its pictures, and goes without those that are not there by then. */
const PATIENCE_MS = 30_000;

/** By the id of the paper that each belongs to. */
export type Thumbnails = ReadonlyMap<string, Thumbnail>;

/** What copying pictures takes. */
export type ThumbnailMaking = { readonly http: Http; readonly makeThumbnail: MakeThumbnail };

/**
 * Copies a picture of each pick from where its source has it, when the settings ask for it. What cannot be read or is
 * no picture is logged and left out: an issue never fails for one.
 */
export async function copyThumbnails(
  core: Core,
  making: ThumbnailMaking,
  picks: readonly RankedPaper[],
  signal: AbortSignal,
): Promise<Thumbnails> {
  const copied = new Map<string, Thumbnail>();
  if (!core.config.THUMBNAILS) return copied;
  const stop = AbortSignal.any([signal, core.after(PATIENCE_MS)]);
  // The first pick comes first: it is what most subscribers see.
  const next = picks.values();
  const copy = async () => {
    for (const { paper } of next) {
      const thumbnail = await firstGood(core, making, paper.figures ?? [], stop);
      if (thumbnail) copied.set(paper.id, thumbnail);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, copy));
  return copied;
}

async function firstGood(
  { after, log }: Core,
  { http, makeThumbnail: make }: ThumbnailMaking,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<Thumbnail | undefined> {
  for (const url of addresses) {
    try {
      return await readThumbnail({ http, make, after }, url, signal);
    } catch (error) {
      log.warn({ url }, `no thumbnail: ${messageOf(error)}`);
    }
  }
  return undefined;
}
