import Handlebars from 'handlebars';
import { type Accent, accentOf, DEFAULT_ACCENT } from '../domain/accent.ts';
import { Fault } from '../domain/fault.ts';
import type { Languages } from '../domain/language.ts';
import { brokenTemplate } from './broken-template.ts';
import { BORDER, type ListName, splitLists } from './lists.ts';
import { languagesIn, registerWords } from './mail-words.ts';
import { compileMjml, type Mjml } from './mjml.ts';
import { wrapText } from './wrap.ts';

/**
 * The mail templates, compiled: each turns a view (see `view.ts`) into one part of a mail, and throws a `Fault`
 * TEMPLATE_BROKEN when it asks for what the view does not have.
 */
export type MailTemplates = {
  readonly issue: { readonly html: IssuePart; readonly text: IssuePart };
  readonly notice: { readonly html: Part; readonly text: Part };
  /** A view says with `lang` in which of them it is rendered. */
  readonly languages: Languages;
};

type Part = (view: object) => string;

/** One part of an issue's mail, its loops apart: a paper is rendered once, whoever gets it. */
export type IssuePart = {
  /** The template around its loops, with a slot in place of each. */
  readonly frame: Part;
  /** One turn of a loop; empty when the template has no such loop. @param first whether it is the loop's first */
  readonly renderItem: (list: ListName, view: object, entry: object, first: boolean) => string;
};

/** What a file under templates/ holds, by its path there: `issue.mjml`, `partials/paper.hbs`, `lang/en.json`. */
export type TemplateFiles = Readonly<Record<string, string>>;

/**
 * Compiles the mail templates: MJML once each, with the Handlebars placeholders inside, then Handlebars.
 * Partials named `*.txt.hbs` belong to the text parts, the other `*.hbs` to the HTML.
 * @param pathOf where a file is, for people
 * @param mjml what turns MJML into HTML: here, or somewhere apart
 * @throws Fault TEMPLATE_BROKEN with the file, the line where it is known, and what was expected
 */
export async function compileTemplates(
  files: TemplateFiles,
  pathOf: (file: string) => string = (file) => `templates/${file}`,
  mjml: Mjml = compileMjml,
  accent: Accent = accentOf(DEFAULT_ACCENT),
): Promise<MailTemplates> {
  return compileColoured(inAccent(files, accent), pathOf, mjml);
}

/** MJML checks colours, so they are put in before anything is compiled: `{{accent}}` and `{{accentDark}}`. */
export function inAccent(files: TemplateFiles, { light, dark }: Accent): TemplateFiles {
  return Object.fromEntries(
    Object.entries(files).map(([file, text]) => [
      file,
      text.replaceAll('{{accent}}', light).replaceAll('{{accentDark}}', dark),
    ]),
  );
}

async function compileColoured(
  files: TemplateFiles,
  pathOf: (file: string) => string,
  mjml: Mjml,
): Promise<MailTemplates> {
  const languages = languagesIn(files);
  const html = { env: environment(files, pathOf, false), noEscape: false };
  const text = { env: environment(files, pathOf, true), noEscape: true };
  registerWords(html.env, languages, true);
  registerWords(text.env, languages, false);
  const source = (file: string) => writtenSource(files, pathOf, file);
  const [issueHtml, noticeHtml] = await Promise.all([
    htmlSource(source('issue.mjml'), mjml),
    htmlSource(source('notice.mjml'), mjml),
  ]);
  const issueText = source('issue.txt.hbs');
  const noticeText = source('notice.txt.hbs');
  return {
    issue: { html: issuePart(html, issueHtml), text: issuePart(text, issueText) },
    notice: { html: part(html, noticeHtml), text: part(text, noticeText) },
    languages,
  };
}

/** Blanks that a mail program shows behind a short preheader, in place of the first words of the mail. */
const FILLER = '&#847;&#8199;'.repeat(70);

type Environment = { readonly env: typeof Handlebars; readonly noEscape: boolean };

/** A file as the publisher wrote it, and as Handlebars gets it: for HTML, what MJML made of it. */
type Source = { readonly file: string; readonly written: string; readonly template: string };

/** HTML and text have an environment each, so that a partial is never escaped for the wrong one. */
function environment(
  files: TemplateFiles,
  pathOf: (file: string) => string,
  forText: boolean,
): typeof Handlebars {
  const env = Handlebars.create();
  env.registerHelper('join', (values: readonly string[], between: string) => values.join(between));
  env.registerHelper('wrap', (text: string, first: string) => wrapText(text, first));
  env.registerHelper('wrapped', function (this: object, block: Handlebars.HelperOptions) {
    return `${wrapText(block.fn(this).trim().replace(/\s+/g, ' '))}\n`;
  });
  env.registerHelper('filler', () => new Handlebars.SafeString(FILLER));
  env.registerHelper('hang', (place: string) => `${place}. `);
  env.registerHelper('indented', (text: string) => `    ${text} `);
  env.registerHelper('pad', (text: string, columns: number) => text.padEnd(columns));
  for (const [file, source] of Object.entries(files)) {
    const name = /^partials\/(.+?)(\.txt)?\.hbs$/.exec(file);
    if (name?.[1] === undefined || (name[2] !== undefined) !== forText) continue;
    checkSyntax(pathOf(file), source);
    env.registerPartial(name[1], source);
  }
  return env;
}

async function htmlSource(source: Source, mjml: Mjml): Promise<Source> {
  const template = await mjml(source.written).catch((cause: unknown) => {
    if (cause instanceof Fault) throw cause;
    throw brokenTemplate(source.file, source.written, cause);
  });
  checkPlaceholders(source.file, source.written, template);
  return { ...source, template: eitherWay(template) };
}

/** MJML knows one direction of writing only, which is then in every box: the view says which it is. */
function eitherWay(html: string): string {
  return html
    .replace(/direction:\s*ltr/g, 'direction:{{@root.dir}}')
    .replace(/text-align:\s*left/g, 'text-align:{{@root.start}}')
    .replaceAll('align="left"', 'align="{{@root.start}}"');
}

function writtenSource(files: TemplateFiles, pathOf: (file: string) => string, name: string): Source {
  const written = files[name];
  const file = pathOf(name);
  if (written === undefined) throw brokenTemplate(file, '', { expected: 'a file of this name' });
  checkSyntax(file, written);
  return { file, written, template: written };
}

function issuePart(environment: Environment, source: Source): IssuePart {
  const { frame, lists } = splitLists(source.template);
  if (!lists.has('papers')) {
    const expected = '{{#each papers}} … {{/each}} once, in this file itself';
    throw brokenTemplate(source.file, source.written, { expected });
  }
  const turns = new Map([...lists].map(([name, loop]) => [name, renderer(environment, source, loop)]));
  return {
    frame: renderer(environment, source, frame),
    renderItem: (list, view, entry, first) => {
      const rendered = turns.get(list)?.({ ...view, [list]: first ? [entry] : [entry, entry] });
      return rendered?.split(BORDER)[first ? 0 : 1] ?? '';
    },
  };
}

function part(environment: Environment, source: Source): Part {
  return renderer(environment, source, source.template);
}

function renderer({ env, noEscape }: Environment, source: Source, template: string | hbs.AST.Program): Part {
  const render = env.compile(template, { strict: true, noEscape });
  return (view) => {
    try {
      return render(view);
    } catch (cause) {
      throw brokenTemplate(source.file, source.written, cause);
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
