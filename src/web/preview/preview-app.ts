import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { streamSSE } from 'hono/streaming';
import { Fault } from '../../domain/fault.ts';
import { localOnly } from './local-only.ts';
import { checkMail, inScheme } from './mail-checks.ts';
import type { PreviewPage } from './preview-mail.ts';
import { brokenPage, PREVIEW_SCRIPT, PREVIEW_STYLE, PREVIEW_THEMES, previewPage } from './preview-page.ts';

export type Preview = {
  /** Makes the mail again; a Fault that it throws is shown on the page. Without a theme it is the one that was set. */
  readonly render: (theme?: string) => Promise<PreviewPage>;
  /** @returns a function that stops listening */
  readonly onChange: (listener: () => void) => () => void;
  /** Links that were asked for and failed, with what they answered. */
  readonly deadLinks?: ReadonlyMap<string, string>;
};

/** The page of `offprint preview`: the mail as it would be sent, made again at each look. Local only. */
export function createPreview({ render, onChange, deadLinks = new Map() }: Preview): Hono {
  const app = new Hono();
  app.use(localOnly);
  app.use('/html', async (c, next) => mailHeaders(c.req.query('images') !== 'off')(c, next));
  for (const path of ['/', '/assets/*', '/events', '/message.eml']) app.use(path, pageHeaders());
  app.use(async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });

  app.get('/', async (c) => {
    const mail = await render(theme(c.req.query('theme')));
    return c.html(previewPage(mail, checkMail(mail, deadLinks)));
  });
  app.get('/html', async (c) => {
    const { html } = await render(theme(c.req.query('theme')));
    const scheme = c.req.query('scheme');
    return c.html(scheme === 'light' || scheme === 'dark' ? inScheme(html, scheme) : html);
  });
  app.get('/message.eml', async (c) => {
    const { raw } = await render(theme(c.req.query('theme')));
    return c.body(Uint8Array.from(raw), 200, {
      'Content-Type': 'message/rfc822',
      'Content-Disposition': 'attachment; filename="message.eml"',
    });
  });
  app.get('/events', (c) =>
    streamSSE(c, async (stream) => {
      // A first event sends the headers, so that the browser knows that it is connected.
      await stream.writeSSE({ event: 'ready', data: '' });
      const stop = onChange(() => void stream.writeSSE({ event: 'change', data: '' }));
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      stop();
    }),
  );
  app.get('/assets/preview.css', (c) => c.body(PREVIEW_STYLE, 200, { 'Content-Type': 'text/css' }));
  app.get('/assets/preview.js', (c) => c.body(PREVIEW_SCRIPT, 200, { 'Content-Type': 'text/javascript' }));
  app.onError((error, c) => {
    const next = error instanceof Fault ? error.next : '';
    return c.html(brokenPage(error.message, next), 500);
  });
  return app;
}

function theme(asked: string | undefined): string | undefined {
  return PREVIEW_THEMES.find((name) => name === asked);
}

function pageHeaders() {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      scriptSrc: ["'self'"],
      connectSrc: ["'self'"],
      frameSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
    strictTransportSecurity: false,
  });
}

/** A mail may look as it likes, but runs nothing. */
function mailHeaders(images: boolean) {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'unsafe-inline'"],
      imgSrc: images ? ['*', 'data:'] : ["'none'"],
      frameAncestors: ["'self'"],
    },
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
  });
}
