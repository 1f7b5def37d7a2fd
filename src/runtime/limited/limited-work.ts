import type { LimitedWork } from '../../app.ts';
import { feedsApart } from './feeds-apart.ts';
import { mailsApart } from './mails-apart.ts';
import { mjmlApart } from './mjml-apart.ts';
import { thumbnailsApart } from './thumbnails-apart.ts';

/** In processes with limits of time and memory, which end when they are idle: the event loop never waits for it. */
export function workApart(): LimitedWork {
  const feeds = feedsApart();
  const thumbnails = thumbnailsApart();
  const mjml = mjmlApart();
  const mails = mailsApart();
  return {
    parseUntil: feeds.parseUntil,
    featuresOf: feeds.featuresOf,
    readLibrary: feeds.readLibrary,
    makeThumbnail: thumbnails.makeThumbnail,
    mjml: mjml.compile,
    parseMails: mails.parseMails,
    close: () => {
      for (const pool of [feeds, thumbnails, mjml, mails]) pool.close();
    },
  };
}
