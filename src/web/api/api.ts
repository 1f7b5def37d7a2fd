import { createHash, timingSafeEqual } from 'node:crypto';
import { type Context, Hono, type Next } from 'hono';
import type { z } from 'zod';
import type { Core } from '../../core.ts';
import { searchBusy } from '../error-page.ts';
import { readJson } from '../request-body.ts';
import type { WebTools } from '../web-tools.ts';
import type { Endpoint } from './endpoint.ts';
import { ENDPOINTS } from './endpoints.ts';
import { openApi } from './openapi.ts';

const ROOT = '/api/v1';

/** More would only be noise. */
const MOST_PROBLEMS = 20;

/** `/api/v1`: JSON for programs of the operator, with a token; its description needs none. */
export function apiPages(core: Core, tools: WebTools): Hono {
  const app = new Hono({ strict: false });
  app.get(ROOT, (c) => c.html(tools.pages.render('api', { endpoints: ENDPOINTS.map(described) })));
  app.get(`${ROOT}/openapi.json`, (c) => c.json(openApi(core.config, ENDPOINTS)));
  const onlyWithToken = tokenCheck(core.config.API_TOKENS);
  for (const endpoint of ENDPOINTS) {
    const method = endpoint.method.toUpperCase();
    app.on(method, ROOT + endpoint.path, onlyWithToken);
    app.on(method, ROOT + endpoint.path, (c) => answer(c, core, tools, endpoint));
  }
  return app;
}

function tokenCheck(tokens: readonly string[]) {
  const known = tokens.map(digest);
  // Every token is compared, so that the time says nothing of which came near.
  const isKnown = (token: string) => known.filter((good) => timingSafeEqual(good, digest(token))).length > 0;
  return async (c: Context, next: Next): Promise<Response | undefined> => {
    c.header('Cache-Control', 'no-store');
    const [, token = ''] = /^Bearer ([^\s]{1,200})$/i.exec(c.req.header('Authorization') ?? '') ?? [];
    if (!isKnown(token)) {
      c.header('WWW-Authenticate', 'Bearer');
      return c.json({ ok: false, error: 'Send one of API_TOKENS as "Authorization: Bearer TOKEN".' }, 401);
    }
    await next();
    return undefined;
  };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

async function answer(c: Context, core: Core, tools: WebTools, endpoint: Endpoint): Promise<Response> {
  const answered = await endpoint.respond(core, tools, {
    name: c.req.param('name') ?? '',
    query: c.req.query(),
    body: endpoint.body ? await readJson(c) : {},
  });
  if (answered.kind === 'wrong')
    return c.json({ ok: false, error: answered.problems.slice(0, MOST_PROBLEMS).join('; ') }, 422);
  if (answered.kind === 'refused') return c.json({ ok: false, error: answered.why }, 409);
  if (answered.kind === 'unknown') return c.json({ ok: false, error: 'There is no such thing.' }, 404);
  if (answered.kind === 'busy') return searchBusy(c, tools.pages, { json: true });
  return c.json(answered.answer, endpoint.method === 'post' ? 201 : 200);
}

function described({ method, path, summary, query, body }: Endpoint) {
  const fields = (shape: z.ZodObject | undefined) => Object.keys(shape?.shape ?? {}).join(', ');
  const plain = path.replace(/:name(\{.+\})?/, '{name}');
  const takes = [query && `?${fields(query)}`, body && `body: ${fields(body)}`].filter(Boolean);
  return { method: method.toUpperCase(), path: ROOT + plain, summary, takes: takes.join(' · ') };
}
