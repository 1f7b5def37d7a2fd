import { readFile } from 'node:fs/promises';
import { ImapFlow } from 'imapflow';
import type { Inbox } from '../domain/inbox.ts';
import { SECOND } from '../domain/time.ts';
import { MOST_BYTES } from './mail/parse-mail.ts';

/** A mailbox folder that is open. */
export type OpenFolder = {
  readonly uidValidity: number;
  /** The UIDs after one, the lowest first. */
  uidsAfter(uid: number): Promise<number[]>;
  /** The beginnings of mails, by UID; one that was deleted meanwhile is missing. */
  read(uids: readonly number[]): Promise<Map<number, Uint8Array>>;
  /** Deals with mails that were taken. */
  settle(uids: readonly number[], what: 'move' | 'delete' | 'keep'): Promise<void>;
  close(): Promise<void>;
};

const CONNECT_LIMIT = 10 * SECOND;
const COMMAND_LIMIT = 20 * SECOND;
const TAKEN = ['Offprint', 'Taken'];
const FLAG = '$Offprint';

/**
 * Logs in to a mailbox and opens its folder. Nothing is waited for there (no IDLE): a connection that has gone deaf gives no
 * sign.
 * @param stop cuts the connection
 * @throws an Error with the server's words
 */
export async function openFolder(inbox: Inbox, stop: AbortSignal): Promise<OpenFolder> {
  const client = new ImapFlow({
    host: inbox.host,
    port: inbox.port,
    secure: inbox.secure,
    doSTARTTLS: inbox.secure ? undefined : inbox.starttls,
    auth: { user: inbox.user, ...(await credentialsOf(inbox)) },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: CONNECT_LIMIT,
    greetingTimeout: CONNECT_LIMIT,
    socketTimeout: COMMAND_LIMIT,
  });
  // Without a listener an error of the connection would end the process; it is told by the command under way, too.
  client.on('error', () => {});
  const cut = () => client.close();
  stop.addEventListener('abort', cut, { once: true });
  const close = async () => {
    stop.removeEventListener('abort', cut);
    await client.logout().catch(() => client.close());
  };
  try {
    await client.connect();
    const { uidValidity } = await client.mailboxOpen(inbox.folder);
    return { ...folderOf(client), uidValidity: Number(uidValidity), close };
  } catch (error) {
    client.close();
    stop.removeEventListener('abort', cut);
    throw new Error(problemOf(error), { cause: error });
  }
}

async function credentialsOf({
  password,
  tokenFile,
}: Inbox): Promise<{ pass?: string; accessToken?: string }> {
  if (tokenFile === undefined) return { pass: password ?? '' };
  return { accessToken: (await readFile(tokenFile, 'utf8')).trim() };
}

function folderOf(client: ImapFlow): Pick<OpenFolder, 'uidsAfter' | 'read' | 'settle'> {
  return {
    uidsAfter: async (uid) => {
      const found = (await client.search({ uid: `${uid + 1}:*` }, { uid: true })) || [];
      // A range up to * always has the last mail in it.
      return found.filter((one) => one > uid).sort((one, other) => one - other);
    },
    read: async (uids) => {
      const mails = new Map<number, Uint8Array>();
      const query = { uid: true, source: { start: 0, maxLength: MOST_BYTES } };
      for await (const { uid, source } of client.fetch(uids.join(','), query, { uid: true }))
        if (source) mails.set(uid, source);
      return mails;
    },
    settle: async (uids, what) => {
      const range = uids.join(',');
      if (what === 'delete') await client.messageDelete(range, { uid: true });
      else if (what === 'keep') await client.messageFlagsAdd(range, [FLAG], { uid: true });
      else {
        const { path } = await client.mailboxCreate(TAKEN);
        await client.messageMove(range, path, { uid: true });
      }
    },
  };
}

function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const words =
    'responseText' in error && typeof error.responseText === 'string' ? `: ${error.responseText}` : '';
  return `${error.message}${words}`;
}
