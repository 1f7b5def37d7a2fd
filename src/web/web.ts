import { type Context, Hono, type Next } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { secureHeaders } from 'hono/secure-headers';
import type { Core } from '../core.ts';
import { apiPages } from './api/api.ts';
import { assetFiles } from './assets.ts';
import { untrustedProxy } from './client.ts';
import { errorPage } from './error-page.ts';
import { feedPages } from './feed-pages.ts';
import { feedbackPages } from './feedback.ts';
import { issuePages } from './issue-pages.ts';
import { isLibraryUpload, libraryPages } from './library.ts';
import { managePages } from './manage.ts';
import type { Pages } from './page.ts';
import { paperPages } from './paper-pages.ts';
import { thumbnailFiles } from './pictures.ts';
import { preferencesPages } from './preferences.ts';
import { sitePages } from './site-pages.ts';
import { subscribePages } from './subscribe.ts';
import { subscriberPages } from './subscriber-pages.ts';
import type { WebTools } from './web-tools.ts';

const MAX_BODY = 64 * 1024;

const PERSONAL = [
  '/subscribe',
  '/confirm/*',
  '/unsubscribe/*',
  '/preferences/*',
  '/feedback/*',
  '/manage/*',
  '/address/*',
  '/erase/*',
];

/**
 * The public pages. They set no cookie, need no script, and change nothing on GET, HEAD and OPTIONS. Nothing that
 * comes with a request by itself, as a cookie would, gives it any right: there is nothing to forge.
 * @param hooks where providers report on mails
 */
export function createWeb(core: Core, tools: WebTools, hooks?: Hono): Hono {
  const { pages } = tools;
  const app = new Hono({ strict: false });
  for (const path of ['/thumbnails/*', '/assets/*']) app.use(path, shownElsewhere);
  app.use(guards());
  app.use(proxyWatch(core));
  app.use(methodNotAllowed({ app, onMethodNotAllowed: (c, methods) => notAllowed(c, pages, methods) }));
  // Reports are larger than forms, so these are in front of the limit.
  if (hooks) app.route('/hooks', hooks);
  const ofForms = bodyLimit({ maxSize: MAX_BODY, onError: (c) => errorPage(c, pages, 413) });
  app.use((c, next) => (isLibraryUpload(c.req.path) ? next() : ofForms(c, next)));
  for (const path of PERSONAL) app.use(path, personal);

  app.route('/', issuePages(core, pages));
  app.route('/', paperPages(core, tools));
  app.route('/', feedPages(core, tools));
  app.route('/', subscribePages(core, tools));
  app.route('/', subscriberPages(core, tools));
  app.route('/', preferencesPages(core, tools));
  app.route('/', libraryPages(core, tools));
  app.route('/', feedbackPages(core, tools));
  app.route('/', managePages(core, tools));
  app.route('/', apiPages(core, tools));
  app.route('/', sitePages(core, pages, tools.written));
  app.route('/', assetFiles(pages));
  app.route('/', thumbnailFiles(core));
  app.get('/healthz', (c) => healthz(c, core));

  app.notFound((c) => errorPage(c, pages, 404));
  app.onError((error, c) => {
    core.log.error({ err: error }, 'a page failed');
    return errorPage(c, pages, 500);
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
function proxyWatch({ config, log }: Core) {
  let reported = false;
  return async (c: Context, next: Next): Promise<void> => {
    const peer = reported ? undefined : untrustedProxy(c, config.TRUST_PROXY);
    if (peer !== undefined)
      log.warn(
        { peer },
        `X-Forwarded-For from ${peer} is ignored, so all its visitors count as one. If ${peer} is your proxy, set TRUST_PROXY=loopback,${peer}`,
      );
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

async function healthz(c: Context, { store, log }: Core): Promise<Response> {
  c.header('Cache-Control', 'no-store');
  try {
    await store.readOnly.selectFrom('migrations').select('version').executeTakeFirst();
    return c.json({ ok: true });
  } catch (error) {
    log.error({ err: error }, 'the database does not answer');
    return c.json({ ok: false }, 503);
  }
}

function notAllowed(c: Context, pages: Pages, methods: readonly string[]): Response | Promise<Response> {
  const allow = methods.join(', ');
  if (c.req.method === 'OPTIONS') return c.body(null, 204, { Allow: allow });
  c.header('Allow', allow);
  return errorPage(c, pages, 405);
}
