import type { Core } from '../core.ts';
import { HOUR } from '../domain/time.ts';
import { countRequest } from './sign-up-limits.ts';

/** Far more than anybody needs. Each save plans an issue again and picks papers for the preview. */
const SAVES = { count: 30, per: HOUR };

/** Counts a submitted preferences form. @returns 0, or how long to wait in milliseconds if there were too many */
export async function countSave(core: Core, id: number): Promise<number> {
  const limit = { key: `save:${id}`, ...SAVES };
  const counted = await core.store.db
    .transaction()
    .execute((trx) => countRequest(trx, [limit], core.clock()));
  return counted.ok ? 0 : counted.retryAfter;
}
