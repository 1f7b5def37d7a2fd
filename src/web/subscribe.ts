import { type Context, Hono } from 'hono';
import type { Core } from '../core.ts';
import { parseAddress } from '../domain/address.ts';
import { checkStamp } from '../domain/stamp.ts';
import { makeChallenge } from '../subscribers/proof.ts';
import { askSignUp, STAMP_LIMIT } from '../subscribers/sign-up.ts';
import { clientOf } from './client.ts';
import { laterPage } from './error-page.ts';
import type { Pages } from './page.ts';
import { asksForJson, readForm, readJsonFields } from './request-body.ts';
import { daysIn, interestsIn, type SignUpChoices } from './sign-up-form.ts';
import { freshStamp } from './stamps.ts';
import { offeredCategories, topicChips } from './topic-chips.ts';
import type { WebTools } from './web-tools.ts';

/** What somebody sent. `trap` is a field that people do not see. */
type Typed = SignUpChoices & {
  readonly email: string;
  readonly stamp: string;
  readonly proof: string;
  readonly plain: boolean;
  readonly trap: string;
};

/** `/subscribe`, for the form and for JSON alike. The answer to a good address is always the same. */
export function subscribePages(core: Core, tools: WebTools): Hono {
  const app = new Hono({ strict: false });
  app.get('/subscribe', (c) => c.html(tools.pages.render('subscribe')));
  app.post('/subscribe', async (c) => answer(c, core, tools, await typed(c)));
  return app;
}

async function answer(c: Context, core: Core, tools: WebTools, sent: Typed): Promise<Response> {
  const { pages, secrets } = tools;
  const address = parseAddress(sent.email);
  if (address === undefined) return refused(c, core, pages, sent, 'problem.address');
  if (sent.trap !== '') return taken(c, pages);
  const stamp = checkStamp(secrets[0], sent.stamp, core.clock(), STAMP_LIMIT);
  const fresh = () => freshStamp(core, secrets);
  if (stamp !== 'good')
    return almost(c, pages, { ...sent, address }, stamp === 'early' ? sent.stamp : fresh());
  const asked = await askSignUp(core, secrets, {
    ...sent,
    address,
    topics: interestsIn(sent),
    days: daysIn(sent),
    client: clientOf(c, core.config.TRUST_PROXY),
  });
  if (asked.kind === 'taken') {
    tools.wake();
    return taken(c, pages);
  }
  if (asked.kind === 'prove') {
    const given = fresh();
    return almost(c, pages, { ...sent, address }, given, await makeChallenge(secrets, given));
  }
  return asked.kind === 'unmailable'
    ? refused(c, core, pages, sent, 'problem.domain')
    : laterPage(c, pages, asked);
}

function taken(c: Context, pages: Pages): Response | Promise<Response> {
  return asksForJson(c) ? c.json({ ok: true }) : c.html(pages.render('subscribed'));
}

/** Whoever came without a stamp, or is to work for it, gets what was missing, and presses once more. */
function almost(
  c: Context,
  pages: Pages,
  sent: Typed & { address: string },
  stamp: string,
  challenge = '',
): Response | Promise<Response> {
  const { address, rhythm } = sent;
  const kept = { address, rhythm, topics: interestsIn(sent).join('\n') };
  if (!asksForJson(c)) return c.html(pages.render('almost', { ...kept, stamp, challenge }));
  const error = pages.wordsOf().say(challenge === '' ? 'problem.stamp' : 'problem.proof');
  return c.json({ ok: false, error, stamp, ...(challenge && { challenge: JSON.parse(challenge) }) }, 202);
}

function refused(
  c: Context,
  { config }: Core,
  pages: Pages,
  { email, topics, chosen, rhythm }: Typed,
  why: string,
): Response | Promise<Response> {
  const { say } = pages.wordsOf();
  if (asksForJson(c)) return c.json({ ok: false, error: say(why) }, 422);
  const problem = say(email.trim() === '' ? 'problem.empty' : why);
  const weekly = rhythm === 'weekly';
  const view = {
    signUp: { email, problem, topics },
    chips: topicChips(offeredCategories(config.SOURCES), chosen),
    weekly,
    choosing: weekly || chosen.length > 0,
  };
  return c.html(pages.render('subscribe', view), 422);
}

async function typed(c: Context): Promise<Typed> {
  const form = asksForJson(c) ? undefined : await readForm(c);
  const field = form?.text ?? (await readJsonFields(c));
  return {
    email: field('email'),
    stamp: field('stamp'),
    proof: field('proof'),
    plain: field('plain') !== '',
    trap: field('subject'),
    topics: field('topics'),
    chosen: form?.all('topic') ?? [],
    rhythm: field('rhythm'),
  };
}
