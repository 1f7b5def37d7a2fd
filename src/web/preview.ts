import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { streamSSE } from 'hono/streaming';
import { Fault } from '../domain/fault.ts';
import { brokenPage, PREVIEW_SCRIPT, PREVIEW_STYLE, previewPage } from './preview-page.ts';

/** One mail, finished, and the parts it was made of. */
export type PreviewPage = {
  readonly subject: string;
  /** The header block as it stands in the message. */
  readonly headers: string;
  readonly html: string;
  readonly text: string;
  /** The whole message as it would go to DATA. */
  readonly raw: Uint8Array;
};

export type Preview = {
  /** Makes the mail anew; a Fault it throws is shown on the page. */
  readonly render: () => Promise<PreviewPage>;
  /** @returns a function that stops listening */
  readonly onChange: (listener: () => void) => () => void;
};

/** The page of `offprint preview`: the mail as it would be sent, made anew at each look. Local only. */
export function createPreview({ render, onChange }: Preview): Hono {
  const app = new Hono();
  app.use('/html', mailHeaders());
  for (const path of ['/', '/assets/*', '/events', '/message.eml']) app.use(path, pageHeaders());
  app.use(async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });

  app.get('/', async (c) => c.html(previewPage(await render())));
  app.get('/html', async (c) => c.html((await render()).html));
  app.get('/message.eml', async (c) => {
    const { raw } = await render();
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
function mailHeaders() {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'unsafe-inline'"],
      imgSrc: ['*', 'data:'],
      frameAncestors: ["'self'"],
    },
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
  });
}
