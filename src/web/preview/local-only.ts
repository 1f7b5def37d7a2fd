import type { Context, Next } from 'hono';

const LOCAL = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Answers only who asks for this machine by one of its own names. A page from elsewhere can have its own name point here
 * (DNS rebinding), and would then read the answers as its own.
 */
export async function localOnly(c: Context, next: Next): Promise<Response | undefined> {
  const asked = new URL(c.req.url);
  const host = c.req.header('Host') ?? asked.host;
  const origin = c.req.header('Origin') ?? `http://${host}`;
  if (isLocal(asked.host) && isLocal(host) && origin === `http://${host}`) {
    await next();
    return undefined;
  }
  const port = asked.port || 'PORT';
  c.header('Cache-Control', 'no-store');
  return c.text(
    `This preview answers only on the machine that it runs on, as http://127.0.0.1:${port}/ or http://localhost:${port}/.\n` +
      `To see it from another machine, forward the port there: ssh -L ${port}:127.0.0.1:${port} HOST\n`,
    403,
  );
}

function isLocal(host: string): boolean {
  return LOCAL.has(URL.parse(`http://${host}`)?.hostname ?? '');
}
