import { expect, test } from 'vitest';
import { readFiles } from '../../src/config/package-files.ts';
import { Fault } from '../../src/domain/fault.ts';
import { languagesIn } from '../../src/mail/mail-words.ts';
import { compileWebTemplates } from '../../src/web/web-templates.ts';

const WEB_FILES = readFiles('templates/web');
const LANGUAGES = languagesIn(readFiles('templates'));

test('a broken or missing page is a fault that names the file, before any visitor comes', () => {
  const { 'home.hbs': _, ...withoutHome } = WEB_FILES;
  for (const files of [withoutHome, { ...WEB_FILES, 'home.hbs': '{{#if x}}' }]) {
    const compile = () => compileWebTemplates(files, LANGUAGES);
    expect(compile).toThrow(Fault);
    expect(compile).toThrow('templates/web/home.hbs: ');
  }
});

test('a page that names a value which it does not get is an error, not an empty place', () => {
  const { page } = compileWebTemplates({ ...WEB_FILES, 'home.hbs': '{{titel}}' }, LANGUAGES);
  expect(() => page('home', { title: 'x' })).toThrow('titel');
});

test('no page lets anything through unescaped, and none has a script of its own', () => {
  for (const [name, text] of Object.entries(WEB_FILES)) {
    const page = text
      .replaceAll(/<script type="module" src="\{\{\w+\}\}"><\/script>/g, '')
      .replace('<script type="application/ld+json">{{card.data}}</script>', '');
    if (name.endsWith('.hbs')) expect(page, name).not.toMatch(/\{\{\{|\{\{&|<script|style=|\son\w+=/);
  }
});
