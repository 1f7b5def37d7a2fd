/** A folder of a mailbox that is read over IMAP. */
export type Inbox = {
  /** For logs and marks: without the password. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** TLS before the log-in, or none. */
  readonly starttls: boolean;
  readonly user: string;
  readonly password?: string;
  /** Holds an OAuth access token, read at each log-in. */
  readonly tokenFile?: string;
  readonly folder: string;
};

/** Where the listener for returned mail waits: a socket, or an address. */
export type InboundListen =
  | { readonly lmtp: true; readonly path: string }
  | { readonly lmtp: boolean; readonly host: string; readonly port: number };
