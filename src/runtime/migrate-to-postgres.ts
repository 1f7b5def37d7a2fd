import type { App } from '../app.ts';
import { type CopyProgress, type CopyReport, copyAll } from '../db/copy/copy.ts';
import { readSnapshot } from '../db/dialect.ts';
import { openStore } from '../db/open.ts';
import { isPostgresUrl } from '../domain/database-url.ts';
import { Fault } from '../domain/fault.ts';
import { sendingOwners } from '../ledger/claims.ts';

/**
 * Copies a SQLite installation to an empty Postgres: all of it, read back and compared, or nothing. The SQLite file
 * stays as it is.
 * @throws Fault USAGE, STILL_SENDING, TARGET_NOT_EMPTY, COPY_DIFFERS, DATABASE_UNREADABLE
 */
export async function moveTo(app: App, url: string, onProgress: CopyProgress): Promise<CopyReport[]> {
  if (!isPostgresUrl(url) || isPostgresUrl(app.config.DATABASE_URL)) {
    throw new Fault(
      'USAGE',
      '--to moves a SQLite file to Postgres.',
      'Set DATABASE_URL to the SQLite file, and --to to the Postgres database: --to postgres://USER:PASSWORD@HOST/DATABASE.',
    );
  }
  const target = await openStore(url, app.clock());
  try {
    return await readSnapshot(app.store.readOnly, async (source) => {
      if ((await sendingOwners(source)).length > 0) throw stillSending();
      return await target.db.transaction().execute((trx) => copyAll(source, trx, onProgress));
    });
  } finally {
    await target.close();
  }
}

function stillSending(): Fault {
  return new Fault(
    'STILL_SENDING',
    'Mails are being sent, or a crash left some in doubt.',
    'Stop Offprint; if it is stopped, run "offprint once --due" once. Then move.',
  );
}
