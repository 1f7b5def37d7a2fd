import type { Core } from '../core.ts';
import { DAY, MINUTE, SECOND } from '../domain/time.ts';
import { coolDownHost, hostCooldownUntil } from '../sources/http/politeness-table.ts';
import { saveSourceRun } from '../sources/source-runs-table.ts';
import { embed } from './embeddings-client.ts';
import { findEmbeddings, forgetEmbeddings, saveEmbeddings, textKey } from './embeddings-table.ts';

/** Under which name its runs stand in the status. */
const NAME = 'embeddings';
/** Kept as they come: what a slow service has not given in time is asked for the next time. */
const CHUNK = 64;
/** An issue waits no longer for all that it lacks. */
const LIMIT = 60 * SECOND;
/** A service that failed is left alone for so long. */
const REST = 5 * MINUTE;
const MEMORY = 30 * DAY;

/**
 * The embeddings of texts by the configured service; each text is asked for once.
 * @returns nothing where no service is set, or where it fails: that is logged, and stands in the status
 */
export async function embeddingsOf(
  core: Core,
  texts: readonly string[],
): Promise<readonly Float32Array[] | undefined> {
  const { EMBEDDINGS_URL: url, EMBEDDINGS_MODEL: model } = core.config;
  if (url === undefined) return undefined;
  const byKey = new Map(texts.map((text) => [textKey(text), text]));
  const known = await findEmbeddings(core.store.db, model, [...byKey.keys()]);
  const missing = [...byKey].filter(([key]) => !known.has(key));
  if (missing.length > 0 && !(await learn(core, url, missing, known))) return undefined;
  if (!haveOneSize(known) && !(await learn(core, url, [...byKey], known))) return undefined;
  return texts.map((text) => known.get(textKey(text)) ?? new Float32Array());
}

/** The service may have another model under the old name. */
function haveOneSize(vectors: ReadonlyMap<string, Float32Array>): boolean {
  return new Set([...vectors.values()].map(({ length }) => length)).size <= 1;
}

async function learn(
  core: Core,
  url: string,
  wanted: readonly (readonly [key: string, text: string])[],
  known: Map<string, Float32Array>,
): Promise<boolean> {
  const { db } = core.store;
  const { EMBEDDINGS_MODEL: model, EMBEDDINGS_KEY: key } = core.config;
  const at = core.clock();
  if ((await hostCooldownUntil(db, NAME)) > at) return false;
  const stop = core.after(LIMIT);
  let reason = '';
  for (let start = 0; start < wanted.length && reason === ''; start += CHUNK) {
    const chunk = wanted.slice(start, start + CHUNK);
    const texts = chunk.map(([, text]) => text);
    const embedded = await embed(texts, { url, model, key, after: core.after }, stop);
    if (embedded.ok) {
      const fresh = new Map(chunk.map(([of], index) => [of, embedded.vectors[index] ?? new Float32Array()]));
      await saveEmbeddings(db, model, fresh, core.clock());
      for (const [of, vector] of fresh) known.set(of, vector);
    } else reason = embedded.reason;
  }
  await forgetEmbeddings(db, at - MEMORY);
  await tell(core, at, wanted.length, reason);
  return reason === '';
}

async function tell(core: Core, at: number, asked: number, reason: string): Promise<void> {
  const { db } = core.store;
  const failed = reason !== '';
  await saveSourceRun(db, {
    source: NAME,
    at,
    outcome: failed ? 'failed' : 'new',
    items: failed ? 0 : asked,
    reason: failed ? `likes are told by words: ${reason}` : '',
    bytes: 0,
    durationMs: core.clock() - at,
  });
  if (!failed) return;
  await coolDownHost(db, NAME, core.clock() + REST);
  core.log.warn({ reason }, 'embeddings failed; falling back to words');
}
