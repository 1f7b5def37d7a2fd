import { type Context, Hono } from 'hono';
import { rhythmInWords } from '../domain/in-words.ts';
import type { Words } from '../domain/language.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { longDate } from './calendar.ts';
import { clientOf } from './client.ts';
import { deadLink, laterPage } from './error-page.ts';
import { renderPage, wordsOf } from './page.ts';
import { paperCard } from './paper-card.ts';
import {
  asTyped,
  checkPreferences,
  type Problems,
  preferencesView,
  type TypedPreferences,
  typedPreferences,
} from './preferences-form.ts';
import { readForm } from './request-body.ts';
import type { Site } from './site.ts';

/** Papers of the preview after saving. */
const SHOWN = 10;

/**
 * `/preferences/:token`: when the mail comes and what is in it. It shows no address and gives nothing else away,
 * since mails are forwarded: for the rest it mails a link.
 */
export function preferencesPages(site: Site): Hono {
  const app = new Hono({ strict: false });
  const { subscribers } = site;

  app.get('/preferences/:token', async (c) => {
    const subscriber = await subscribers.find('preferences', c.req.param('token'));
    if (typeof subscriber !== 'object') return deadLink(c, site);
    return show(c, site, subscriber, { typed: asTyped(subscriber) });
  });

  app.post('/preferences/:token', async (c) => {
    const token = c.req.param('token');
    const subscriber = await subscribers.find('preferences', token);
    if (typeof subscriber !== 'object') return deadLink(c, site);
    const typed = typedPreferences(await readForm(c), subscriber);
    const wait = await subscribers.countSave(subscriber);
    if (wait > 0) {
      c.header('Retry-After', String(Math.ceil(wait / 1000)));
      return show(c, site, subscriber, { typed, isTooOften: true });
    }
    const checked = checkPreferences(typed, subscriber, {
      checkTopics: subscribers.checkTopics,
      languages: site.templates.languages,
      words: wordsOf(site, subscriber),
      now: site.now(),
    });
    if ('problems' in checked) return show(c, site, subscriber, { typed, problems: checked.problems });
    const { wishes } = checked;
    if (!(await subscribers.savePreferences(token, wishes))) return deadLink(c, site);
    const saved = { ...subscriber, ...wishes };
    return show(c, site, saved, { typed: asTyped(saved), saved: true });
  });

  app.post('/preferences/:token/link', async (c) => {
    const wanted = (await readForm(c)).text('for');
    const purpose = wanted === 'erase' ? 'erase' : 'manage';
    const token = c.req.param('token');
    const subscriber = await subscribers.find('preferences', token);
    const asked = await subscribers.mailLink(token, purpose, clientOf(c, site.trustedProxies));
    if (typeof subscriber !== 'object' || asked === undefined) return deadLink(c, site);
    if (asked.kind === 'later') return laterPage(c, site, asked);
    return c.html(renderPage(site, 'link-sent', { address: '' }, wordsOf(site, subscriber)));
  });
  return app;
}

type Shown = {
  readonly typed: TypedPreferences;
  readonly problems?: Problems;
  readonly saved?: boolean;
  /** The subscriber has saved too often: what they typed is shown again and not saved. */
  readonly isTooOften?: boolean;
};

async function show(
  c: Context,
  site: Site,
  subscriber: Subscriber,
  { typed, problems, saved = false, isTooOften = false }: Shown,
): Promise<Response> {
  const active = subscriber.state === 'active';
  const words = wordsOf(site, subscriber);
  const view = {
    ...preferencesView(typed, subscriber, { words, now: site.now() }, problems),
    ...languageChoice(site, typed.language),
    action: c.req.param('token'),
    active,
    isTooOften,
    unsubscribe: active ? site.subscribers.tokenFor('unsubscribe', subscriber) : '',
    saved: saved ? inWords(words, subscriber, site.now()) : '',
    papers: saved && active ? await preview(site, subscriber, words) : [],
  };
  return c.html(renderPage(site, 'preferences', view, words), isTooOften ? 429 : problems ? 422 : 200);
}

/** The languages there are, each in its own words. */
function languageChoice(site: Site, typed: string) {
  const { all } = site.templates.languages;
  return {
    ownLanguage: wordsOf(site).name,
    languages: all.map(({ code, name }) => ({ code, name, selected: code === typed })),
  };
}

function inWords(words: Words, subscriber: Subscriber, now: number): string {
  const when = rhythmInWords(words, subscriber);
  if (subscriber.pausedUntil <= now) return words.say('pref.saved.when', { when });
  const day = longDate(words, dayOf(subscriber.pausedUntil, subscriber.timezone));
  return words.say('pref.saved.paused', { when, day });
}

/** What the next issue would bring, as it stands: the list goes on changing until it is frozen. */
async function preview(site: Site, subscriber: Subscriber, words: Words) {
  const { picks, matches } = await site.subscribers.nextPicks(subscriber);
  return picks.slice(0, SHOWN).map((pick, index) => {
    const reasons = [matches[index] ?? '', ...pick.reasons].filter(Boolean);
    return paperCard({ ...pick, reasons }, index + 1, words);
  });
}

function dayOf(at: number, timezone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone).toPlainDate().toString();
}
