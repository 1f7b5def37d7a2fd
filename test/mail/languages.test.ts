import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import { rhythmInWords } from '../../src/domain/in-words.ts';
import { composeDelivery } from '../../src/mail/compose-message.ts';
import { compileTemplates } from '../../src/mail/mail-templates.ts';
import { composeNotice } from '../../src/mail/notice.ts';
import { renderIssue } from '../../src/mail/render.ts';
import { subscriberValues, textForSubscriber } from '../../src/mail/subscriber-parts.ts';
import { FILES, filesOf, letterhead, makeCsvSubscriber, makeIssue, SENT } from './support.ts';

const templates = await compileTemplates(FILES);
const WISHES = { deliverAt: '07:00', timezone: 'Europe/Berlin', days: 0b1111111 };

/** Both parts as a subscriber sees them. */
function seen(body: ReturnType<typeof renderIssue>['common'], when = '') {
  const values = subscriberValues({ ...makeCsvSubscriber(1), address: 'a@example.org', when });
  return {
    html: textForSubscriber(body.html, values, true),
    text: textForSubscriber(body.text, values, false),
  };
}

test('a reader’s mail is in their language, its subject too, and the papers stay as they are', () => {
  const { common } = renderIssue(templates, makeIssue(), letterhead, { language: 'de' });
  const { html, text } = seen(common);
  expect(common.subject).toBe('Lanternfish: A Small Model That Learns Where to Look in the Dark + 9');
  expect(html).toContain('<html lang="de" dir="ltr"');
  expect(html).toContain('>Diskussion</a> (12 Kommentare)');
  for (const part of [html, text]) {
    expect(part).toContain('Mittwoch, 19. August 2026');
    expect(part).toContain('10 Arbeiten, ausgewählt aus 12');
    expect(part).toContain('Außerdem erschienen');
    expect(part).toContain('Diskussion');
    expect(part).toContain('A Small Model That Learns Where to Look');
    expect(part).not.toMatch(/Unsubscribe|Also noted|\[object/);
  }
});

test('the newsletter’s own language is for readers who chose none, and English for a code without a file', () => {
  const german = { ...letterhead, language: 'de' };
  expect(seen(renderIssue(templates, makeIssue(), german).common).text).toContain('Abbestellen:');
  const unknown = renderIssue(templates, makeIssue(), german, { language: 'xx' });
  expect(seen(unknown.common).text).toContain('Unsubscribe:');
});

test('two readers of one language get the same bytes but for their own links', async () => {
  const rendered = renderIssue(templates, makeIssue(), letterhead, { language: 'de' });
  const raw = async (id: number) => {
    const { raw } = await composeDelivery(rendered, makeCsvSubscriber(id), { letterhead, date: SENT });
    const [, ...body] = raw.toString('latin1').split('\r\n\r\n');
    return body.join('\r\n\r\n').replaceAll(/\/\d\.(p|u|f)|--[\w-]+/g, '');
  };
  expect(await raw(1)).toBe(await raw(2));
});

describe.each(['journal', 'card', 'plain'])('the welcome of the theme %s', async (theme) => {
  const made = await compileTemplates(filesOf(theme));
  const rendered = renderIssue(made, makeIssue(), letterhead, { welcome: true });
  const when = rhythmInWords(made.languages.of('en'), WISHES);
  const { html, text } = seen(rendered.common, when);

  test('stands above the papers, in both parts, and says when the next one comes and how to change that', () => {
    for (const part of [html, text]) {
      expect(part).toContain('Welcome! Here is the latest issue.');
      expect(part).toContain('From now on, your newsletter arrives every day at 07:00, Berlin time.');
      expect(part.indexOf('Welcome!')).toBeLessThan(part.indexOf('We ask how little light'));
      const greeting = part.slice(part.indexOf('Welcome!'), part.indexOf('We ask how little light'));
      expect(greeting).toContain(makeCsvSubscriber(1).preferencesUrl);
    }
  });

  test('has a subject of its own, and says what this is; the issue greets nobody', () => {
    const usual = renderIssue(made, makeIssue(), letterhead).common;
    expect(rendered.common.subject).toBe('Welcome to The Morning Offprint');
    expect(rendered.common.preheader).toMatch(/^Your first issue: Lanternfish/);
    expect(html).toContain('The Morning Offprint picks the research papers worth your time');
    expect(seen(usual).html + seen(usual).text).not.toContain('Welcome');
  });
});

test.each([
  [
    'confirm',
    { kind: 'confirm', confirmUrl: 'https://news.example.org/confirm/1' },
    'Bestätigen Sie Ihr Abonnement',
  ],
  ['erase', { kind: 'erase', eraseUrl: 'https://news.example.org/erase/1' }, 'Alles löschen?'],
  ['manage', { kind: 'manage', manageUrl: 'https://news.example.org/manage/1' }, 'Hier ist Ihr Link'],
] as const)('a notice (%s) is in the reader’s language', async (_, notice, title) => {
  const options = { letterhead, date: SENT, id: 1, language: 'de' };
  const { raw } = await composeNotice(templates, 'reader@example.com', notice, options);
  const mail = await simpleParser(raw);
  expect(mail.subject).toMatch(/The Morning Offprint/);
  for (const part of [mail.text, mail.html]) expect(part).toContain(title);
  expect(mail.html).toContain('lang="de"');
});

test('where a language is written from the right, the whole mail is', async () => {
  const right = JSON.stringify({ 'language.dir': 'rtl', 'issue.noted': 'هذا أيضًا' });
  const made = await compileTemplates({ ...FILES, 'lang/xr.json': right });
  const { html } = seen(renderIssue(made, makeIssue(), letterhead, { language: 'xr' }).common);
  expect(html).toContain('<html lang="xr" dir="rtl"');
  expect(html).toContain('هذا أيضًا');
  expect(html).toContain('Change the time');
  expect(html).not.toMatch(/direction:\s*ltr|text-align:\s*left|align="left"/);
});
