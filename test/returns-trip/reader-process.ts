import { pino } from 'pino';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load.ts';
import { readMailboxes } from '../../src/returns/mailbox.ts';

const NOW = Date.parse('2026-08-19T05:10:00Z');

/** Reads the mailboxes once, as a process that can be killed. */
const app = await createApp(loadConfig(process.env), { clock: () => NOW, log: pino({ level: 'silent' }) });
await app.store.db.updateTable('lanes').set({ free_at: 0 }).execute();
await readMailboxes(app, app.returning, app.secrets, new AbortController().signal);
await app.close();
