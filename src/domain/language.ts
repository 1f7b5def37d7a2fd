import { Fault } from './fault.ts';

/** What a value in a sentence may be: text, or a number, which is written as the language writes numbers. */
export type WordValue = string | number;

/** One language of what stands around the papers. Papers themselves, and why they were picked, are not translated. */
export type Words = {
  /** As in `lang`: `en`, `de`. */
  readonly code: string;
  /** What its own readers call it. */
  readonly name: string;
  readonly dir: 'ltr' | 'rtl';
  /** For Intl: `en-GB`. */
  readonly locale: string;
  /** Writes moments as the language does, in UTC; asked again with the same it is the same. */
  readonly dates: (shown: Intl.DateTimeFormatOptions) => Intl.DateTimeFormat;
  /** The text of a key with its `{names}` filled in; of several forms the one that `count` wants. Plain text. */
  readonly say: (key: string, values?: Readonly<Record<string, WordValue>>) => string;
};

/** All languages there are. */
export type Languages = {
  /** English for a code that there is no file for. */
  readonly of: (code: string) => Words;
  readonly all: readonly Words[];
};

/** A key's text, or its forms by the plural categories of Intl. */
type Entry = string | Readonly<Record<string, string>>;
export type Dictionary = ReadonlyMap<string, Entry>;

/**
 * @param files JSON by language code: `key: text` or `key: {one, other, …}`; `language.name`, `language.dir` and
 *   `language.locale` say what it is. What a file does not have is English.
 * @throws Fault TEMPLATE_BROKEN
 */
export function readLanguages(files: Readonly<Record<string, string>>): Languages {
  const english = readDictionary('en', files.en ?? '{}');
  const all = Object.entries(files).map(([code, text]) =>
    wordsOf(code, new Map([...english, ...readDictionary(code, text)])),
  );
  const byCode = new Map(all.map((words) => [words.code, words]));
  const fallback = byCode.get('en') ?? wordsOf('en', english);
  return {
    of: (code) => byCode.get(code) ?? fallback,
    all: all.sort((left, right) => (left.name < right.name ? -1 : 1)),
  };
}

/** @throws Fault TEMPLATE_BROKEN */
export function readDictionary(code: string, text: string): Dictionary {
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
    for (const [key, entry] of entries)
      if (!isEntry(entry)) throw new Error(`"${key}" is no text and no forms`);
    return new Map(entries as [string, Entry][]);
  } catch (cause) {
    throw new Fault(
      'TEMPLATE_BROKEN',
      `lang/${code}.json: expected a text for each key: ${cause instanceof Error ? cause.message : cause}`,
      `Mend lang/${code}.json, or put back the one that comes with Offprint.`,
      { cause },
    );
  }
}

function isEntry(entry: unknown): entry is Entry {
  if (typeof entry === 'string') return true;
  if (typeof entry !== 'object' || entry === null) return false;
  return 'other' in entry && Object.values(entry).every((form) => typeof form === 'string');
}

function wordsOf(code: string, dictionary: Dictionary): Words {
  const own = (key: string) => String(dictionary.get(`language.${key}`) ?? '');
  const locale = own('locale') || code;
  const numbers = new Intl.NumberFormat(locale);
  const plurals = new Intl.PluralRules(locale);
  const say: Words['say'] = (key, values = {}) => {
    const entry = dictionary.get(key);
    if (entry === undefined) throw new Error(`"${key}" not defined`);
    const text = typeof entry === 'string' ? entry : formOf(entry, plurals.select(Number(values.count)));
    return text.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`"${key}" wants a value "${name}"`);
      return typeof value === 'number' ? numbers.format(value) : value;
    });
  };
  const dir = own('dir') === 'rtl' ? 'rtl' : 'ltr';
  return { code, name: own('name') || code, dir, locale, dates: datesIn(locale), say };
}

/** To make a format is a hundred times the work of using it. */
function datesIn(locale: string): Words['dates'] {
  const known = new Map<string, Intl.DateTimeFormat>();
  return (shown) => {
    const key = JSON.stringify(shown);
    const format = known.get(key) ?? new Intl.DateTimeFormat(locale, { ...shown, timeZone: 'UTC' });
    known.set(key, format);
    return format;
  };
}

function formOf(forms: Readonly<Record<string, string>>, category: string): string {
  return forms[category] ?? forms.other ?? '';
}
