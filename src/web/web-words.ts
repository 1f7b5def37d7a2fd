import Handlebars from 'handlebars';
import type { Languages, WordValue } from '../domain/language.ts';

/** Stands on both sides of a value's name while a text is escaped. It is in no text that we let in. */
const MARK = '\u0003';

/**
 * `{{t "key" name=value}}` says it in the language that the page names as `lang`. What other helpers made is not escaped
 * again; as a block, what is inside is the text's `{it}`. `(typed "x")` is for what is to be typed; `{{current "archive" section}}` marks the link to the page that is shown.
 */
export function registerWords(env: typeof Handlebars, languages: Languages): void {
  env.registerHelper('t', function (this: object, key: string, options: Handlebars.HelperOptions) {
    const block: Handlebars.TemplateDelegate | undefined = options.fn; // absent outside of a block
    const finished = new Map<string, string>();
    const values: Record<string, WordValue> = {};
    for (const [name, value] of Object.entries<unknown>(options.hash)) {
      if (value instanceof Handlebars.SafeString) finished.set(name, value.toString());
      else values[name] = typeof value === 'number' ? value : String(value);
    }
    if (block !== undefined) finished.set('it', block(this));
    for (const name of finished.keys()) values[name] = MARK + name + MARK;
    const text = languages.of(String(options.data.root.lang)).say(key, values);
    const [first = '', ...others] = text.split(MARK);
    const shown = others.map((piece, index) =>
      index % 2 === 0 ? (finished.get(piece) ?? '') : Handlebars.escapeExpression(piece),
    );
    return new Handlebars.SafeString(Handlebars.escapeExpression(first) + shown.join(''));
  });
  env.registerHelper('current', (name: string, section: string) =>
    name === section ? new Handlebars.SafeString(' aria-current="page"') : '',
  );
  env.registerHelper(
    'typed',
    (text: string) =>
      new Handlebars.SafeString(`<code dir="ltr">${Handlebars.escapeExpression(text)}</code>`),
  );
}
