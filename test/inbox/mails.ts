import { createSigner } from '../../src/delivery/smtp/dkim.ts';
import type { Issue } from '../../src/domain/issue.ts';
import type { RankedPaper } from '../../src/domain/paper.ts';
import { composeDelivery } from '../../src/mail/compose-message.ts';
import { compileTemplates, type MailTemplates } from '../../src/mail/mail-templates.ts';
import type { Notice } from '../../src/mail/notice.ts';
import { composeNotice } from '../../src/mail/notice.ts';
import { type RenderedIssue, renderIssue } from '../../src/mail/render.ts';
import { subscriberValues, textForSubscriber } from '../../src/mail/subscriber-parts.ts';
import { filesOf, letterhead, makeCsvSubscriber, makeIssue, makePaper, rank, SENT } from '../mail/support.ts';
import { makeDkimKey } from '../support/dkim-key.ts';

export const THEMES = ['plain', 'journal', 'card'] as const;
export const DOMAIN = 'news.example.org';
export const SELECTOR = 's1';
export const dkim = makeDkimKey();

const sign = createSigner({ domain: DOMAIN, selector: SELECTOR, key: dkim.privateKey });

/** One finished and signed mail, and what its subscriber sees of it. */
export type MadeMail = {
  readonly name: string;
  readonly kind: 'issue' | 'notice';
  readonly raw: Buffer;
  readonly html: string;
  readonly text: string;
  readonly issue?: Issue;
};

const compiled = new Map<string, Promise<MailTemplates>>();

function templatesOf(theme: string): Promise<MailTemplates> {
  const known = compiled.get(theme) ?? compileTemplates(filesOf(theme));
  compiled.set(theme, known);
  return known;
}

const TOPICS: readonly [string, string, string][] = [
  [
    'Lanternfish: A Small Model That Learns Where to Look in the Dark',
    'Institute of Lamps',
    'We ask how little light a model needs. Our answer is a lamp of eleven parameters that follows the reader over the page. On four made-up benchmarks it halves the cost of looking, and it is wrong less often than its teachers. We show where it fails, and why a larger lamp would not help there.',
  ],
  [
    'Quiet Attention Reads a Whole Library Without Raising Its Voice',
    'Example University',
    'Attention is usually paid to everything at once. We pay it in small coins. A reader of a million pages spends what others spend on a chapter, and remembers as much. The method needs no training and fits in forty lines.',
  ],
  [
    'Saltmarsh: Weather Forecasts From the Sounds of Birds',
    '',
    'Birds know about the weather before we do. We recorded a made-up marsh for a year and trained a model to listen. It forecasts rain six hours ahead, and storms a day ahead, at a thousandth of the usual cost.',
  ],
  [
    'Tin Opera: Music That Explains How It Was Made',
    'Conservatory of Tin',
    'A generated melody carries no reason for its notes. Ours does: each note names the two before it that called for it. Listeners follow the explanations, and composers correct them.',
  ],
  [
    'What a Robot Learns From Watching Somebody Else Fail',
    'Halfway Laboratory',
    'Failures are cheap to film and rarely kept. We kept ten thousand of them. A robot that watches others drop cups drops fewer itself, and it learns faster from failures than from the same number of successes.',
  ],
  [
    'Marrow: Proteins Folded Backwards',
    'Example Society',
    'We begin with the folded shape and ask which sequence would have wanted it. The answer is often shorter than the one that nature found. Three were made in the laboratory of this example, and two of them held.',
  ],
  [
    'On the Cost of Asking Twice',
    '',
    'Models are asked the same question again until the answers agree. We count what that costs, show when it helps, and give a rule for when to stop that saves two thirds of the questions.',
  ],
  [
    'Glasshouse: Privacy Proofs That a Browser Can Check',
    'Institute of Panes',
    'A service says that it keeps nothing. We let it prove that. The proof has four kilobytes, a browser checks it in the time of a page load, and it cannot be made by a service that keeps a copy.',
  ],
  [
    'Small Talk: Agents That Agree Before They Act',
    'Example University',
    'Agents that plan alone collide. Ours exchange three words first. In a made-up town they share bridges, lifts and one kitchen, and the words that they settle on can be read by people.',
  ],
  [
    'Fieldnotes: A Data Set of Questions That Scientists Dropped',
    'Archive of Loose Ends',
    'Notebooks are full of questions that nobody came back to. With their owners we collected nine thousand, sorted them by what stood in the way, and found that a third could be answered today.',
  ],
  ['Paper Boats: Learning to Route by Water', '', 'We let it flow.'],
  ['A Map of Every Door in a Building That Has None', '', 'There is no door.'],
  ['The Last Token: How Models Decide to Stop', '', 'They stop.'],
  ['Ropewalk: Sorting With Strings', '', 'We pull.'],
];

