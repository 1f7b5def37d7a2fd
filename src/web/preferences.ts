import { type Context, Hono } from 'hono';
import type { Core } from '../core.ts';
import { dayAt } from '../domain/day.ts';
import { rhythmInWords } from '../domain/in-words.ts';
import type { Words } from '../domain/language.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { librarySize } from '../papers/library/library-table.ts';
import { mailLink } from '../subscribers/address-change.ts';
import { changePreferences } from '../subscribers/lifecycle.ts';
import { tokenFor } from '../subscribers/links.ts';
import { countSave } from '../subscribers/save-limit.ts';
import { subscriberOf } from '../subscribers/tokens.ts';
import { longDate } from './calendar.ts';
import { clientOf } from './client.ts';
import { deadLink, laterPage } from './error-page.ts';
import type { Pages } from './page.ts';
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
import { offeredTopics } from './topic-chips.ts';
import type { WebTools } from './web-tools.ts';

/** Papers of the preview after saving. */
const SHOWN = 10;

/**
 * `/preferences/:token`: when the mail comes and what is in it. It shows no address and gives nothing else away,
 * since mails are forwarded: for the rest it mails a link.
 */
export function preferencesPages(core: Core, tools: WebTools): Hono {
  const app = new Hono({ strict: false });
  app.get('/preferences/:token', async (c) => {
    const subscriber = await subscriberOf(core, tools.secrets, 'preferences', c.req.param('token'));
    if (typeof subscriber !== 'object') return deadLink(c, tools.pages);
    return showPreferences(c, core, tools, subscriber, {
      typed: asTyped(subscriber, offeredTopics(core.config.SOURCES)),
    });
  });
  app.post('/preferences/:token', (c) => save(c, core, tools));
  app.post('/preferences/:token/link', (c) => sendLink(c, core, tools));
  return app;
}

export type Asked = Context<object, '/:token'>;

async function save(c: Asked, core: Core, tools: WebTools): Promise<Response> {
  const subscriber = await subscriberOf(core, tools.secrets, 'preferences', c.req.param('token'));
  if (typeof subscriber !== 'object') return deadLink(c, tools.pages);
  const typed = typedPreferences(await readForm(c), subscriber, offeredTopics(core.config.SOURCES));
  const wait = await countSave(core, subscriber.id);
  if (wait > 0) {
    c.header('Retry-After', String(Math.ceil(wait / 1000)));
    return showPreferences(c, core, tools, subscriber, { typed, isTooOften: true });
  }
  const { languages, wordsOf } = tools.pages;
  const checking = { languages, words: wordsOf(subscriber), now: core.clock() };
  const checked = checkPreferences(typed, subscriber, checking);
  if ('problems' in checked)
    return showPreferences(c, core, tools, subscriber, { typed, problems: checked.problems });
  const saved = await changePreferences(core, subscriber.id, checked.wishes);
  if (saved === undefined) return deadLink(c, tools.pages);
  tools.wake();
  return showPreferences(c, core, tools, saved, {
    typed: asTyped(saved, offeredTopics(core.config.SOURCES)),
    saved: true,
  });
}

/** Mails the subscriber a link to what needs more than this page's own. */
async function sendLink(c: Asked, core: Core, { pages, secrets, wake }: WebTools): Promise<Response> {
  const wanted = (await readForm(c)).text('for');
  const subscriber = await subscriberOf(core, secrets, 'preferences', c.req.param('token'));
  if (typeof subscriber !== 'object') return deadLink(c, pages);
  const client = clientOf(c, core.config.TRUST_PROXY);
  const asked = await mailLink(core, secrets, subscriber, wanted === 'erase' ? 'erase' : 'manage', client);
  wake();
  if (asked.kind === 'later') return laterPage(c, pages, asked);
  return c.html(pages.render('link-sent', { address: '' }, pages.wordsOf(subscriber)));
}

/** What has come of an upload: one sentence that says so, or what is wrong with it and the page's status. */
export type LibraryNews =
  | { readonly done: string }
  | { readonly problem: string; readonly status: 413 | 422 | 429 };

type Shown = {
  readonly typed: TypedPreferences;
  readonly problems?: Problems;
  readonly saved?: boolean;
  /** They have saved too often: what they typed is shown again and not saved. */
  readonly isTooOften?: boolean;
  readonly library?: LibraryNews;
};

/** The page as it stands for a subscriber, with what has just come of a form on it. */
export async function showPreferences(
  c: Asked,
  core: Core,
  tools: WebTools,
  subscriber: Subscriber,
  { typed, problems, saved = false, isTooOften = false, library }: Shown,
): Promise<Response> {
  const active = subscriber.state === 'active';
  const words = tools.pages.wordsOf(subscriber);
  const now = core.clock();
  const view = {
    ...preferencesView(
      typed,
      subscriber,
      { words, now, offered: offeredTopics(core.config.SOURCES) },
      problems,
    ),
    ...languageChoice(tools.pages, typed.language),
    action: c.req.param('token'),
    active,
    isTooOften,
    unsubscribe: active ? tokenFor(tools.secrets, 'unsubscribe', subscriber) : '',
    saved: saved ? inWords(words, subscriber, now) : '',
    library: await libraryView(core, subscriber, words, library),
    papers:
      (saved || (library && 'done' in library)) && active ? await preview(tools, subscriber, words) : [],
  };
  const status = library && 'status' in library ? library.status : problems ? 422 : 200;
  return c.html(tools.pages.render('preferences', view, words), isTooOften ? 429 : status);
}

async function libraryView(core: Core, { id }: Subscriber, { say }: Words, news?: LibraryNews) {
  const { papers, known } = await librarySize(core.store.readOnly, id);
  return {
    size: papers === 0 ? '' : say('library.size', { papers, known }),
    done: news && 'done' in news ? news.done : '',
    problem: news && 'problem' in news ? news.problem : '',
  };
}

/** The languages there are, each in its own words. */
function languageChoice({ languages, wordsOf }: Pages, typed: string) {
  return {
    ownLanguage: wordsOf().name,
    languages: languages.all.map(({ code, name }) => ({ code, name, selected: code === typed })),
  };
}

function inWords(words: Words, subscriber: Subscriber, now: number): string {
  const when = rhythmInWords(words, subscriber);
  if (subscriber.pausedUntil <= now) return words.say('pref.saved.when', { when });
  const day = longDate(words, dayAt(subscriber.pausedUntil, subscriber.timezone));
  return words.say('pref.saved.paused', { when, day });
}

/** What the next issue would bring, as it stands: the list goes on changing until it is frozen. */
async function preview({ nextPicks }: WebTools, subscriber: Subscriber, words: Words) {
  const { picks, matches } = await nextPicks(subscriber);
  return picks.slice(0, SHOWN).map((pick, index) => {
    const reasons = [...(matches[index] ?? []), ...pick.reasons];
    return paperCard({ ...pick, reasons }, index + 1, words);
  });
}
