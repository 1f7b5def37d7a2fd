import type { LimitedWork } from '../../app.ts';
import { SECOND } from '../../domain/time.ts';
import type { Thumbnail } from '../../papers/picture.ts';
import { ProcessLost } from './limited-process.ts';
import { ProcessPool } from './process-pool.ts';
import { programFile } from './program-file.ts';

/** 40 megapixels take half of the time, and 200 MB outside of the heap. */
const LIMITS = { seconds: 5, heapMegabytes: 64, megabytes: 500 };

/** Decoding in a process: a picture can be made to take far longer than it looks, and a decoder cannot be interrupted. */
export function thumbnailsApart(
  program = programFile('thumbnail-process'),
): Pick<LimitedWork, 'makeThumbnail' | 'close'> {
  const pool = new ProcessPool<null, Thumbnail>({
    program,
    limits: LIMITS,
    most: 1,
    idleMs: SECOND,
    turnMs: 2 * SECOND,
  });
  const makeThumbnail: LimitedWork['makeThumbnail'] = async (picture, signal) => {
    const [made] = await pool.ask(null, { bytes: picture, signal }).catch((error) => {
      throw error instanceof ProcessLost ? new Error(`decoding it ${error.message}`) : error;
    });
    if (made === undefined) throw new Error('decoding it gave nothing');
    return made;
  };
  return { makeThumbnail, close: () => pool.close() };
}
