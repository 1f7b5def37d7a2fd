import { type Context, Hono } from 'hono';
import { parseAddress } from '../domain/address.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { clientOf } from './client.ts';
import { errorPage, laterPage } from './error-page.ts';
import { renderPage, wordsOf } from './page.ts';
import { readForm } from './request-body.ts';
import type { Site } from './site.ts';

/**
 * What takes a link fresh from the mailbox, so that a forwarded mail gives nothing away: `/manage/:token` (another
 * address, one's data), `/address/:token` (the new address is proved) and `/erase/:token`. GET shows, POST acts.
 */
export function managePages(site: Site): Hono {
  const app = new Hono({ strict: false });
  const { subscribers } = site;

  app.get('/manage/:token', async (c) => managePage(c, site, {}));
  app.post('/manage/:token/address', async (c) => {
    const email = (await readForm(c)).text('email');
    const address = parseAddress(email);
    const found = await subscribers.find('manage', c.req.param('token'));
    if (address === undefined) return managePage(c, site, { email, problem: 'problem.address' }, 422);
    const asked = await subscribers.askAddress(
      c.req.param('token'),
      address,
      clientOf(c, site.trustedProxies),
    );
    if (asked === undefined) return managePage(c, site, {});
    if (asked.kind === 'later') return laterPage(c, site, asked);
    const words = typeof found === 'object' ? wordsOf(site, found) : wordsOf(site);
    return c.html(renderPage(site, 'link-sent', { address }, words));
  });
  app.post('/manage/:token/export', async (c) => {
    const data = await subscribers.dataOf(c.req.param('token'));
    if (data === undefined) return managePage(c, site, {});
    return c.body(`${JSON.stringify(data, null, 2)}\n`, 200, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Disposition': 'attachment; filename="my-data.json"',
    });
  });

  app.get('/address/:token', async (c) => {
    const found = await subscribers.findAddress(c.req.param('token'));
    if (found === undefined) return c.notFound();
    if (found === 'expired') return errorPage(c, site, 410);
    return c.html(renderPage(site, 'address', { address: found }));
  });
  app.post('/address/:token', async (c) => {
    const moved = await subscribers.moveAddress(c.req.param('token'));
    if (moved === undefined) return c.notFound();
    if (moved === 'expired') return errorPage(c, site, 410);
    return c.html(renderPage(site, 'address-moved', { taken: moved === 'taken' }));
  });

  app.get('/erase/:token', async (c) => {
    const found = await subscribers.find('erase', c.req.param('token'));
    if (found === undefined) return c.notFound();
    if (found === 'expired') return errorPage(c, site, 410);
    return c.html(renderPage(site, 'erase', {}, wordsOf(site, found)));
  });
  app.post('/erase/:token', async (c) => {
    const token = c.req.param('token');
    const found = await subscribers.find('erase', token);
    if (found === 'expired') return errorPage(c, site, 410);
    if (found === undefined || !(await subscribers.erase(token))) return c.notFound();
    return c.html(renderPage(site, 'erased', {}, wordsOf(site, found)));
  });
  return app;
}

/** The page, or why there is none. */
async function managePage(
  c: Context,
  site: Site,
  { email = '', problem = '' }: { email?: string; problem?: string },
  status: 200 | 422 = 200,
): Promise<Response> {
  const found = await site.subscribers.find('manage', c.req.param('token') ?? '');
  if (found === undefined) return c.notFound();
  if (found === 'expired') return errorPage(c, site, 410);
  const words = wordsOf(site, found);
  return c.html(
    renderPage(
      site,
      'manage',
      view(site, found, c.req.param('token') ?? '', email, problem && words.say(problem)),
      words,
    ),
    status,
  );
}

function view(site: Site, subscriber: Subscriber, token: string, email: string, problem: string) {
  return {
    address: subscriber.email,
    action: token,
    change: { email, problem },
    erase: site.subscribers.tokenFor('erase', subscriber),
    preferences: site.subscribers.tokenFor('preferences', subscriber),
  };
}
