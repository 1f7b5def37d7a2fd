import type { Context } from 'hono';
import { asksForJson } from './body.ts';
import { renderPage, wordsOf } from './page.ts';
import type { Later, Site } from './site.ts';

type ErrorStatus = 404 | 405 | 410 | 413 | 429 | 500 | 503;

/** The page, or JSON, of an answer that is none. */
export function errorPage(c: Context, site: Site, status: ErrorStatus): Response | Promise<Response> {
  const { say } = wordsOf(site);
  const [heading, message] = [say(`error.${status}.title`), say(`error.${status}.text`)];
  if (asksForJson(c)) return c.json({ ok: false, error: message }, status);
  return c.html(renderPage(site, 'error', { status, heading, message }), status);
}

/** Too many requests, from this visitor or in total; says when to try again. */
export function laterPage(
  c: Context,
  site: Site,
  { retryAfter, yours }: Later,
): Response | Promise<Response> {
  c.header('Retry-After', String(Math.ceil(retryAfter / 1000)));
  return errorPage(c, site, yours ? 429 : 503);
}
