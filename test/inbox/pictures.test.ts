import { readdirSync } from 'node:fs';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { findChromium, writePreview } from '../../src/web/preview/preview-files.ts';
import { tempFolder } from '../support/app.ts';
import { allMails } from './mails.ts';
import { CHROMIUM } from './tools.ts';

const VIEWS = ['375-dark', '375-light', '640-dark', '640-light'];

test('a preview is written with its pictures: two widths, light and dark', async () => {
  using folder = tempFolder();
  const mail = (await allMails()).find(({ name }) => name === 'daily-journal');
  if (mail === undefined) throw new Error('no such mail');
  const page = { ...mail, subject: '', preheader: '', theme: 'journal', headers: '' };
  const chromium = findChromium(CHROMIUM.replace(/[/][^/]*$/, ''));
  expect(chromium).toBe(CHROMIUM);
  const written = await writePreview(page, folder.path, 'shot', chromium);
  const names = ['shot.eml', 'shot.html', 'shot.txt', ...VIEWS.map((view) => `shot-${view}.png`)];
  expect(readdirSync(folder.path).sort()).toEqual(names.sort());
  expect(written).toHaveLength(names.length);
  const corners = await Promise.all(
    VIEWS.map(async (view) => {
      const picture = sharp(`${folder.path}/shot-${view}.png`);
      const { width } = await picture.metadata();
      expect(width).toBe(Number(view.slice(0, 3)));
      const { data } = await sharp(`${folder.path}/shot-${view}.png`)
        .extract({ left: 2, top: 2, width: 1, height: 1 })
        .raw()
        .toBuffer({ resolveWithObject: true });
      return data[0] ?? 0;
    }),
  );
  const [narrowDark = 255, narrowLight = 0, wideDark = 255, wideLight = 0] = corners;
  expect(Math.max(narrowDark, wideDark)).toBeLessThan(60);
  expect(Math.min(narrowLight, wideLight)).toBeGreaterThan(200);
});
