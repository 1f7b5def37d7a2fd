import type { Message } from '../../src/domain/message.ts';

/** A small mail to one address. */
export function mailTo(to: string, raw = `To: ${to}\r\nSubject: Lanternfish\r\n\r\nHello.`): Message {
  return {
    envelope: { from: 'papers@example.org', to },
    messageId: `<1.${to.replace('@', '.')}@papers.example.org>`,
    raw: Buffer.from(raw),
  };
}
