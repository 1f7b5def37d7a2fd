import { type Context, Hono } from 'hono';
import type { Core } from '../core.ts';
import type { Words } from '../domain/language.ts';
import type { RankedPaper } from '../domain/paper.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { findBySlug } from '../issues/find-edition.ts';
import { picksSentTo } from '../issues/personal-issue.ts';
import { type Feedback, feedbackOn, withFeedback } from '../ranking/feedback.ts';
import { changePreferences } from '../subscribers/lifecycle.ts';
import { tokenFor } from '../subscribers/links.ts';
import { countSave } from '../subscribers/save-limit.ts';
import { payloadOf, subscriberOf } from '../subscribers/tokens.ts';
import { deadLink, laterPage } from './error-page.ts';
import { readForm } from './request-body.ts';
import type { WebTools } from './web-tools.ts';

/**
 * `/feedback/:token`: the picks of one mail, each with a button for more and one for less like it. GET changes nothing.
 * POST adds a like or a mute to the subscriber's interests, where the preferences page shows it and can take it back.
 */
export function feedbackPages(core: Core, tools: WebTools): Hono {
  const app = new Hono({ strict: false });
  app.get('/feedback/:token', async (c) => {
    const asked = await openFeedback(core, tools, c.req.param('token'));
    return asked ? show(c, tools, asked) : deadLink(c, tools.pages);
  });
  app.post('/feedback/:token', (c) => say(c, core, tools));
  return app;
}

type Asked = { readonly subscriber: Subscriber; readonly picks: readonly RankedPaper[] };

/** Whose link it is, and which papers that mail had; only for those who still get mails. */
async function openFeedback(core: Core, { secrets }: WebTools, token: string): Promise<Asked | undefined> {
  const subscriber = await subscriberOf(core, secrets, 'feedback', token);
  if (typeof subscriber !== 'object' || subscriber.state !== 'active') return undefined;
  const slug = payloadOf(secrets, 'feedback', token)?.about ?? '';
  const row = await findBySlug(core.store.readOnly, slug);
  if (row?.issue === undefined) return undefined;
  const issue = { ...row.issue, id: row.id, state: row.state };
  return { subscriber, picks: await picksSentTo(core, issue, subscriber.id) };
}

const SAID = ['more', 'less', 'none'] as const satisfies readonly Feedback[];

async function say(c: Context<object, '/feedback/:token'>, core: Core, tools: WebTools) {
  const form = await readForm(c);
  const asked = await openFeedback(core, tools, c.req.param('token'));
  if (asked === undefined) return deadLink(c, tools.pages);
  const feedback = SAID.find((one) => one === form.text('say'));
  const pick = asked.picks.find(
    ({ paper }) => paper.ids.arxiv !== undefined && paper.ids.arxiv === form.text('paper'),
  );
  if (feedback === undefined || pick?.paper.ids.arxiv === undefined) return show(c, tools, asked);
  const wait = await countSave(core, asked.subscriber.id);
  if (wait > 0) return laterPage(c, tools.pages, { kind: 'later', retryAfter: wait, yours: true });
  const topics = withFeedback(asked.subscriber.topics, pick.paper.ids.arxiv, feedback);
  if (topics === undefined) return show(c, tools, asked, { key: 'full', title: pick.paper.title });
  const saved = await changePreferences(core, asked.subscriber.id, { ...asked.subscriber, topics });
  if (saved === undefined) return deadLink(c, tools.pages);
  tools.wake();
  return show(c, tools, { ...asked, subscriber: saved }, { key: feedback, title: pick.paper.title });
}

/** What has just been done, as `feedback.done.KEY` says it. */
type Done = { readonly key: Feedback | 'full'; readonly title: string };

function show(c: Context, { pages, secrets }: WebTools, { subscriber, picks }: Asked, done?: Done): Response {
  const words = pages.wordsOf(subscriber);
  const view = {
    action: c.req.param('token'),
    done: done === undefined ? '' : words.say(`feedback.done.${done.key}`, { title: done.title }),
    papers: picks.map((pick, index) => choice(pick, index + 1, subscriber, words)),
    preferences: tokenFor(secrets, 'preferences', subscriber),
  };
  return c.html(pages.render('feedback', view, words));
}

function choice({ paper }: RankedPaper, place: number, { topics }: Subscriber, { say }: Words) {
  const arxiv = paper.ids.arxiv ?? '';
  const said = arxiv === '' ? 'none' : feedbackOn(topics, arxiv);
  return {
    place,
    title: paper.title,
    arxiv,
    more: said === 'more',
    less: said === 'less',
    said: said === 'none' ? '' : say(`feedback.said.${said}`),
  };
}
