import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ComposedIssue } from '../../src/domain/issue.ts';
import type { Words } from '../../src/domain/language.ts';
import type { Paper, RankedPaper } from '../../src/domain/paper.ts';
import { composeIssue } from '../../src/mail/compose-issue.ts';
import type { Recipient } from '../../src/mail/compose-message.ts';
import type { Letterhead } from '../../src/mail/letterhead.ts';
import type { TemplateFiles } from '../../src/mail/mail-templates.ts';
import { languagesIn } from '../../src/mail/mail-words.ts';

export const FROZEN = Date.parse('2026-08-19T05:00:00Z');
export const SENT = Date.parse('2026-08-19T07:00:03Z');

export const letterhead: Letterhead = {
  newsletterName: 'The Morning Offprint',
  from: 'papers@news.example.org',
  replyTo: { name: '', address: 'editor@example.org' },
  postalAddress: 'Example Society, 1 Example Street, Exampleton',
  siteUrl: 'https://news.example.org',
};

const NAMES = ['Lanternfish', 'Quiet Attention', 'Saltmarsh', 'Tin Opera', 'Marrow', 'Halfway Houses'];

/** A made-up paper; every test changes what it is about. */
export function makePaper(change: Partial<Paper> = {}, place = 1): Paper {
  const arxiv = `2608.${String(place).padStart(5, '0')}`;
  const id = `arxiv:${arxiv}`;
  const name = NAMES[(place - 1) % NAMES.length];
  return {
    id,
    aliases: [id],
    ids: { arxiv },
    title: `${name}: A Small Model That Learns Where to Look in the Dark`,
    abstract:
      'We ask how little light a model needs. Our answer is a lamp of eleven parameters that follows the reader. ' +
      'On four made-up benchmarks it halves the cost of looking. We show where it fails, and why a larger lamp ' +
      'would not help there. A study with nobody at all confirms this. Code and lamps are given away.',
    authors: ['Ada Example', 'Bruno Sample', 'Chiyo Specimen', 'Dov Instance', 'Ela Probe'],
    links: {
      abstract: `https://papers.example.org/abs/${arxiv}`,
      pdf: `https://papers.example.org/pdf/${arxiv}`,
      code: `https://code.example.org/lamp-${place}`,
      discussion: `https://talk.example.org/papers/${arxiv}`,
    },
    categories: ['cs.CL'],
    organization: 'Institute of Lamps',
    sources: ['huggingface'],
    day: '2026-08-18',
    since: FROZEN - 29 * 3_600_000,
    firstSeenAt: FROZEN - 29 * 3_600_000,
    signals: { upvotes: 39, stars: 1424, comments: 12 },
    ...change,
  };
}

export function rank(...papers: Paper[]): RankedPaper[] {
  return papers.map((paper, index) => ({
    paper,
    score: 100 - index,
    reasons: ['39 upvotes in 29 h', 'code with 1.4k stars'],
  }));
}

export function manyPapers(count: number, change: Partial<Paper> = {}): RankedPaper[] {
  return rank(...Array.from({ length: count }, (_, index) => makePaper(change, index + 1)));
}

export function makeIssue(
  ranked: readonly RankedPaper[] = manyPapers(12),
  sample = false,
  picks = 10,
): ComposedIssue {
  return composeIssue(ranked, {
    kind: 'daily',
    date: '2026-08-19',
    number: 12,
    sample,
    frozenAt: FROZEN,
    picks,
    words: ENGLISH,
  });
}

export function makeCsvSubscriber(id: number): Recipient {
  return {
    subscriberId: id,
    email: `reader${id}@example.com`,
    unsubscribeUrl: `https://news.example.org/unsubscribe/${id}.${'u'.repeat(27)}`,
    preferencesUrl: `https://news.example.org/preferences/${id}.${'p'.repeat(27)}`,
    feedbackUrl: `https://news.example.org/feedback/${id}.${'f'.repeat(27)}`,
  };
}

/** The templates that Offprint comes with. */
export const FILES: TemplateFiles = templatesBelow('');

export const ENGLISH: Words = languagesIn(FILES).of('en');
export const GERMAN: Words = languagesIn(FILES).of('de');

/** The same as another theme changes them. */
export function filesOf(theme: string): TemplateFiles {
  return theme === 'journal' ? FILES : { ...FILES, ...templatesBelow(`themes/${theme}/`) };
}

function templatesBelow(folder: string): TemplateFiles {
  const root = new URL(`../../templates/${folder}`, import.meta.url).pathname;
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const mails = paths.filter((path) => /^((partials\/)?[^/]+\.(mjml|hbs)|lang\/[^/]+\.json)$/.test(path));
  return Object.fromEntries(mails.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}
