import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { Fault } from '../domain/fault.ts';
import { SECOND } from '../domain/time.ts';

export type Listening = { readonly port: number; close(): Promise<void> };

/** How long a request may take to arrive completely: a client that sends its body byte by byte is cut off. */
const ARRIVAL_LIMIT = 30 * SECOND;

/**
 * Serves an app until it is closed.
 * @param port 0 for any free one
 * @throws Fault PORT_TAKEN
 */
export async function listen(
  app: Hono,
  host: string,
  port: number,
  arrivalLimit = ARRIVAL_LIMIT,
): Promise<Listening> {
  const { promise, resolve, reject } = Promise.withResolvers<AddressInfo>();
  const serverOptions = {
    requestTimeout: arrivalLimit,
    headersTimeout: arrivalLimit,
    connectionsCheckingInterval: Math.ceil(arrivalLimit / 6),
  };
  const server = serve({ fetch: app.fetch, hostname: host, port, serverOptions }, resolve) as Server;
  server.once('error', (error: NodeJS.ErrnoException) => reject(portFault(error, host, port)));
  const address = await promise;
  return { port: address.port, close: () => closeServer(server) };
}

function portFault(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  if (cause.code !== 'EADDRINUSE' && cause.code !== 'EACCES') return cause;
  const why = cause.code === 'EACCES' ? 'may not be used by this user' : 'is in use by another program';
  return new Fault(
    'PORT_TAKEN',
    `Port ${port} on ${host} ${why}.`,
    'Set PORT to a free one, or stop the other program.',
    { cause },
  );
}

/** Running requests are answered; idle connections are closed. */
async function closeServer(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), 2000).unref();
  await promise;
}
