import { Hono } from 'hono';
import { readForm } from './body.ts';
import { daysInWords } from './calendar.ts';
import { renderPage } from './page.ts';
import { asTyped, checkPreferences, preferencesView, typedPreferences } from './preferences-form.ts';
import type { Site } from './site.ts';

/** `/preferences/:token`: when the mail comes. It shows no address: a forwarded mail gives nothing away. */
export function preferencesPages(site: Site): Hono {
  const app = new Hono({ strict: false });
  const { readers } = site;

  app.get('/preferences/:token', async (c) => {
    const reader = await readers.find('preferences', c.req.param('token'));
    if (typeof reader !== 'object') return c.notFound();
    const form = preferencesView(asTyped(reader), reader);
    return c.html(renderPage(site, 'preferences', { ...form, ...around(reader), saved: '' }));
  });

  app.post('/preferences/:token', async (c) => {
    const token = c.req.param('token');
    const reader = await readers.find('preferences', token);
    if (typeof reader !== 'object') return c.notFound();
    const typed = typedPreferences(await readForm(c));
    const checked = checkPreferences(typed, reader);
    if ('problems' in checked) {
      const form = preferencesView(typed, reader, checked.problems);
      return c.html(renderPage(site, 'preferences', { ...form, ...around(reader), saved: '' }), 422);
    }
    const { preferences } = checked;
    if (!(await readers.savePreferences(token, preferences))) return c.notFound();
    const { deliverAt, timezone, days } = preferences;
    const saved = `${deliverAt}, ${timezone} time, ${daysInWords(days)}`;
    const form = preferencesView(asTyped(preferences), preferences);
    return c.html(renderPage(site, 'preferences', { ...form, ...around(reader), saved }));
  });
  return app;

  function around(reader: { id: number; state: string }) {
    const active = reader.state === 'active';
    return { active, unsubscribe: active ? readers.tokenFor('unsubscribe', reader.id) : '' };
  }
}
