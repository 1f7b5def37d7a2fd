import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Fault } from '../../src/domain/fault.ts';
import { cachedTemplates, readLook } from '../../src/mail/load-templates.ts';
import { compileMjml } from '../../src/mail/mjml.ts';
import { openTestApp, tempFolder } from '../support/app.ts';

let folder: ReturnType<typeof tempFolder>;
beforeEach(() => {
  folder = tempFolder();
  mkdirSync(join(folder.path, 'partials'));
});
afterEach(() => folder.remove());

test('each theme has what all share, and its own in place of it', () => {
  const of = (THEME: 'plain' | 'journal' | 'card' | 'brief') =>
    readLook({ THEME, TEMPLATES: undefined }).files;
  const [plain, journal, card] = [of('plain'), of('journal'), of('card')];
  expect(Object.keys(card).sort()).toEqual(Object.keys(journal).sort());
  expect(Object.keys(card)).toContain('partials/footer.hbs');
  expect(new Set([plain, journal, card].map((files) => files['issue.mjml'])).size).toBe(3);
  expect(new Set([plain, journal, card].map((files) => files['partials/footer.hbs'])).size).toBe(1);
});

test("a publisher's file stands in place of the theme's, and the others stay", async () => {
  writeFileSync(join(folder.path, 'partials/footer.hbs'), '<p>Our own foot, {{newsletter}}</p>');
  await using app = await openTestApp({ TEMPLATES: folder.path }, { realMails: true });
  const { issue } = await app.composing.templates();
  expect(issue.html.frame(view)).toContain('Our own foot, Ours');
  expect(issue.text.frame(view)).toContain('Unsubscribe:');
});

test('a change is used without a restart; one that breaks them is logged, and the last good ones stay', async () => {
  const file = join(folder.path, 'partials/footer.hbs');
  writeFileSync(file, 'first');
  await using app = await openTestApp({ TEMPLATES: folder.path }, { realMails: true });
  const foot = async () => (await app.composing.templates()).issue.html.frame(view);
  expect(await foot()).toContain('first');
  writeFileSync(file, 'second');
  expect(await foot()).toContain('second');
  writeFileSync(file, 'third {{#if}');
  expect(await foot()).toContain('second');
  expect(app.logged.join()).toMatch(/partials\/footer\.hbs, line 1: expected Handlebars/);
  writeFileSync(file, 'fourth');
  expect(await foot()).toContain('fourth');
});

test('what fails for another reason than the templates is tried again', async () => {
  let asked = 0;
  const templates = cachedTemplates(
    { THEME: 'plain', TEMPLATES: undefined, ACCENT: '#8a2432' },
    () => {},
    (source) => {
      asked += 1;
      if (asked > 2) return compileMjml(source);
      return Promise.reject(new Fault('MJML_ENDED', 'It is gone.', 'Try again.'));
    },
  );
  await expect(templates()).rejects.toMatchObject({ code: 'MJML_ENDED' });
  expect((await templates()).issue).toBeDefined();
});

test('a broken template is named where the publisher has it', async () => {
  const file = join(folder.path, 'issue.txt.hbs');
  writeFileSync(file, 'one\n{{#each papers}}');
  await using app = await openTestApp({ TEMPLATES: folder.path }, { realMails: true });
  await expect(app.composing.templates()).rejects.toMatchObject({
    code: 'TEMPLATE_BROKEN',
    message: expect.stringContaining(`${file}, line 2`),
  });
});

test('a folder that is not there is named', async () => {
  await using app = await openTestApp({ TEMPLATES: join(folder.path, 'nowhere') }, { realMails: true });
  expect(() => app.composing.templates()).toThrow('nowhere cannot be read');
});

const view = {
  newsletter: 'Ours',
  siteUrl: 'https://papers.example.org',
  postalAddress: '',
  subject: 'One',
  preheader: 'Two',
  weekly: false,
  day: 'Wednesday',
  number: 1,
  lead: 'Three',
  sample: false,
  webUrl: 'https://papers.example.org/issues/2026-08-19',
  more: 0,
  hasNoted: false,
  lang: 'en',
  dir: 'ltr',
  start: 'left',
  welcome: false,
  reader: { unsubscribeUrl: 'u', preferencesUrl: 'p', feedbackUrl: '', address: 'a', when: '' },
};
