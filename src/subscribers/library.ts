import type { Core } from '../core.ts';
import { removeLibrary, replaceLibrary } from '../papers/library/library-table.ts';
import type { LibraryReading } from '../papers/library/read-library.ts';
import { replanSubscriber } from './current-issue.ts';
import { changeSubscriber } from './lifecycle.ts';

/**
 * Puts a library in place of the one that a subscriber had, and plans their unsent mail by it.
 * @param reading `undefined` for no library
 * @returns the subscriber; `undefined` when they are gone
 */
export async function changeLibrary(core: Core, id: number, reading: LibraryReading | undefined) {
  return changeSubscriber(core, id, async (trx, subscriber) => {
    if (reading === undefined) await removeLibrary(trx, id);
    else await replaceLibrary(trx, id, reading);
    if (subscriber.state === 'active') await replanSubscriber(core, trx, subscriber);
  });
}
