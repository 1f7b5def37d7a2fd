import { Hono } from 'hono';
import { etag } from 'hono/etag';
import type { Pages } from './page.ts';

/** `/assets/*`: kept for good when the address names the version that it gets, otherwise for a minute. */
export function assetFiles({ assets }: Pages): Hono {
  const app = new Hono();
  app.get('/assets/:name{.+}', etag(), (c) => {
    const asset = assets.get(c.req.param('name'));
    if (!asset) return c.notFound();
    const exact = c.req.query('v') === asset.version;
    return c.body(typeof asset.body === 'string' ? asset.body : Uint8Array.from(asset.body), 200, {
      'Content-Type': asset.type,
      ETag: `"${asset.version}"`,
      'Cache-Control': exact ? 'public, max-age=31536000, immutable' : 'public, max-age=60',
    });
  });
  return app;
}
