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
  const { readers } = site;

  app.get('/preferences/:token', async (c) => {
    const reader = await readers.find('preferences', c.req.param('token'));
    if (typeof reader !== 'object') return deadLink(c, site);
    return show(c, site, reader, { typed: asTyped(reader) });
  });

  app.post('/preferences/:token', async (c) => {
    const token = c.req.param('token');
    const reader = await readers.find('preferences', token);
    if (typeof reader !== 'object') return deadLink(c, site);
    const typed = typedPreferences(await readForm(c), reader);
    const wait = await readers.countSave(reader);
    if (wait > 0) {
      c.header('Retry-After', String(Math.ceil(wait / 1000)));
      return show(c, site, reader, { typed, isTooOften: true });
    }
    const checked = checkPreferences(typed, reader, {
      checkTopics: readers.checkTopics,
      languages: site.templates.languages,
      words: wordsOf(site, reader),
      now: site.now(),
    });
    if ('problems' in checked) return show(c, site, reader, { typed, problems: checked.problems });
    const { wishes } = checked;
    if (!(await readers.savePreferences(token, wishes))) return deadLink(c, site);
    const saved = { ...reader, ...wishes };
    return show(c, site, saved, { typed: asTyped(saved), saved: true });
  });

  app.post('/preferences/:token/link', async (c) => {
    const wanted = (await readForm(c)).text('for');
    const purpose = wanted === 'erase' ? 'erase' : 'manage';
    const token = c.req.param('token');
    const reader = await readers.find('preferences', token);
    const asked = await readers.mailLink(token, purpose, clientOf(c, site.trustedProxies));
    if (typeof reader !== 'object' || asked === undefined) return deadLink(c, site);
    if (asked.kind === 'later') return laterPage(c, site, asked);
    return c.html(renderPage(site, 'link-sent', { address: '' }, wordsOf(site, reader)));
  });
  return app;
}

type Shown = {
  readonly typed: TypedPreferences;
  readonly problems?: Problems;
  readonly saved?: boolean;
  /** The reader has saved too often: what they typed is shown again and not saved. */
  readonly isTooOften?: boolean;
};

async function show(
  c: Context,
  site: Site,
  reader: Subscriber,
  { typed, problems, saved = false, isTooOften = false }: Shown,
): Promise<Response> {
  const active = reader.state === 'active';
  const words = wordsOf(site, reader);
  const view = {
    ...preferencesView(typed, reader, { words, now: site.now() }, problems),
    ...languageChoice(site, typed.language),
    action: c.req.param('token'),
    active,
    isTooOften,
    unsubscribe: active ? site.readers.tokenFor('unsubscribe', reader) : '',
    saved: saved ? inWords(words, reader, site.now()) : '',
    papers: saved && active ? await preview(site, reader, words) : [],
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

function inWords(words: Words, reader: Subscriber, now: number): string {
  const when = rhythmInWords(words, reader);
  if (reader.pausedUntil <= now) return words.say('pref.saved.when', { when });
  const day = longDate(words, dayOf(reader.pausedUntil, reader.timezone));
  return words.say('pref.saved.paused', { when, day });
}

/** What the next issue would bring, as it stands: the list goes on changing until it is frozen. */
async function preview(site: Site, reader: Subscriber, words: Words) {
  const { picks, matches } = await site.readers.nextPicks(reader);
  return picks.slice(0, SHOWN).map((pick, index) => {
    const reasons = [matches[index] ?? '', ...pick.reasons].filter(Boolean);
    return paperCard({ ...pick, reasons }, index + 1, words);
  });
}

function dayOf(at: number, timezone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone).toPlainDate().toString();
}
