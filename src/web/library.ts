import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Core } from '../core.ts';
import { messageOf } from '../domain/failure.ts';
import type { Words } from '../domain/language.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { librarySize } from '../papers/library/library-table.ts';
import { type LibraryReading, MOST_ENTRIES } from '../papers/library/read-library.ts';
import { changeLibrary } from '../subscribers/library.ts';
import { countSave } from '../subscribers/save-limit.ts';
import { subscriberOf } from '../subscribers/tokens.ts';
import { deadLink } from './error-page.ts';
import { type Asked, type LibraryNews, showPreferences } from './preferences.ts';
import { asTyped } from './preferences-form.ts';
import { offeredTopics } from './topic-chips.ts';
import type { WebTools } from './web-tools.ts';

/** Of a file or a pasted text, in bytes. */
const LARGEST = 1_000_000;
/** With the rest of the form. */
const LARGEST_BODY = LARGEST + 64 * 1024;

/** Whether a request may have a body larger than a form: it is read only after its link has been proved. */
export function isLibraryUpload(path: string): boolean {
  return /^\/preferences\/[^/]+\/library\/?$/.test(path);
}

/**
 * `/preferences/:token/library`: takes a file of a reference manager or a pasted list, and answers with the preferences
 * page. It replaces the library that was there.
 */
export function libraryPages(core: Core, tools: WebTools): Hono {
  const app = new Hono({ strict: false });
  app.post('/preferences/:token/library', async (c) => {
    const subscriber = await subscriberOf(core, tools.secrets, 'preferences', c.req.param('token'));
    if (typeof subscriber !== 'object') return deadLink(c, tools.pages);
    const refuse = (problem: string, status: 413 | 422 | 429 = 422) =>
      show(c, core, tools, subscriber, { problem, status });
    const { say } = tools.pages.wordsOf(subscriber);
    if ((await countSave(core, subscriber.id)) > 0) return refuse(say('library.problem.often'), 429);
    const upload = await readUpload(c);
    if (upload === 'large') return refuse(say('library.problem.large'), 413);
    const read = await readEntries(core, tools, upload, say);
    if ('problem' in read) return refuse(read.problem);
    const saved = await changeLibrary(core, subscriber.id, read.reading);
    if (saved === undefined) return deadLink(c, tools.pages);
    tools.wake();
    return show(c, core, tools, saved, { done: await countedInWords(core, saved.id, read.reading, say) });
  });
  app.post('/preferences/:token/library/remove', async (c) => {
    const subscriber = await subscriberOf(core, tools.secrets, 'preferences', c.req.param('token'));
    if (typeof subscriber !== 'object') return deadLink(c, tools.pages);
    const saved = await changeLibrary(core, subscriber.id, undefined);
    if (saved === undefined) return deadLink(c, tools.pages);
    tools.wake();
    return show(c, core, tools, saved, { done: tools.pages.wordsOf(saved).say('library.removed') });
  });
  return app;
}

function show(c: Asked, core: Core, tools: WebTools, subscriber: Subscriber, library: LibraryNews) {
  const typed = asTyped(subscriber, offeredTopics(core.config.SOURCES));
  return showPreferences(c, core, tools, subscriber, { typed, library });
}

/** The file or, where there is none, the pasted text; empty where both are. */
async function readUpload(c: Context): Promise<Uint8Array | 'large'> {
  let isTooLarge = false;
  const limit = bodyLimit({
    maxSize: LARGEST_BODY,
    onError: (context) => {
      isTooLarge = true;
      return context.body(null, 413);
    },
  });
  let bytes = new Uint8Array();
  await limit(c, async () => {
    bytes = await bytesOfForm(c);
  });
  return isTooLarge || bytes.length > LARGEST ? 'large' : bytes;
}

async function bytesOfForm(c: Context): Promise<Uint8Array<ArrayBuffer>> {
  const form = await c.req.formData().catch(() => new FormData());
  const [file, pasted] = [form.get('file'), form.get('pasted')];
  if (file instanceof File && file.size > 0) return new Uint8Array(await file.arrayBuffer());
  return new TextEncoder().encode(typeof pasted === 'string' ? pasted : '');
}

async function readEntries(
  core: Core,
  { readLibrary }: WebTools,
  upload: Uint8Array,
  say: Words['say'],
): Promise<{ readonly reading: LibraryReading } | { readonly problem: string }> {
  if (upload.length === 0) return { problem: say('library.problem.empty') };
  try {
    const reading = await readLibrary(upload);
    const count = reading.entries.length;
    if (count > MOST_ENTRIES) return { problem: say('library.problem.many', { count, most: MOST_ENTRIES }) };
    const hasIds = reading.entries.some((keys) => keys.length > 0);
    return hasIds ? { reading } : { problem: say('library.problem.none') };
  } catch (error) {
    core.log.warn(`a subscriber's library could not be read: ${messageOf(error)}`);
    return { problem: say('library.problem.unreadable') };
  }
}

async function countedInWords(core: Core, id: number, { entries }: LibraryReading, say: Words['say']) {
  const { papers, known } = await librarySize(core.store.db, id);
  const without = entries.filter((keys) => keys.length === 0).length;
  return say('library.counted', { count: entries.length, known, waiting: papers - known, without });
}
