import { type Context, Hono } from 'hono';
import type { Subscriber } from '../domain/subscriber.ts';
import { daysInWords } from './calendar.ts';
import { renderPage } from './page.ts';
import type { Site } from './site.ts';

/**
 * `/confirm/:token` and `/unsubscribe/:token`: GET shows a button and changes nothing, so that no link
 * scanner can act for a reader; POST acts. The POST to `/unsubscribe` is also the one-click form of
 * RFC 8058: its body is never looked at, and it needs no cookie, no Origin and no redirect.
 */
export function readerPages(site: Site): Hono {
  const app = new Hono({ strict: false });
  const { readers } = site;

  app.get('/confirm/:token', async (c) => {
    const found = await readers.find('confirm', c.req.param('token'));
    if (typeof found === 'object' && found.state !== 'active') return c.html(renderPage(site, 'confirm'));
    return afterConfirm(c, site, found, false);
  });
  app.post('/confirm/:token', async (c) => {
    return afterConfirm(c, site, await readers.confirm(c.req.param('token')), true);
  });

  app.get('/unsubscribe/:token', async (c) => {
    const found = await readers.find('unsubscribe', c.req.param('token'));
    if (typeof found !== 'object') return c.notFound();
    return c.html(renderPage(site, found.state === 'unsubscribed' ? 'unsubscribed' : 'unsubscribe'));
  });
  app.post('/unsubscribe/:token', async (c) => {
    if (!(await readers.unsubscribe(c.req.param('token')))) return c.notFound();
    return c.html(renderPage(site, 'unsubscribed'));
  });
  return app;
}

function afterConfirm(
  c: Context,
  site: Site,
  reader: Subscriber | 'expired' | undefined,
  justNow: boolean,
): Response | Promise<Response> {
  if (reader === undefined) return c.notFound();
  if (reader === 'expired') return c.html(renderPage(site, 'expired'), 410);
  const { deliverAt, timezone, days, id } = reader;
  const preferences = site.readers.tokenFor('preferences', id);
  const view = { justNow, deliverAt, timezone, days: daysInWords(days), preferences };
  return c.html(renderPage(site, 'confirmed', view));
}
