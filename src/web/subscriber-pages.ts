import { type Context, Hono } from 'hono';
import { rhythmInWords } from '../domain/in-words.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { isWeekly } from '../domain/weekdays.ts';
import { deadLink } from './error-page.ts';
import { renderPage, wordsOf } from './page.ts';
import { canonicalZone } from './preferences-form.ts';
import { readForm } from './request-body.ts';
import type { Site } from './site.ts';

/**
 * `/confirm/:token` and `/unsubscribe/:token`: GET shows a button and changes nothing, so that no link
 * scanner can act for a subscriber; POST acts. The POST to `/unsubscribe/:token` is also the one-click form of
 * RFC 8058: its body is never looked at, and it needs no cookie, no Origin and no redirect. The other thing that
 * an unsubscribe link may do, one mail a week, has an address of its own.
 */
export function subscriberPages(site: Site): Hono {
  const app = new Hono({ strict: false });
  const { subscribers } = site;

  app.get('/confirm/:token', async (c) => {
    const found = await subscribers.findConfirmation(c.req.param('token'));
    if (typeof found !== 'object') return afterConfirm(c, site, found);
    if (!found.opens) return afterConfirm(c, site, found.subscriber);
    return c.html(renderPage(site, 'confirm', {}, wordsOf(site, found.subscriber)));
  });
  app.post('/confirm/:token', async (c) => {
    // A browser with JavaScript says which zone it is in; what is no zone counts as nothing said.
    const timezone = canonicalZone((await readForm(c)).text('timezone')) ?? '';
    const before = await subscribers.findConfirmation(c.req.param('token'));
    const justNow = typeof before === 'object' && before.opens;
    const subscriber = await subscribers.confirm(c.req.param('token'), timezone);
    return afterConfirm(c, site, subscriber, { pressed: true, justNow });
  });

  app.get('/unsubscribe/:token', async (c) => {
    const token = c.req.param('token');
    const found = await subscribers.find('unsubscribe', token);
    if (typeof found !== 'object') return deadLink(c, site);
    const words = wordsOf(site, found);
    if (found.state === 'unsubscribed')
      return c.html(renderPage(site, 'unsubscribed', { weekly: false }, words));
    const offersWeekly = found.state === 'active' && !isWeekly(found.days);
    return c.html(renderPage(site, 'unsubscribe', { token, offersWeekly }, words));
  });
  app.post('/unsubscribe/:token', async (c) => {
    const token = c.req.param('token');
    const found = await subscribers.find('unsubscribe', token);
    if (typeof found !== 'object' || !(await subscribers.unsubscribe(token))) return deadLink(c, site);
    return c.html(renderPage(site, 'unsubscribed', { weekly: false }, wordsOf(site, found)));
  });
  app.post('/unsubscribe/:token/weekly', async (c) => {
    const found = await subscribers.find('unsubscribe', c.req.param('token'));
    if (typeof found !== 'object') return deadLink(c, site);
    const weekly = await subscribers.turnWeekly(c.req.param('token'));
    return c.html(renderPage(site, 'unsubscribed', { weekly }, wordsOf(site, found)));
  });
  return app;
}

/**
 * Shows the subscriber's current state, which may have changed since the link was mailed. Only pressing the button yields a
 * preferences link: the confirm link by itself may only subscribe.
 */
function afterConfirm(
  c: Context,
  site: Site,
  subscriber: Subscriber | 'expired' | undefined,
  { pressed, justNow } = { pressed: false, justNow: false },
): Response | Promise<Response> {
  if (subscriber === undefined) return c.notFound();
  if (subscriber === 'expired') return c.html(renderPage(site, 'expired'), 410);
  const words = wordsOf(site, subscriber);
  if (subscriber.state === 'suppressed') return c.html(renderPage(site, 'unreachable', {}, words), 410);
  if (subscriber.state !== 'active')
    return c.html(renderPage(site, 'unsubscribed', { weekly: false }, words), 410);
  const preferences = pressed ? site.subscribers.tokenFor('preferences', subscriber) : '';
  const view = { justNow, when: rhythmInWords(words, subscriber), preferences };
  return c.html(renderPage(site, 'confirmed', view, words));
}
