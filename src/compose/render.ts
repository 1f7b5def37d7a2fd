import type { Day } from '../domain/day.ts';
import { Fault } from '../domain/fault.ts';
import type { Issue, IssueKind } from '../domain/issue.ts';
import type { Letterhead } from './letterhead.ts';
import { plainText } from './plain.ts';
import { ANY_READER, cutForReaders, type ReaderParts } from './reader-parts.ts';
import type { MailTemplates } from './templates.ts';
import { issueView } from './view.ts';

/** Gmail shows no more of a mail than 102,400 bytes of HTML; what is left over is for the readers' links. */
const HTML_BUDGET = 80_000;

/** An issue as it is mailed, but for each reader's own values. Made once per issue. */
export type RenderedIssue = {
  readonly kind: IssueKind;
  readonly date: Day;
  readonly hash: string;
  readonly subject: string;
  readonly html: ReaderParts;
  readonly text: ReaderParts;
  /** How many picks the mail shows; the others are "and N more on the web". */
  readonly shown: number;
};

/**
 * Renders an issue for all of its readers at once.
 * @throws Fault TEMPLATE_BROKEN when a template asks for what there is not, or is too big by itself
 */
export function renderIssue(templates: MailTemplates, issue: Issue, letterhead: Letterhead): RenderedIssue {
  const { html, shown } = renderWithinBudget(templates, issue, letterhead);
  const text = templates.issue.text(issueView(issue, letterhead, ANY_READER, shown));
  return {
    kind: issue.kind,
    date: issue.date,
    hash: issue.hash,
    subject: plainText(issue.subject),
    html: cutForReaders(html),
    text: cutForReaders(tidyText(text)),
    shown,
  };
}

/** Fewer picks until the HTML fits: once for any usual issue. */
function renderWithinBudget(templates: MailTemplates, issue: Issue, letterhead: Letterhead) {
  let shown = issue.picks.length;
  for (;;) {
    const html = templates.issue.html(issueView(issue, letterhead, ANY_READER, shown));
    const bytes = Buffer.byteLength(html);
    if (bytes <= HTML_BUDGET) return { html, shown };
    if (shown === 0) throw tooBig(bytes);
    shown = Math.min(shown - 1, Math.floor((shown * HTML_BUDGET) / bytes));
  }
}

function tooBig(bytes: number): Fault {
  return new Fault(
    'TEMPLATE_BROKEN',
    `templates/issue.mjml: expected at most ${HTML_BUDGET} bytes of HTML, and it has ${bytes} without any paper`,
    'Make the template smaller: mail programs cut off what is longer.',
  );
}

/** No spaces at the ends of lines, no more than two blank lines together, one line end at the end. */
export function tidyText(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').replace(/[ \t]+$/gm, '');
  return `${lines.replace(/\n{4,}/g, '\n\n\n').trim()}\n`;
}
