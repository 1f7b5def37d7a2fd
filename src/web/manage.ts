import { type Context, Hono } from 'hono';
import type { Core } from '../core.ts';
import { parseAddress } from '../domain/address.ts';
import { askAddress } from '../subscribers/address-change.ts';
import { eraseById } from '../subscribers/admin.ts';
import { moveSubscriber } from '../subscribers/lifecycle.ts';
import { tokenFor } from '../subscribers/links.ts';
import { findProvedAddress } from '../subscribers/proved-address.ts';
import { dataOf } from '../subscribers/subscriber-data.ts';
import { subscriberOf } from '../subscribers/tokens.ts';
import { clientOf } from './client.ts';
import { errorPage, laterPage } from './error-page.ts';
import { readForm } from './request-body.ts';
import type { WebTools } from './web-tools.ts';

/**
 * What takes a link fresh from the mailbox, so that a forwarded mail gives nothing away: `/manage/:token` (another
 * address, one's data), `/address/:token` (the new address is proved) and `/erase/:token`. GET shows, POST acts.
 */
export function managePages(core: Core, tools: WebTools): Hono {
  const app = new Hono({ strict: false });
  app.get('/manage/:token', (c) => managePage(c, core, tools));
  app.post('/manage/:token/address', (c) => askForAddress(c, core, tools));
  app.post('/manage/:token/export', (c) => exportData(c, core, tools));
  app.get('/address/:token', (c) => showProvedAddress(c, core, tools));
  app.post('/address/:token', (c) => moveToProvedAddress(c, core, tools));
  app.get('/erase/:token', (c) => showErasing(c, core, tools));
  app.post('/erase/:token', (c) => erase(c, core, tools));
  return app;
}

type Asked = Context<object, '/:token'>;

async function managePage(
  c: Asked,
  core: Core,
  { pages, secrets }: WebTools,
  { email = '', problem = '' } = {},
): Promise<Response> {
  const token = c.req.param('token');
  const subscriber = await subscriberOf(core, secrets, 'manage', token);
  if (subscriber === undefined) return c.notFound();
  if (subscriber === 'expired') return errorPage(c, pages, 410);
  const words = pages.wordsOf(subscriber);
  const view = {
    address: subscriber.email,
    action: token,
    change: { email, problem: problem && words.say(problem) },
    erase: tokenFor(secrets, 'erase', subscriber, core.clock()),
    preferences: tokenFor(secrets, 'preferences', subscriber),
  };
  return c.html(pages.render('manage', view, words), problem === '' ? 200 : 422);
}

async function askForAddress(c: Asked, core: Core, tools: WebTools): Promise<Response> {
  const email = (await readForm(c)).text('email');
  const address = parseAddress(email);
  if (address === undefined) return managePage(c, core, tools, { email, problem: 'problem.address' });
  const subscriber = await subscriberOf(core, tools.secrets, 'manage', c.req.param('token'));
  if (typeof subscriber !== 'object') return managePage(c, core, tools);
  const client = clientOf(c, core.config.TRUST_PROXY);
  const asked = await askAddress(core, tools.secrets, subscriber, address, client);
  tools.wake();
  if (asked.kind === 'later') return laterPage(c, tools.pages, asked);
  return c.html(tools.pages.render('link-sent', { address }, tools.pages.wordsOf(subscriber)));
}

async function exportData(c: Asked, core: Core, tools: WebTools): Promise<Response> {
  const subscriber = await subscriberOf(core, tools.secrets, 'manage', c.req.param('token'));
  if (typeof subscriber !== 'object') return managePage(c, core, tools);
  return c.body(`${JSON.stringify(await dataOf(core, subscriber), null, 2)}\n`, 200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Disposition': 'attachment; filename="my-data.json"',
  });
}

async function showProvedAddress(c: Asked, core: Core, { pages, secrets }: WebTools): Promise<Response> {
  const proved = await findProvedAddress(core, secrets, c.req.param('token'));
  if (proved === undefined) return c.notFound();
  if (proved === 'expired') return errorPage(c, pages, 410);
  return c.html(pages.render('address', { address: proved.address }));
}

async function moveToProvedAddress(c: Asked, core: Core, { pages, secrets }: WebTools): Promise<Response> {
  const proved = await findProvedAddress(core, secrets, c.req.param('token'));
  if (proved === undefined) return c.notFound();
  if (proved === 'expired') return errorPage(c, pages, 410);
  const moved = await moveSubscriber(core, proved.subscriber.id, proved.address);
  return c.html(pages.render('address-moved', { taken: moved === 'taken' }));
}

async function showErasing(c: Asked, core: Core, { pages, secrets }: WebTools): Promise<Response> {
  const subscriber = await subscriberOf(core, secrets, 'erase', c.req.param('token'));
  if (subscriber === undefined) return c.notFound();
  if (subscriber === 'expired') return errorPage(c, pages, 410);
  return c.html(pages.render('erase', {}, pages.wordsOf(subscriber)));
}

async function erase(c: Asked, core: Core, { pages, secrets, wake }: WebTools): Promise<Response> {
  const subscriber = await subscriberOf(core, secrets, 'erase', c.req.param('token'));
  if (subscriber === undefined) return c.notFound();
  if (subscriber === 'expired') return errorPage(c, pages, 410);
  await eraseById(core, subscriber.id);
  wake();
  return c.html(pages.render('erased', {}, pages.wordsOf(subscriber)));
}
