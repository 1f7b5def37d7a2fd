import type { Context } from 'hono';
import type { Later } from '../subscribers/form-limits.ts';
import type { Pages } from './page.ts';
import { asksForJson } from './request-body.ts';

type ErrorStatus = 404 | 405 | 410 | 413 | 429 | 500 | 503;

/** In seconds: a search takes a tenth of one, and only a few may wait. */
const SEARCH_AGAIN = 5;

/**
 * Says that a request failed, as a page or as JSON.
 * @param options.key of the texts: `KEY.title` and `KEY.text`
 */
export function errorPage(
  c: Context,
  pages: Pages,
  status: ErrorStatus,
  { key = `error.${status}`, json = asksForJson(c) } = {},
): Response | Promise<Response> {
  const { say } = pages.wordsOf();
  const [heading, message] = [say(`${key}.title`), say(`${key}.text`)];
  if (json) return c.json({ ok: false, error: message }, status);
  return c.html(pages.render('error', { status, heading, message }), status);
}

/** Too many requests, from this visitor or in total; says when to try again. */
export function laterPage(
  c: Context,
  pages: Pages,
  { retryAfter, yours }: Later,
): Response | Promise<Response> {
  c.header('Retry-After', String(Math.ceil(retryAfter / 1000)));
  return errorPage(c, pages, yours ? 429 : 503);
}

/** Says that there are too many searches just now. */
export function searchBusy(
  c: Context,
  pages: Pages,
  options: { json?: boolean } = {},
): Response | Promise<Response> {
  c.header('Retry-After', String(SEARCH_AGAIN));
  return errorPage(c, pages, 503, { key: 'search.busy', ...options });
}

/**
 * A link from a mail that says nothing to us: cut short, forged, or signed with a secret that was retired. Its subscriber must
 * have a way to leave all the same: the form mails them links that work.
 */
export function deadLink(c: Context, pages: Pages): Response | Promise<Response> {
  return c.html(pages.render('dead-link'), 404);
}
