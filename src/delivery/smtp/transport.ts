import type { Outcome } from '../../domain/delivery.ts';
import type { Message } from '../../domain/message.ts';

/** Takes finished messages to where they go. An expected failure is an outcome; only bugs throw. */
export type Transport = {
  /** For people: `smtp://relay.example:587` (without the password) or the folder's path. */
  readonly name: string;
  /** How many messages it may be given at once. */
  readonly connections: number;
  send(message: Message, gate?: Gate): Promise<Outcome>;
  /** Lets what is being sent finish, then disconnects. */
  close(): Promise<void>;
};

/** Asked by a transport at the two moments at which a message can still be kept back. */
export type Gate = {
  /** Right before MAIL FROM, on a connection that is ready: waits for the rate. @returns false to give the message back */
  mail(): Promise<boolean>;
  /** Right before the first byte of the message: whether it is still ours to send. */
  data(): boolean | Promise<boolean>;
};

export const OPEN_GATE: Gate = { mail: async () => true, data: () => true };
