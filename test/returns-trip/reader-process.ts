import { pino } from 'pino';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load.ts';
import { readMailboxes } from '../../src/returns/mailbox.ts';

/** Reads the mailboxes once, as a process that can be killed. */
const app = await createApp(loadConfig(process.env), { clock: Date.now, log: pino({ level: 'silent' }) });
await app.store.db.updateTable('lanes').set({ free_at: 0 }).execute();
await readMailboxes(app, app.returning, app.secrets, new AbortController().signal);
await app.close();
