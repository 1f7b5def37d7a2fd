import type { Outcome } from '../domain/delivery.ts';
import type { Message } from '../domain/message.ts';

/** Takes finished messages to where they go. An expected failure is an outcome; only bugs throw. */
export type Transport = {
  /** For people: `smtp://relay.example:587` (without the password) or the folder's path. */
  readonly name: string;
  /** How many messages it may be given at once. */
  readonly connections: number;
  send(message: Message): Promise<Outcome>;
  /** Lets what is being sent finish, then disconnects. */
  close(): Promise<void>;
};
