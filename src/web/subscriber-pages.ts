import { type Context, Hono } from 'hono';
import type { Core } from '../core.ts';
import { dayAt } from '../domain/day.ts';
import { rhythmInWords } from '../domain/in-words.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { isWeekly, WEEKLY } from '../domain/weekdays.ts';
import { confirm, findConfirmation } from '../subscribers/confirmation.ts';
import { changePreferences, unsubscribe } from '../subscribers/lifecycle.ts';
import { tokenFor } from '../subscribers/links.ts';
import { subscriberOf } from '../subscribers/tokens.ts';
import { longDate } from './calendar.ts';
import { deadLink } from './error-page.ts';
import { pauseOf, weeksOfPause } from './pause.ts';
import { canonicalZone } from './preferences-form.ts';
import { readForm } from './request-body.ts';
import type { WebTools } from './web-tools.ts';

/**
 * `/confirm/:token` and `/unsubscribe/:token`: GET shows a button and changes nothing, so that no link
 * scanner can act for a subscriber; POST acts. The POST to `/unsubscribe/:token` is also the one-click form of
 * RFC 8058: its body is never looked at, and it needs no cookie, no Origin and no redirect. The other thing that
 * an unsubscribe link may do, one mail a week, has an address of its own.
 */
export function subscriberPages(core: Core, tools: WebTools): Hono {
  const app = new Hono({ strict: false });
  app.get('/confirm/:token', (c) => showConfirm(c, core, tools));
  app.post('/confirm/:token', (c) => pressConfirm(c, core, tools));
  app.get('/unsubscribe/:token', (c) => showUnsubscribe(c, core, tools));
  app.post('/unsubscribe/:token', (c) => pressUnsubscribe(c, core, tools));
  app.post('/unsubscribe/:token/pause', (c) => pause(c, core, tools));
  app.post('/unsubscribe/:token/weekly', (c) => turnWeekly(c, core, tools));
  return app;
}

/** In weeks: the first choice of a select. */
const PAUSE_OFFERED = '4';

/** The page after leaving for good; with one of these it is about less. */
const NOT_ANY_MORE = { weekly: false, paused: '' };

type Asked = Context<object, '/:token'>;

async function showConfirm(c: Asked, core: Core, tools: WebTools): Promise<Response> {
  const found = await findConfirmation(core, tools.secrets, c.req.param('token'));
  if (typeof found !== 'object') return afterConfirm(c, tools, found);
  if (!found.opens) return afterConfirm(c, tools, found.subscriber);
  return c.html(tools.pages.render('confirm', {}, tools.pages.wordsOf(found.subscriber)));
}

async function pressConfirm(c: Asked, core: Core, tools: WebTools): Promise<Response> {
  // A browser with JavaScript says which zone it is in; what is no zone counts as nothing said.
  const timezone = canonicalZone((await readForm(c)).text('timezone')) ?? '';
  const token = c.req.param('token');
  const found = await findConfirmation(core, tools.secrets, token);
  if (typeof found !== 'object') return afterConfirm(c, tools, found);
  if (!found.opens) return afterConfirm(c, tools, found.subscriber, { pressed: true, justNow: false });
  const subscriber = await confirm(core, tools.secrets, token, found, timezone);
  tools.wake();
  return afterConfirm(c, tools, subscriber, { pressed: true, justNow: true });
}

async function showUnsubscribe(c: Asked, core: Core, { pages, secrets }: WebTools): Promise<Response> {
  const token = c.req.param('token');
  const subscriber = await subscriberOf(core, secrets, 'unsubscribe', token);
  if (typeof subscriber !== 'object') return deadLink(c, pages);
  const words = pages.wordsOf(subscriber);
  if (subscriber.state === 'unsubscribed') return c.html(pages.render('unsubscribed', NOT_ANY_MORE, words));
  const view = {
    token,
    active: subscriber.state === 'active',
    offersWeekly: !isWeekly(subscriber.days),
    weeks: weeksOfPause(words, PAUSE_OFFERED),
  };
  return c.html(pages.render('unsubscribe', view, words));
}

async function pressUnsubscribe(c: Asked, core: Core, { pages, secrets, wake }: WebTools): Promise<Response> {
  const subscriber = await subscriberOf(core, secrets, 'unsubscribe', c.req.param('token'));
  if (typeof subscriber !== 'object') return deadLink(c, pages);
  await unsubscribe(core, subscriber.id);
  wake();
  return c.html(pages.render('unsubscribed', NOT_ANY_MORE, pages.wordsOf(subscriber)));
}

async function turnWeekly(c: Asked, core: Core, { pages, secrets }: WebTools): Promise<Response> {
  const subscriber = await subscriberOf(core, secrets, 'unsubscribe', c.req.param('token'));
  if (typeof subscriber !== 'object') return deadLink(c, pages);
  const weekly = subscriber.state === 'active';
  if (weekly && !isWeekly(subscriber.days))
    await changePreferences(core, subscriber.id, { ...subscriber, days: WEEKLY });
  return c.html(pages.render('unsubscribed', { ...NOT_ANY_MORE, weekly }, pages.wordsOf(subscriber)));
}

/** Nothing is mailed for some weeks; everything that was chosen stays. */
async function pause(c: Asked, core: Core, tools: WebTools): Promise<Response> {
  const { pages, wake } = tools;
  const subscriber = await subscriberOf(core, tools.secrets, 'unsubscribe', c.req.param('token'));
  if (typeof subscriber !== 'object') return deadLink(c, pages);
  const words = pages.wordsOf(subscriber);
  const pausedUntil = pauseOf((await readForm(c)).text('pause'), core.clock());
  if (subscriber.state !== 'active' || !pausedUntil) return showUnsubscribe(c, core, tools);
  await changePreferences(core, subscriber.id, { ...subscriber, pausedUntil });
  wake();
  const paused = longDate(words, dayAt(pausedUntil, subscriber.timezone));
  return c.html(pages.render('unsubscribed', { ...NOT_ANY_MORE, paused }, words));
}

/**
 * Shows the subscriber's current state, which may have changed since the link was mailed. Only pressing the button
 * yields a preferences link: the confirm link by itself may only subscribe.
 */
function afterConfirm(
  c: Asked,
  { pages, secrets }: WebTools,
  subscriber: Subscriber | 'expired' | undefined,
  { pressed, justNow } = { pressed: false, justNow: false },
): Response | Promise<Response> {
  if (subscriber === undefined) return c.notFound();
  if (subscriber === 'expired') return c.html(pages.render('expired'), 410);
  const words = pages.wordsOf(subscriber);
  if (subscriber.state === 'suppressed') return c.html(pages.render('unreachable', {}, words), 410);
  if (subscriber.state !== 'active') return c.html(pages.render('unsubscribed', NOT_ANY_MORE, words), 410);
  const preferences = pressed ? tokenFor(secrets, 'preferences', subscriber) : '';
  const view = { justNow, when: rhythmInWords(words, subscriber), preferences };
  return c.html(pages.render('confirmed', view, words));
}
