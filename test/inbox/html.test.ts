import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { caniemail } from 'caniemail';
import { HtmlValidate } from 'html-validate';
import mjml2html from 'mjml';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeIssue, makePaper, rank } from '../mail/support.ts';
import { allMails, issueMail, THEMES, usualPapers } from './mails.ts';
import { CHROMIUM } from './tools.ts';

const mails = await allMails();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A mail has no landmarks: mail programs put it into a page of their own. */
const NOT_FOR_MAIL = ['landmark-one-main', 'region'];

const VIEWS = [375, 640].flatMap((width) =>
  (['light', 'dark'] as const).map((scheme) => ({ width, scheme })),
);

type Violation = { id: string; nodes: { html: string; failureSummary?: string }[] };

describe('in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'], timeout: 60_000 });
  });
  afterAll(() => browser.close());

  async function look<Seen>(
    html: string,
    view: (typeof VIEWS)[number],
    use: (page: Page) => Promise<Seen>,
  ): Promise<Seen> {
    const page = await browser.newPage({
      viewport: { width: view.width, height: 900 },
      colorScheme: view.scheme,
      // A mail runs nothing and loads nothing; axe is put in afterwards.
      offline: true,
    });
    await page.setContent(html, { timeout: 20_000 });
    const seen = await use(page);
    await page.close();
    return seen;
  }

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    const rules = Object.fromEntries(NOT_FOR_MAIL.map((id) => [id, { enabled: false }]));
    const found = (await page.evaluate(`axe.run(document, ${JSON.stringify({ rules })})`)) as {
      violations: Violation[];
      passes: { id: string }[];
    };
    // Without it nothing would have been measured.
    expect(found.passes.map(({ id }) => id)).toContain('color-contrast');
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary ?? ''}`),
    );
  }

  // A weekly issue is a daily one with another date.
  const looked = mails.filter(({ name }) => !name.startsWith('weekly'));
  test.each(looked.map((mail) => [mail.name, mail] as const))(
    '%s has nothing that axe finds, in four views',
    async (_, mail) => {
      const found = VIEWS.map((view) => look(mail.html, view, violations));
      expect((await Promise.all(found)).flat()).toEqual([]);
    },
  );

  test.each(THEMES)(
    'nothing is wider than a screen of 320 pixels, whatever the words (%s)',
    async (theme) => {
      const word = 'W'.repeat(120);
      const paper = makePaper({
        title: word,
        abstract: `${word} ${word}`,
        authors: [word],
        organization: word,
      });
      const { html } = await issueMail(theme, 'wide', makeIssue([...rank(paper), ...usualPapers()]));
      await look(html, { width: 320, scheme: 'light' }, async (page) => {
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
      });
    },
  );

  test('text that is written from right to left is set so', async () => {
    const title = 'نموذج صغير يتعلم أين ينظر في الظلام';
    for (const theme of THEMES) {
      const { html } = await issueMail(theme, 'rtl', makeIssue(rank(makePaper({ title }))));
      await look(html, { width: 640, scheme: 'light' }, async (page) => {
        expect(await page.evaluate("getComputedStyle(document.querySelector('h2')).direction")).toBe('rtl');
      });
    }
  });
});

test.each(mails.map((mail) => [mail.name, mail.html] as const))('%s is valid HTML', async (_, html) => {
  const validate = new HtmlValidate({
    extends: ['html-validate:recommended'],
    // MJML writes so, for mail programs that know no better.
    rules: {
      'no-inline-style': 'off',
      'no-deprecated-attr': 'off',
      'no-conditional-comment': 'off',
      'doctype-style': 'off',
      'prefer-native-element': 'off',
      'long-title': 'off',
      'attribute-allowed-values': 'off',
      'presentation-role-style': 'off',
    },
  });
  const { results } = await validate.validateString(html);
  expect(
    results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`)),
  ).toEqual([]);
});

test.each(mails.map((mail) => [mail.name, mail] as const))(
  '%s has its language, one h1, headings in order and no residue',
  (name, { html }) => {
    expect(html.match(/<img/g) ?? []).toHaveLength(name.startsWith('pictured') ? 1 : 0);
    expect(html).toMatch(/<html lang="en" dir="ltr"/);
    const levels = [...html.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(Math.max(...levels)).toBeLessThanOrEqual(2);
    expect(html).not.toMatch(/{{|<mj-|undefined|\[object|<script|<link|@import|@font-face|<form/);
    const tables = html.match(/<table[^>]*>/g) ?? [];
    expect(tables.filter((table) => !table.includes('role="presentation"'))).toEqual([]);
  },
);

test('no mail program is asked for more than by an empty MJML mail, but for what may be missing', async () => {
  const { html: bare } = await mjml2html(
    '<mjml><mj-body><mj-section><mj-column><mj-text>Hello</mj-text><mj-divider/><mj-button href="https://example.org/">Go</mj-button></mj-column></mj-section></mj-body></mjml>',
  );
  const asked = (html: string) => {
    const { issues } = caniemail({
      clients: ['gmail.*', 'outlook.*', 'apple-mail.*', 'yahoo.*'],
      html,
    });
    return new Set([...issues.errors.values()].flat().map(({ title }) => title));
  };
  const scaffold = asked(bare);
  const beyond = new Set(mails.flatMap(({ html }) => [...asked(html).difference(scaffold)]));
  expect([...beyond].sort()).toEqual(MAY_BE_MISSING);
});

/**
 * Without these a mail shows its preheader as its first line, has underlines nearer to the words, the light colours or lines
 * that break elsewhere, and reads the same.
 */
const MAY_BE_MISSING = [
  'aria-label attribute',
  'color-scheme CSS property',
  'color-scheme meta tag',
  'display:none',
  'max-height property',
  'overflow',
  'overflow-wrap',
  'text-decoration-thickness',
  'text-underline-offset',
  'text-wrap',
];
