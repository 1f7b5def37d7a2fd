import type { Signer } from './dkim.ts';
import type { Transport } from './transport.ts';

/**
 * A transport whose mails are signed on their way. What cannot be signed is not sent: that is as if the
 * relay had refused us.
 */
export function signing(transport: Transport, signer: () => Promise<Signer | undefined>): Transport {
  return {
    ...transport,
    send: async (message, gate) => {
      let raw: Buffer;
      try {
        const sign = await signer();
        raw = sign ? await sign(message.raw) : message.raw;
      } catch (error) {
        return { kind: 'route', reply: `the mail cannot be signed: ${(error as Error).message}` };
      }
      return transport.send({ ...message, raw }, gate);
    },
  };
}
