import { Fault } from './fault.ts';

/** What a value in a sentence may be: text, or a number, which is written as the language writes numbers. */
export type WordValue = string | number;

/** One language of what stands around the papers. Papers themselves, and why they were picked, are not translated. */
export type Words = {
  /** As in `lang`: `en`, `de`. */
  readonly code: string;
  /** What its own subscribers call it. */
  readonly name: string;
  readonly dir: 'ltr' | 'rtl';
  /** For Intl: `en-GB`. */
  readonly locale: string;
  /** Formats moments in the language, in UTC; cached per options object. */
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
type DictionaryEntry = string | Readonly<Record<string, string>>;
export type Dictionary = ReadonlyMap<string, DictionaryEntry>;

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
    return new Map(entries as [string, DictionaryEntry][]);
  } catch (cause) {
    throw new Fault(
      'TEMPLATE_BROKEN',
      `lang/${code}.json: expected a text for each key: ${cause instanceof Error ? cause.message : cause}`,
      `Fix lang/${code}.json, or put back the one that comes with Offprint.`,
      { cause },
    );
  }
}

function isEntry(entry: unknown): entry is DictionaryEntry {
  if (typeof entry === 'string') return true;
  if (typeof entry !== 'object' || entry === null) return false;
  return 'other' in entry && Object.values(entry).every((form) => typeof form === 'string');
}

function wordsOf(code: string, dictionary: Dictionary): Words {
  const own = (key: string) => String(dictionary.get(`language.${key}`) ?? '');
  const locale = own('locale') || code;
  const numbers = new Intl.NumberFormat(locale);
  const plurals = new Intl.PluralRules(locale);
  const inFigures = remembering((count) => numbers.format(count));
  const categoryOf = remembering((count) => plurals.select(count));
  const pieces = new Map<string, readonly string[]>();
  const piecesOf = (text: string) => {
    const known = pieces.get(text) ?? text.split(/\{(\w+)\}/);
    pieces.set(text, known);
    return known;
  };
  const say: Words['say'] = (key, values = {}) => {
    const entry = dictionary.get(key);
    if (entry === undefined) throw new Error(`"${key}" not defined`);
    const text = typeof entry === 'string' ? entry : formOf(entry, categoryOf(Number(values.count)));
    let said = '';
    // Text and names take turns.
    for (const [index, piece] of piecesOf(text).entries()) {
      const value = index % 2 === 0 ? piece : values[piece];
      if (value === undefined) throw new Error(`"${key}" wants a value "${piece}"`);
      said += typeof value === 'number' ? inFigures(value) : value;
    }
    return said;
  };
  const dir = own('dir') === 'rtl' ? 'rtl' : 'ltr';
  return { code, name: own('name') || code, dir, locale, dates: datesIn(locale), say };
}

const MOST_NUMBERS = 1000;

/** Intl takes longer than the rest of a sentence, and every mail has the same few numbers. */
function remembering(make: (count: number) => string): (count: number) => string {
  const known = new Map<number, string>();
  return (count) => {
    if (known.size > MOST_NUMBERS) known.clear();
    const made = known.get(count) ?? make(count);
    known.set(count, made);
    return made;
  };
}

/** Creating a format costs a hundred times more than using it. */
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
