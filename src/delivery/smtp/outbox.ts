import { createHash } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outcome } from '../../domain/delivery.ts';
import type { Message } from '../../domain/message.ts';
import { type Gate, OPEN_GATE, type Transport } from './transport.ts';

/**
 * Writes each mail as an `.eml` file: the way to see what would be sent before there is a relay. The file's
 * name comes from the Message-ID, so a mail that is written again is the same file.
 */
export function createOutbox(folder: string, options: { connections: number }): Transport {
  const send = async (message: Message, gate: Gate = OPEN_GATE): Promise<Outcome> => {
    const path = join(folder, fileName(message));
    const may = (await gate.mail()) && (await gate.data());
    if (!may) return { kind: 'returned', reply: 'kept back before it was written' };
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeWhole(path, message.raw);
      return { kind: 'accepted', reply: `250 2.0.0 written to ${path}` };
    } catch (error) {
      return { kind: 'route', reply: `the outbox cannot be written: ${(error as Error).message}` };
    }
  };
  return { name: folder, connections: options.connections, send, close: async () => {} };
}

function fileName(message: Message): string {
  const subscriber = message.envelope.to.replace(/[^\w.@+-]/g, '_').slice(0, 60);
  const id = message.messageId
    .replace(/^<|@.*$/g, '')
    .replace(/[^\w.-]/g, '_')
    .slice(0, 60);
  const unique = createHash('sha256').update(message.messageId).digest('hex').slice(0, 8);
  return `${id}.${subscriber}.${unique}.eml`;
}

/** A subscriber of the folder never sees half a mail, whenever the program ends. */
async function writeWhole(path: string, content: Buffer): Promise<void> {
  const file = await open(`${path}.part`, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
}
