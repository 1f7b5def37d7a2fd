import Handlebars from 'handlebars';
import { brokenTemplate } from './broken-template.ts';
import { wrapText } from './wrap.ts';

/** The mail templates, compiled: each turns a view (see `view.ts`) into one part of a mail. */
export type MailTemplates = { readonly issue: MailTemplate; readonly notice: MailTemplate };

/** Both throw a `Fault` TEMPLATE_BROKEN when the template asks for what the view does not have. */
export type MailTemplate = {
  readonly html: (view: object) => string;
  readonly text: (view: object) => string;
};

/** What a file under templates/ holds, by its path there: `issue.mjml`, `partials/paper.hbs`. */
export type TemplateFiles = Readonly<Record<string, string>>;

/**
 * Compiles the mail templates: MJML once each, with the Handlebars placeholders inside, then Handlebars.
 * Partials named `*.txt.hbs` belong to the text parts, the other `*.hbs` to the HTML.
 * @throws Fault TEMPLATE_BROKEN with the file, the line where it is known, and what was expected
 */
export async function compileTemplates(files: TemplateFiles): Promise<MailTemplates> {
  const html = environment(files, false);
  const text = environment(files, true);
  const template = async (name: string): Promise<MailTemplate> => ({
    html: await compileHtml(html, files, `${name}.mjml`),
    text: compileText(text, files, `${name}.txt.hbs`),
  });
  return { issue: await template('issue'), notice: await template('notice') };
}

/** HTML and text have an environment each, so that a partial is never escaped for the wrong one. */
function environment(files: TemplateFiles, forText: boolean): typeof Handlebars {
  const env = Handlebars.create();
  env.registerHelper('join', (values: readonly string[], between: string) => values.join(between));
  env.registerHelper('wrap', (text: string, first: string) => wrapText(text, first));
  env.registerHelper('wrapped', function (this: object, block: Handlebars.HelperOptions) {
    return `${wrapText(block.fn(this).trim().replace(/\s+/g, ' '))}\n`;
  });
  env.registerHelper('hang', (place: number) => `${String(place).padStart(2)}. `);
  env.registerHelper('pad', (text: string, columns: number) => text.padEnd(columns));
  for (const [file, source] of Object.entries(files)) {
    const name = /^partials\/(.+?)(\.txt)?\.hbs$/.exec(file);
    if (name?.[1] === undefined || (name[2] !== undefined) !== forText) continue;
    checkSyntax(file, source);
    env.registerPartial(name[1], source);
  }
  return env;
}

async function compileHtml(env: typeof Handlebars, files: TemplateFiles, file: string) {
  const source = sourceOf(files, file);
  checkSyntax(file, source);
  const html = await compileMjml(file, source);
  checkPlaceholders(file, source, html);
  return renderer(env, file, source, html, false);
}

function compileText(env: typeof Handlebars, files: TemplateFiles, file: string) {
  const source = sourceOf(files, file);
  checkSyntax(file, source);
  return renderer(env, file, source, source, true);
}

async function compileMjml(file: string, source: string): Promise<string> {
  try {
    // MJML is 100 MB of memory and a third of a second to load: only who compiles pays for it.
    const { default: mjml2html } = await import('mjml');
    const { html } = await mjml2html(source, {
      validationLevel: 'strict',
      fonts: {},
      keepComments: false,
      minify: true,
      minifyOptions: { minifyCss: false },
    });
    return html;
  } catch (cause) {
    throw brokenTemplate(file, source, cause);
  }
}

function renderer(env: typeof Handlebars, file: string, source: string, compiled: string, noEscape: boolean) {
  const render = env.compile(compiled, { strict: true, noEscape });
  return (view: object): string => {
    try {
      return render(view);
    } catch (cause) {
      throw brokenTemplate(file, source, cause);
    }
  };
}

function checkSyntax(file: string, source: string): void {
  try {
    Handlebars.parse(source);
  } catch (cause) {
    throw brokenTemplate(file, source, cause);
  }
}

/** MJML drops text that stands where it wants a tag, without a word: a loop in mj-body, say. */
function checkPlaceholders(file: string, source: string, html: string): void {
  const left = html.match(/{{[^}]*}}/g) ?? [];
  for (const match of source.matchAll(/{{[^}]*}}/g)) {
    const [placeholder] = match;
    const at = left.findIndex((other) => squeezed(other) === squeezed(placeholder));
    if (at >= 0) left.splice(at, 1);
    else {
      const line = source.slice(0, match.index).split('\n').length;
      const expected = `${placeholder} to stand inside mj-text or mj-raw; MJML drops it where it is`;
      throw brokenTemplate(file, source, { line, expected });
    }
  }
}

function squeezed(placeholder: string): string {
  return placeholder.replace(/\s+/g, ' ');
}

function sourceOf(files: TemplateFiles, file: string): string {
  const source = files[file];
  if (source === undefined) throw brokenTemplate(file, '', { expected: 'a file of this name' });
  return source;
}
