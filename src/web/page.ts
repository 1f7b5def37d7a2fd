import type { Words } from '../domain/language.ts';
import type { Site } from './site.ts';
import type { PageName } from './web-templates.ts';

/**
 * Renders a page inside its frame: every template finds the values of `shell` beside its own.
 * Everything from outside is escaped by Handlebars; no template may use a triple stash.
 * @param words a subscriber's own; without them the page is in the newsletter's language
 */
export function renderPage(
  site: Site,
  name: PageName,
  view: object = {},
  words: Words = wordsOf(site),
): string {
  return site.templates.page(name, { ...shell(site), lang: words.code, dir: words.dir, ...view });
}

/** The language of a subscriber, or of whoever just looks. */
export function wordsOf(site: Site, subscriber: { readonly language: string } = { language: '' }): Words {
  return site.templates.languages.of(subscriber.language || site.language);
}

/** What the form shows: the address as typed, what was wrong with it, and interests that go with it. */
export type SignUpForm = { readonly email: string; readonly problem: string; readonly topics: string };

function shell(site: Site) {
  const base = new URL(site.siteUrl).pathname.replace(/\/$/, '');
  const asset = (name: string) => `${base}/assets/${name}?v=${site.templates.assets.get(name)?.version}`;
  const signUp: SignUpForm = { email: '', problem: '', topics: '' };
  return {
    newsletterName: site.newsletterName,
    siteUrl: site.siteUrl,
    base,
    style: asset('style.css'),
    mark: asset('mark.svg'),
    zoneScript: asset('zone.js'),
    proofScript: asset('proof.js'),
    proofWorker: asset('proof-worker.js'),
    stamp: site.signUps.stamp(),
    private: false,
    card: undefined,
    pitch: '',
    signUp,
  };
}
