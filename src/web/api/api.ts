import { type Context, Hono, type Next } from 'hono';
import { z } from 'zod';
import { Fault } from '../../domain/fault.ts';
import { searchBusy } from '../error-page.ts';
import { renderPage } from '../page.ts';
import { readJson } from '../request-body.ts';
import type { Site } from '../site.ts';
import { type Asked, ENDPOINTS, type Endpoint } from './endpoints.ts';
import { openApi } from './openapi.ts';

const ROOT = '/api/v1';

/** `/api/v1`: JSON for programs of the operator, with a token; its description needs none. */
export function apiPages(site: Site): Hono {
  const app = new Hono({ strict: false });
  app.get(ROOT, (c) => c.html(renderPage(site, 'api', { endpoints: ENDPOINTS.map(described) })));
  app.get(`${ROOT}/openapi.json`, (c) => c.json(openApi(site, ENDPOINTS)));
  for (const endpoint of ENDPOINTS) {
    const path = ROOT + endpoint.path;
    app.on(endpoint.method.toUpperCase(), path, (c, next) => allowed(c, site, next));
    app.on(endpoint.method.toUpperCase(), path, (c) => answer(c, site, endpoint));
  }
  return app;
}

async function allowed(c: Context, site: Site, next: Next): Promise<Response | undefined> {
  c.header('Cache-Control', 'no-store');
  const [, token = ''] = /^Bearer ([^\s]{1,200})$/i.exec(c.req.header('Authorization') ?? '') ?? [];
  if (!site.api.allows(token)) {
    c.header('WWW-Authenticate', 'Bearer');
    return c.json({ ok: false, error: 'Send one of API_TOKENS as "Authorization: Bearer TOKEN".' }, 401);
  }
  await next();
  return undefined;
}

async function answer(c: Context, site: Site, endpoint: Endpoint): Promise<Response> {
  const query = (endpoint.query ?? z.object({})).safeParse(c.req.query());
  const sent = endpoint.body ? await readJson(c) : {};
  const body = (endpoint.body ?? z.object({})).safeParse(sent);
  const problems = [...(query.error?.issues ?? []), ...(body.error?.issues ?? [])];
  const told = problems.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
  if (told.length === 0 && body.data) told.push(...(endpoint.check?.(site, body.data) ?? []));
  if (told.length > 0) return c.json({ ok: false, error: told.slice(0, 20).join('; ') }, 422);
  const asked: Asked = { name: c.req.param('name') ?? '', query: query.data, body: body.data };
  const found = await endpoint.act(site, asked).catch(asRefusal);
  if (found instanceof Fault) return c.json({ ok: false, error: `${found.message} ${found.next}` }, 409);
  if (found === undefined) return c.json({ ok: false, error: 'There is no such thing.' }, 404);
  if (found === 'busy') return searchBusy(c, site, { json: true });
  return c.json(found, endpoint.method === 'post' ? 201 : 200);
}

function asRefusal(error: unknown): Fault {
  if (error instanceof Fault && error.code === 'SUBSCRIBER_AWAY') return error;
  throw error;
}

function described({ method, path, summary, query, body }: Endpoint) {
  const fields = (shape: z.ZodObject | undefined) => Object.keys(shape?.shape ?? {}).join(', ');
  const plain = path.replace(/:name(\{.+\})?/, '{name}');
  const takes = [query && `?${fields(query)}`, body && `body: ${fields(body)}`].filter(Boolean);
  return { method: method.toUpperCase(), path: ROOT + plain, summary, takes: takes.join(' · ') };
}
