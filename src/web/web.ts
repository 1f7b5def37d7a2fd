import { type Context, Hono, type Next } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { secureHeaders } from 'hono/secure-headers';
import { apiPages } from './api/api.ts';
import { assetFiles } from './assets.ts';
import { untrustedProxy } from './client.ts';
import { errorPage } from './error-page.ts';
import { feedPages } from './feed-pages.ts';
import { issuePages } from './issue-pages.ts';
import { managePages } from './manage.ts';
import { paperPages } from './paper-pages.ts';
import { thumbnailFiles } from './pictures.ts';
import { preferencesPages } from './preferences.ts';
import type { Site } from './site.ts';
import { subscribePages } from './subscribe.ts';
import { subscriberPages } from './subscriber-pages.ts';

const MAX_BODY = 64 * 1024;

const PERSONAL = [
  '/subscribe',
  '/confirm/*',
  '/unsubscribe/*',
  '/preferences/*',
  '/manage/*',
  '/address/*',
  '/erase/*',
];

/**
 * The public pages. They set no cookie, need no script, and change nothing on GET, HEAD and OPTIONS. Nothing that
 * comes with a request by itself, as a cookie would, gives it any right: there is nothing to forge.
 */
export function createWeb(site: Site): Hono {
  const app = new Hono({ strict: false });
  app.use('/thumbnails/*', shownElsewhere);
  app.use(guards());
  app.use(proxyWatch(site));
  app.use(methodNotAllowed({ app, onMethodNotAllowed: (c, methods) => notAllowed(c, site, methods) }));
  app.use(bodyLimit({ maxSize: MAX_BODY, onError: (c) => errorPage(c, site, 413) }));
  for (const path of PERSONAL) app.use(path, personal);

  app.route('/', issuePages(site));
  app.route('/', paperPages(site));
  app.route('/', feedPages(site));
  app.route('/', subscribePages(site));
  app.route('/', subscriberPages(site));
  app.route('/', preferencesPages(site));
  app.route('/', managePages(site));
  app.route('/', apiPages(site));
  app.route('/', assetFiles(site));
  app.route('/', thumbnailFiles(site));
  app.get('/healthz', (c) => healthz(c, site));

  app.notFound((c) => errorPage(c, site, 404));
  app.onError((error, c) => {
    site.report(error);
    return errorPage(c, site, 500);
  });
  return app;
}

function guards() {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      scriptSrc: ["'self'"],
      workerSrc: ["'self'"],
      imgSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    referrerPolicy: 'no-referrer',
    xFrameOptions: 'DENY',
    // Whether the site is https for good is its proxy's to say.
    strictTransportSecurity: false,
  });
}

/** Reports an untrusted proxy once. Visitors can send the header too, and must not be able to fill the log. */
function proxyWatch(site: Site) {
  let reported = false;
  return async (c: Context, next: Next): Promise<void> => {
    const peer = reported ? undefined : untrustedProxy(c, site.trustedProxies);
    if (peer !== undefined) site.reportProxy(peer);
    reported ||= peer !== undefined;
    await next();
  };
}

/** A mail is read on pages of others: theirs may show the pictures in it. */
async function shownElsewhere(c: Context, next: Next): Promise<void> {
  await next();
  c.header('Cross-Origin-Resource-Policy', 'cross-origin');
}

/** Pages behind a token, and answers to a form, stay out of caches and search engines. */
async function personal(c: Context, next: Next): Promise<void> {
  await next();
  c.header('Cache-Control', 'no-store');
  c.header('X-Robots-Tag', 'noindex');
}

async function healthz(c: Context, site: Site): Promise<Response> {
  c.header('Cache-Control', 'no-store');
  try {
    const health = await site.health();
    return c.json(health, health.ok ? 200 : 503);
  } catch (error) {
    site.report(error);
    return c.json({ ok: false }, 503);
  }
}

function notAllowed(c: Context, site: Site, methods: readonly string[]): Response | Promise<Response> {
  const allow = methods.join(', ');
  if (c.req.method === 'OPTIONS') return c.body(null, 204, { Allow: allow });
  c.header('Allow', allow);
  return errorPage(c, site, 405);
}
