import type { Core } from '../core.ts';
import type { Secrets } from '../db/secrets.ts';
import type { Languages, Words } from '../domain/language.ts';
import type { WrittenPage } from './publisher-files.ts';
import { freshStamp, sharedStamp } from './stamps.ts';
import { offeredCategories, topicChips } from './topic-chips.ts';
import type { Asset, PageName, WebTemplates } from './web-templates.ts';

/** Turns views into pages. Handlebars escapes everything from outside; no template may use a triple stash. */
export type Pages = {
  /** @param words a subscriber's own; without them the page is in the newsletter's language */
  readonly render: (name: PageName, view?: object, words?: Words) => string;
  /** For a page that is the same for every visitor, byte for byte, so that caches may keep it. */
  readonly renderShared: (name: PageName, view: object) => string;
  /** The language of a subscriber, or of a visitor whom we do not know. */
  readonly wordsOf: (subscriber?: { readonly language: string }) => Words;
  readonly languages: Languages;
  readonly assets: ReadonlyMap<string, Asset>;
};

/** What the form shows: the address as typed, what was wrong with it, and interests that go with it. */
type SignUpForm = { readonly email: string; readonly problem: string; readonly topics: string };

export function createPages(
  core: Core,
  templates: WebTemplates,
  secrets: Secrets,
  written: readonly WrittenPage[],
): Pages {
  const { languages, assets, page } = templates;
  const shell = shellOf(core, assets, written);
  const wordsOf: Pages['wordsOf'] = ({ language } = { language: '' }) =>
    languages.of(language || core.config.LANGUAGE);
  const inShell = (name: PageName, stamp: string, view: object, words: Words) =>
    page(name, { ...shell, stamp, lang: words.code, dir: words.dir, ...view });
  return {
    languages,
    assets,
    wordsOf,
    render: (name, view = {}, words = wordsOf()) => inShell(name, freshStamp(core, secrets), view, words),
    renderShared: (name, view) => inShell(name, sharedStamp(core, secrets), view, wordsOf()),
  };
}

/** What every template finds beside its own values. */
function shellOf({ config }: Core, assets: Pages['assets'], written: readonly WrittenPage[]) {
  const { NEWSLETTER_NAME, SITE_URL } = config;
  const base = basePath(SITE_URL);
  const asset = (name: string) => `${base}/assets/${name}?v=${assets.get(name)?.version}`;
  const logo = [...assets.keys()].find((name) => /^logo\.\w+$/.test(name)) ?? '';
  const signUp: SignUpForm = { email: '', problem: '', topics: '' };
  return {
    newsletterName: NEWSLETTER_NAME,
    siteUrl: SITE_URL,
    base,
    style: asset('style.css'),
    mark: asset('mark.svg'),
    zoneScript: asset('zone.js'),
    proofScript: asset('proof.js'),
    proofWorker: asset('proof-worker.js'),
    private: false,
    section: '',
    tagline: config.NEWSLETTER_TAGLINE ?? '',
    logo: logo && asset(logo),
    image: logo && !logo.endsWith('.svg') ? `${SITE_URL}/assets/${logo}` : '',
    written: written.map(({ name, title }) => ({ path: `${base}/${name}`, title })),
    card: undefined,
    pitch: '',
    signUp,
    chips: topicChips(offeredCategories(config.SOURCES), []),
    weekly: false,
    choosing: false,
    picks: config.PICKS,
  };
}

/** The path that the site's own begin with, without a slash at its end: empty or such as `/papers`. */
export function basePath(siteUrl: string): string {
  return new URL(siteUrl).pathname.replace(/\/$/, '');
}
