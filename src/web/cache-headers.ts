import type { Context, Next } from 'hono';
import type { Instant } from '../domain/time.ts';

/** For pages that are the same for every visitor: caches may keep them for a minute and then ask again. */
export async function shared(c: Context, next: Next): Promise<void> {
  await next();
  if (c.res.ok) c.header('Cache-Control', 'public, max-age=60, stale-while-revalidate=600');
}

/** Says when a text last changed, for whoever asks by date and not by entity tag. */
export function datedAnswer(c: Context, changedAt: Instant, type: string, body: string): Response {
  const seconds = Math.floor(changedAt / 1000) * 1000;
  const asked = Date.parse(c.req.header('If-Modified-Since') ?? '');
  c.header('Last-Modified', new Date(seconds).toUTCString());
  if (c.req.header('If-None-Match') === undefined && asked >= seconds) return c.body(null, 304);
  return c.body(body, 200, { 'Content-Type': type });
}
