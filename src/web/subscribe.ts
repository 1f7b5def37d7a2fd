import { type Context, Hono } from 'hono';
import { parseAddress } from '../domain/address.ts';
import { asksForJson, readForm } from './body.ts';
import { renderPage } from './page.ts';
import type { Site } from './site.ts';

const PROBLEM = 'This is not an address we can mail. It should look like name@example.org.';

/** `/subscribe`, for the form and for JSON alike. The answer to a good address is always the same. */
export function subscribePages(site: Site): Hono {
  const app = new Hono({ strict: false });
  app.get('/subscribe', (c) => c.html(renderPage(site, 'subscribe')));
  app.post('/subscribe', async (c) => {
    const typed = await typedAddress(c);
    const address = parseAddress(typed);
    if (address !== undefined) await site.readers.signUp(address);
    if (asksForJson(c)) {
      return address === undefined ? c.json({ ok: false, error: PROBLEM }, 422) : c.json({ ok: true });
    }
    if (address !== undefined) return c.html(renderPage(site, 'subscribed'));
    const problem = typed.trim() === '' ? 'Please give your e-mail address.' : PROBLEM;
    return c.html(renderPage(site, 'subscribe', { signUp: { email: typed, problem } }), 422);
  });
  return app;
}

async function typedAddress(c: Context): Promise<string> {
  if (!asksForJson(c)) return (await readForm(c)).text('email');
  const body: unknown = await c.req.json().catch(() => undefined);
  const email = typeof body === 'object' && body !== null && 'email' in body ? body.email : '';
  return typeof email === 'string' ? email : '';
}