export function usualPapers(): RankedPaper[] {
  const papers = TOPICS.map(([title, organization, abstract], index) => {
    const { organization: _, ...paper } = makePaper({ title, abstract }, index + 1);
    const links =
      index % 3 === 1 ? { abstract: paper.links.abstract ?? '', pdf: paper.links.pdf ?? '' } : paper.links;
    return { ...paper, links, ...(organization && { organization }) };
  });
  return rank(...papers);
}

export const SUBSCRIBER = makeCsvSubscriber(7);
const OPTIONS = { letterhead, date: SENT };

const NOTICES: readonly Notice[] = [
  { kind: 'confirm', confirmUrl: 'https://news.example.org/confirm/7.cccccccccccccccccccccccccccc' },
  { kind: 'known', preferencesUrl: SUBSCRIBER.preferencesUrl, unsubscribeUrl: SUBSCRIBER.unsubscribeUrl },
  { kind: 'address', confirmUrl: 'https://news.example.org/address/7.aaaaaaaaaaaaaaaaaaaaaaaaaaaa' },
  { kind: 'erase', eraseUrl: 'https://news.example.org/erase/7.eeeeeeeeeeeeeeeeeeeeeeeeeeeeeee' },
  { kind: 'manage', manageUrl: 'https://news.example.org/manage/7.mmmmmmmmmmmmmmmmmmmmmmmmmmmmm' },
  { kind: 'leave', unsubscribeUrl: SUBSCRIBER.unsubscribeUrl },
  {
    kind: 'operator',
    text: 'the issue of 2026-08-19 is held: no source could be reached\nhuggingface: timed out\nIt is tried again by itself.',
  },
];

/** One issue in a theme, as the subscriber gets it. */
export async function issueMail(theme: string, name: string, issue: Issue, own = false): Promise<MadeMail> {
  const rendered: RenderedIssue = renderIssue(await templatesOf(theme), issue, letterhead);
  const picks = issue.picks;
  const body = own
    ? rendered.own({
        picks,
        matches: picks.map((_, index) => (index % 2 ? [] : ['diffusion, small models'])),
      })
    : rendered.common;
  const { raw } = await composeDelivery(rendered, SUBSCRIBER, { ...OPTIONS, body });
  const values = subscriberValues({ ...SUBSCRIBER, address: SUBSCRIBER.email });
  return {
    name: `${name}-${theme}`,
    kind: 'issue',
    raw: await sign(raw),
    html: textForSubscriber(body.html, values, true),
    text: textForSubscriber(body.text, values, false),
    issue,
  };
}

async function noticeMail(notice: Notice): Promise<MadeMail> {
  const kept: { html?: string; text?: string } = {};
  const { issue, notice: parts, languages } = await templatesOf('journal');
  const listening: MailTemplates = {
    issue,
    notice: {
      html: (view) => (kept.html = parts.html(view)),
      text: (view) => (kept.text = parts.text(view)),
    },
    languages,
  };
  const { raw } = await composeNotice(listening, SUBSCRIBER.email, notice, { ...OPTIONS, id: 1 });
  return {
    name: notice.kind,
    kind: 'notice',
    raw: await sign(raw),
    html: kept.html ?? '',
    text: kept.text ?? '',
  };
}

/** Each kind of mail in each theme. */
export async function allMails(): Promise<MadeMail[]> {
  const daily = makeIssue(usualPapers());
  const weekly = { ...daily, kind: 'weekly' as const, date: '2026-08-23' };
  const pictured = { ...daily, thumbnails: { [daily.picks[0]?.paper.id ?? '']: 'f'.repeat(64) } };
  const mails: MadeMail[] = [];
  for (const theme of THEMES) {
    mails.push(await issueMail(theme, 'daily', daily));
    mails.push(await issueMail(theme, 'weekly', weekly));
    mails.push(await issueMail(theme, 'personal', daily, true));
    mails.push(await issueMail(theme, 'pictured', pictured));
  }
  for (const notice of NOTICES) mails.push(await noticeMail(notice));
  return mails;
}
