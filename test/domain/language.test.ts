import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readDictionary, readLanguages } from '../../src/domain/language.ts';

const TEMPLATES = new URL('../../templates/', import.meta.url);
const FOLDER = new URL('lang/', TEMPLATES);
const FILES = Object.fromEntries(
  readdirSync(FOLDER).map((file) => [file.replace('.json', ''), readFileSync(new URL(file, FOLDER), 'utf8')]),
);
const english = readDictionary('en', FILES.en ?? '');

const forms = (entry: string | Readonly<Record<string, string>>) =>
  typeof entry === 'string' ? [entry] : Object.values(entry);
const names = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted();

describe.each(Object.keys(FILES))('the language %s', (code) => {
  const dictionary = readDictionary(code, FILES[code] ?? '');

  test('has the keys of English, all of them and in their order', () => {
    expect([...dictionary.keys()]).toEqual([...english.keys()]);
  });

  test('fills in the same values', () => {
    for (const [key, entry] of dictionary) {
      const wanted = names(forms(english.get(key) ?? '').at(-1) ?? '');
      expect(names(forms(entry).at(-1) ?? ''), key).toEqual(wanted);
      // The forms for one and two may say it in a word.
      for (const form of forms(entry))
        expect([...wanted, '{count}'], key).toEqual(expect.arrayContaining(names(form)));
    }
  });

  test('has a form for each number that it tells apart', () => {
    const locale = String(dictionary.get('language.locale'));
    const categories = new Intl.PluralRules(locale).resolvedOptions().pluralCategories.toSorted();
    for (const [key, entry] of dictionary) {
      if (typeof entry === 'string') continue;
      expect(Object.keys(entry).toSorted(), key).toEqual(categories);
    }
  });
});

test('every key that a template says is there, and every text is said somewhere', () => {
  const templates = readdirSync(TEMPLATES, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(hbs|mjml)$/.test(file))
    .map((file) => readFileSync(new URL(file, TEMPLATES), 'utf8'))
    .join('\n');
  const said = [...templates.matchAll(/\{\{#?t "([^"]+)"|\(t "([^"]+)"/g)].map(
    ([, one, two]) => one ?? two ?? '',
  );
  for (const key of said) expect([...english.keys()]).toContain(key);
});

test('what a file lacks is English, and a name in a value is only text', () => {
  const languages = readLanguages({
    en: '{"a":"Hello {name}","b":"Bye"}',
    de: '{"a":"Hallo {name}"}',
  });
  expect(languages.of('de').say('a', { name: '{name} $& {b}' })).toBe('Hallo {name} $& {b}');
  expect(languages.of('de').say('b')).toBe('Bye');
  expect(languages.of('fr').code).toBe('en');
});

test('a file that is no list of texts is named', () => {
  expect(() => readLanguages({ en: '{', de: '{}' })).toThrow('lang/en.json: expected a text for each key');
  expect(() => readLanguages({ en: '{"a":{"one":"x"}}' })).toThrow('"a" is no text and no forms');
});
