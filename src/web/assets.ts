import { Hono } from 'hono';
import { etag } from 'hono/etag';
import type { Site } from './site.ts';

/** `/assets/*`: for ever when the address names the version that it gets, else for a minute. */
export function assetFiles(site: Site): Hono {
  const app = new Hono();
  app.get('/assets/:name{.+}', etag(), (c) => {
    const asset = site.templates.assets.get(c.req.param('name'));
    if (!asset) return c.notFound();
    const exact = c.req.query('v') === asset.version;
    return c.body(asset.body, 200, {
      'Content-Type': asset.type,
      ETag: `"${asset.version}"`,
      'Cache-Control': exact ? 'public, max-age=31536000, immutable' : 'public, max-age=60',
    });
  });
  return app;
}
