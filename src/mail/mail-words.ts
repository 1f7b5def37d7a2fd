import Handlebars from 'handlebars';
import { type Languages, readLanguages, type WordValue } from '../domain/language.ts';

type Files = Readonly<Record<string, string>>;

/**
 * The languages among template files: `lang/CODE.json`.
 * @throws Fault TEMPLATE_BROKEN
 */
export function languagesIn(files: Files): Languages {
  const found = Object.entries(files).flatMap(([path, text]) => {
    const code = /^lang\/([\w-]+)\.json$/.exec(path)?.[1];
    return code === undefined ? [] : [[code, text]];
  });
  return readLanguages(Object.fromEntries(found));
}

/**
 * `{{t "key" name=value}}` says it in the language that the view names as `lang`. As a block, what is inside is its
 * `{it}`: finished text, a link say, that is not escaped again.
 */
export function registerWords(env: typeof Handlebars, languages: Languages, html: boolean): void {
  env.registerHelper('t', function (this: object, key: string, options: Handlebars.HelperOptions) {
    const block: Handlebars.TemplateDelegate | undefined = options.fn; // absent outside of a block
    const { say } = languages.of(String(options.data.root.lang));
    if (!html) return say(key, { ...values(options.hash), ...(block !== undefined && { it: block(this) }) });
    const escaped = say(key, { ...values(options.hash), ...(block !== undefined && { it: IT }) });
    const shown = Handlebars.escapeExpression(escaped);
    return new Handlebars.SafeString(block ? shown.replace(IT, () => block(this)) : shown);
  });
}

/** Where the inside of a block goes. It is in no text that we let in. */
const IT = '\u0003';

/** Numbers stay what they are, for they are written as the language writes them. */
function values(hash: Record<string, unknown>): Record<string, WordValue> {
  return Object.fromEntries(
    Object.entries(hash).map(([name, value]) => [name, typeof value === 'number' ? value : String(value)]),
  );
}
