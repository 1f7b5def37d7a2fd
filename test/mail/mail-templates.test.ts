import { expect, test, vi } from 'vitest';
import { Fault } from '../../src/domain/fault.ts';
import { compileTemplates } from '../../src/mail/mail-templates.ts';
import { renderIssue } from '../../src/mail/render.ts';
import { FILES, letterhead, makeIssue } from './support.ts';

/** What is said of the shipped templates with one of them changed. */
async function complaint(file: string, change: (source: string) => string): Promise<string> {
  const fault = await compileTemplates({ ...FILES, [file]: change(FILES[file] ?? '') })
    .then((templates) => renderIssue(templates, makeIssue(), letterhead))
    .catch((error: unknown) => error);
  if (!(fault instanceof Fault)) throw new Error('no fault was thrown');
  expect(fault.code).toBe('TEMPLATE_BROKEN');
  return fault.message;
}

const lineOf = (file: string, text: string) => (FILES[file] ?? '').split(text)[0]?.split('\n').length;

test('the templates that come with the program compile without a word', async () => {
  const said = (['log', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
  await compileTemplates(FILES);
  for (const spy of said) {
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  }
});

test('an unknown MJML tag is named with its file and line', async () => {
  const message = await complaint('issue.mjml', (source) =>
    source.replaceAll('mj-text padding', 'mj-txet padding'),
  );
  expect(message).toMatch(/^templates\/issue\.mjml, line \d+: expected valid MJML in <mj-txet>/);
});

test('a file that is not MJML is named', async () => {
  expect(await complaint('notice.mjml', () => 'hello')).toBe(
    'templates/notice.mjml: expected MJML: one <mjml> that holds an <mj-body>',
  );
});

test('a loop where MJML would drop it is found', async () => {
  const message = await complaint('issue.mjml', (source) =>
    source.replace(
      '{{#each papers}}{{#unless @first}}</mj-raw>',
      '</mj-raw>{{#each papers}}<mj-raw>{{#unless @first}}</mj-raw>',
    ),
  );
  expect(message).toContain(
    `line ${lineOf('issue.mjml', '{{#each papers}}')}: expected {{#each papers}} to stand`,
  );
});

test('a block that is not closed is named with its line', async () => {
  const message = await complaint('issue.txt.hbs', (source) => source.replace('{{/each}}', ''));
  expect(message).toMatch(/^templates\/issue\.txt\.hbs, line \d+: expected Handlebars/);
  const crossed = await complaint('issue.txt.hbs', (source) => source.replace('{{/each}}', '{{/if}}'));
  expect(crossed).toMatch(/^templates\/issue\.txt\.hbs, line \d+: expected blocks to match: each/);
});

test('a value that does not exist is named with its line', async () => {
  const message = await complaint('issue.mjml', (source) => source.replace('{{lead}}', '{{laed}}'));
  expect(message).toBe(
    `templates/issue.mjml, line ${lineOf('issue.mjml', '{{lead}}')}: expected a value that exists: there is no “laed”`,
  );
});

test('a partial, a helper or a file that does not exist is named', async () => {
  expect(await complaint('issue.txt.hbs', (source) => source.replace('{{> paper}}', '{{> papre}}'))).toMatch(
    /line \d+: expected a partial that exists: there is no “papre”/,
  );
  expect(await complaint('issue.txt.hbs', (source) => source.replace('{{wrap lead', '{{warp lead'))).toMatch(
    /line \d+: expected a .* that exists: there is no “warp”/,
  );
  const { 'issue.mjml': _, ...files } = FILES;
  await expect(compileTemplates(files)).rejects.toThrow('templates/issue.mjml: expected a file of this name');
});

test('a template that is too big by itself is refused', async () => {
  const filler = `<mj-raw><p>${'lamp '.repeat(20_000)}</p></mj-raw><mj-raw>{{> preheader}}`;
  const message = await complaint('issue.mjml', (source) =>
    source.replace('<mj-raw>{{> preheader}}', filler),
  );
  expect(message).toMatch(/expected at most 80000 bytes/);
});

test('a template without its loop over the papers is told so', async () => {
  const message = await complaint('issue.txt.hbs', (source) =>
    source.replace('{{#each papers}}', '{{#if more}}').replace('{{/each}}', '{{/if}}'),
  );
  expect(message).toBe(
    'templates/issue.txt.hbs: expected {{#each papers}} … {{/each}} once, in this file itself',
  );
});
