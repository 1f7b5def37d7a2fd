import { request } from 'undici';
import { z } from 'zod';
import { messageOf } from '../domain/failure.ts';
import type { After } from '../domain/time.ts';
import { readBody } from '../sources/http/body.ts';
import { publicUrl } from '../sources/http/credentials.ts';
import { within } from '../sources/http/deadline.ts';

/** Vectors in the order of the texts, or one sentence that says why there are none. */
export type Embedded =
  | { readonly ok: true; readonly vectors: readonly Float32Array[] }
  | { readonly ok: false; readonly reason: string };

export type EmbeddingsOptions = {
  /** `https://api.example.com/v1`, or the whole address that ends with `/embeddings`. */
  readonly url: string;
  readonly model: string;
  readonly key?: string | undefined;
  readonly after: After;
  /** For one request, to the last byte. */
  readonly timeoutMs?: number;
  /** Texts in one request. */
  readonly batch?: number;
};

const TIMEOUT_MS = 30_000;
const BATCH = 64;
const LARGEST_REPLY = 50_000_000;
/** Models take some 8,000 tokens; an abstract has 300. */
const LONGEST_TEXT = 8000;

const replySchema = z.object({
  data: z.array(z.object({ index: z.number().int().min(0), embedding: z.array(z.number()).min(1) })),
});

/**
 * Asks an endpoint with OpenAI's interface (`POST …/embeddings`) for the texts' embeddings, batch after batch.
 * The address is the operator's own setting and may be on this machine, so no address is refused; redirects are
 * not followed, since they would take the key elsewhere. The first failure ends it: half of the vectors are none.
 */
export async function embed(
  texts: readonly string[],
  options: EmbeddingsOptions,
  signal?: AbortSignal,
): Promise<Embedded> {
  const vectors: Float32Array[] = [];
  const { batch = BATCH, timeoutMs = TIMEOUT_MS } = options;
  const url = endpoint(options.url);
  try {
    for (let start = 0; start < texts.length; start += batch) {
      const some = texts.slice(start, start + batch);
      const got = await within({ after: options.after, limitMs: timeoutMs }, signal, (stop) =>
        ask(some, url, options, stop),
      );
      const size = vectors[0]?.length ?? got[0]?.length;
      if (got.some(({ length }) => length !== size)) throw new Error('embeddings of different lengths');
      vectors.push(...got);
    }
  } catch (error) {
    return { ok: false, reason: `POST ${publicUrl(url)}: ${messageOf(error)}` };
  }
  return { ok: true, vectors };
}

/** The address that is asked; a base address gets `/embeddings`. */
export function endpoint(url: string): string {
  const address = new URL(url);
  const path = address.pathname.replace(/\/+$/, '');
  if (!path.endsWith('/embeddings')) address.pathname = `${path}/embeddings`;
  return address.href;
}

async function ask(
  texts: readonly string[],
  url: string,
  { model, key }: EmbeddingsOptions,
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const { statusCode, headers, body } = await request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(key && { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({
      model,
      input: texts.map((text) => text.slice(0, LONGEST_TEXT) || '-'),
      encoding_format: 'float',
    }),
    signal,
  });
  const coding = [headers['content-encoding'] ?? ''].flat()[0] ?? '';
  const text = (await readBody(body, coding, LARGEST_REPLY)).toString('utf8');
  // What the service says is left out: it may repeat the key.
  if (statusCode !== 200) throw new Error(`status ${statusCode}`);
  return inOrder(text, texts.length);
}

/** A service may answer in another order: `index` says which text is meant. */
function inOrder(text: string, count: number): Float32Array[] {
  const parsed = replySchema.safeParse(asJson(text));
  if (!parsed.success) throw new Error('the answer holds no embeddings');
  const byIndex = new Map(parsed.data.data.map(({ index, embedding }) => [index, embedding]));
  return Array.from({ length: count }, (_, index) => {
    const embedding = byIndex.get(index);
    if (embedding === undefined) throw new Error(`no embedding of text ${index + 1} of ${count}`);
    return Float32Array.from(embedding);
  });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
