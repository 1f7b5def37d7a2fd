import { type Context, Hono } from 'hono';
import { parseAddress } from '../domain/address.ts';
import { clientOf } from './client.ts';
import { laterPage } from './error-page.ts';
import { renderPage, wordsOf } from './page.ts';
import { asksForJson, isCut, readForm, readJsonFields } from './request-body.ts';
import type { Site } from './site.ts';

/** What somebody sent. `trap` is a field that people do not see. */
type Typed = {
  readonly email: string;
  readonly stamp: string;
  readonly proof: string;
  readonly plain: boolean;
  readonly trap: string;
  /** Interests, one a line. */
  readonly topics: string;
};

/** `/subscribe`, for the form and for JSON alike. The answer to a good address is always the same. */
export function subscribePages(site: Site): Hono {
  const app = new Hono({ strict: false });
  app.get('/subscribe', (c) => c.html(renderPage(site, 'subscribe')));
  app.post('/subscribe', async (c) => answer(c, site, await typed(c)));
  return app;
}

async function answer(c: Context, site: Site, sent: Typed): Promise<Response> {
  const { signUps } = site;
  const address = parseAddress(sent.email);
  if (address === undefined) return refused(c, site, sent, 'problem.address');
  if (sent.trap !== '') return taken(c, site);
  const stamp = signUps.checkStamp(sent.stamp);
  if (stamp !== 'good')
    return almost(c, site, { ...sent, address }, stamp === 'early' ? sent.stamp : signUps.stamp());
  const asked = await signUps.ask({
    ...sent,
    address,
    topics: interestsIn(site, sent),
    client: clientOf(c, site.trustedProxies),
  });
  if (asked.kind === 'taken') return taken(c, site);
  if (asked.kind === 'prove') {
    const fresh = signUps.stamp();
    return almost(c, site, { ...sent, address }, fresh, await signUps.challenge(fresh));
  }
  return asked.kind === 'unmailable' ? refused(c, site, sent, 'problem.domain') : laterPage(c, site, asked);
}

/** What no interest can be is left out: who asked sees the others on their page. */
function interestsIn(site: Site, { topics }: Typed): readonly string[] {
  const lines = topics.split('\n');
  const whole = isCut('topics', topics) ? lines.slice(0, -1) : lines;
  return site.subscribers.checkTopics(whole.filter((line) => line.trim() !== '')).topics;
}

function taken(c: Context, site: Site): Response | Promise<Response> {
  return asksForJson(c) ? c.json({ ok: true }) : c.html(renderPage(site, 'subscribed'));
}

/** Whoever came without a stamp, or is to work for it, gets what was missing, and presses once more. */
function almost(
  c: Context,
  site: Site,
  { address, topics }: { address: string; topics: string },
  stamp: string,
  challenge = '',
): Response | Promise<Response> {
  if (!asksForJson(c)) return c.html(renderPage(site, 'almost', { address, topics, stamp, challenge }));
  const error = wordsOf(site).say(challenge === '' ? 'problem.stamp' : 'problem.proof');
  return c.json({ ok: false, error, stamp, ...(challenge && { challenge: JSON.parse(challenge) }) }, 202);
}

function refused(
  c: Context,
  site: Site,
  { email, topics }: Typed,
  why: string,
): Response | Promise<Response> {
  const { say } = wordsOf(site);
  if (asksForJson(c)) return c.json({ ok: false, error: say(why) }, 422);
  const problem = say(email.trim() === '' ? 'problem.empty' : why);
  return c.html(renderPage(site, 'subscribe', { signUp: { email, problem, topics } }), 422);
}

async function typed(c: Context): Promise<Typed> {
  const field = asksForJson(c) ? await readJsonFields(c) : (await readForm(c)).text;
  return {
    email: field('email'),
    stamp: field('stamp'),
    proof: field('proof'),
    plain: field('plain') !== '',
    trap: field('subject'),
    topics: field('topics'),
  };
}
