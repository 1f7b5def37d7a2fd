import { Hono } from 'hono';
import type { Core } from '../core.ts';
import { findThumbnail } from '../papers/pictures-table.ts';

/** `/thumbnails/:hash.jpg`: the address names the bytes, so they may be kept for good. */
export function thumbnailFiles({ store }: Core): Hono {
  const app = new Hono();
  app.get('/thumbnails/:name{[0-9a-f]{64}\\.jpg}', async (c) => {
    const jpeg = await findThumbnail(store.readOnly, c.req.param('name').slice(0, 64));
    if (jpeg === undefined) return c.notFound();
    return c.body(Uint8Array.from(jpeg), 200, {
      'Content-Type': 'image/jpeg',
      'Cache-Control': 'public, max-age=31536000, immutable',
    });
  });
  return app;
}
