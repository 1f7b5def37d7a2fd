import type { Context } from 'hono';
import { asksForJson } from './body.ts';
import { renderPage } from './page.ts';
import type { Site } from './site.ts';

const ERRORS = {
  404: ['Nothing here', 'There is no such page. A link from a mail may have been cut short: try it whole.'],
  405: ['Not like this', 'This page cannot be asked for in that way.'],
  410: ['This link has expired', 'It worked for some hours only. Your preferences page mails you a new one.'],
  413: ['Too much', 'What was sent is larger than anything this form could need.'],
  429: ['Too many at once', 'Too many sign-ups came from your network. Please try again later.'],
  500: ['Something broke', 'The fault is ours and has been noted. Please try again in a while.'],
  503: ['Too many at once', 'Very many people are signing up just now. Please try again later.'],
} as const;

/** The page, or JSON, of an answer that is none. */
export function errorPage(c: Context, site: Site, status: keyof typeof ERRORS): Response | Promise<Response> {
  const [heading, message] = ERRORS[status];
  if (asksForJson(c)) return c.json({ ok: false, error: message }, status);
  return c.html(renderPage(site, 'error', { status, heading, message }), status);
}
