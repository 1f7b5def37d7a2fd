// How fast feeds are read, and how long others wait meanwhile: node bench/fetch.ts. Made-up papers, a server on this
// machine, no network.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceResult, SourceSpec } from '../src/domain/source.ts';
import { feedsApart } from '../src/runtime/limited/feeds-apart.ts';
import { type FetchOptions, fetchSources } from '../src/sources/fetch-sources.ts';
import { createHttp, type Http } from '../src/sources/http/http.ts';
import type { Politeness, Validators } from '../src/sources/http/politeness.ts';
import { parseArxiv } from '../src/sources/providers/arxiv.ts';
import { parseHuggingFace } from '../src/sources/providers/huggingface.ts';
import { parseRss } from '../src/sources/providers/rss.ts';
import { HOSTILE } from './hostile-feeds.ts';
import { arxivFeed, huggingFaceDay, madeUpPapers } from './made-up.ts';

const SOURCES = 30;
const BYTES = 1_000_000;
const DELAY_MS = 300;
const SEEN_AT = Date.parse('2026-01-06T05:00:00Z');

console.log(machine());
await measureSources();
await measureParsers();

async function measureSources(): Promise<void> {
  const server = fork(join(import.meta.dirname, 'feed-server.ts'), [SOURCES, BYTES, DELAY_MS].map(String));
  const [port] = await once(server, 'message');
  const base = `http://127.0.0.1:${port}`;
  const http = createHttp({
    userAgent: 'offprint bench',
    allowPrivate: true,
    after: (ms: number) => AbortSignal.timeout(ms),
  });
  const feeds = feedsApart();
  try {
    await sourceRows(http, base, feeds.parseUntil);
    await hostileRows(http, base, feeds.parseUntil);
  } finally {
    feeds.close();
    await http.close();
    server.disconnect();
  }
}

type ParseUntil = FetchOptions['parseUntil'];

async function sourceRows(http: Http, base: string, parseUntil: ParseUntil): Promise<void> {
  const specs = Array.from({ length: SOURCES }, (_, index): SourceSpec => {
    const argument = `${base}/feed/${index}`;
    return { name: `rss:${argument}`, kind: 'rss', argument };
  });
  const fetch = (some: readonly SourceSpec[], kept: ValidatorStore) =>
    timed(() => fetchSources(some, kept.options(http, parseUntil)));
  const read = (some: readonly SourceSpec[]) =>
    timed(() => Promise.all(some.map(({ argument }) => http.get(argument, { accept: '*/*' }))));

  const before = process.resourceUsage().maxRSS;
  const kept = validatorStore();
  const wait = monitorEventLoopDelay({ resolution: 2 });
  wait.enable();
  const first = await fetch(specs, kept);
  wait.disable();
  const peak = process.resourceUsage().maxRSS;
  kept.keep(first.value);
  const moved = await movedBytes(http, base);
  const second = await fetch(specs, kept);
  const movedAgain = (await movedBytes(http, base)) - moved;
  const reading = await read(specs);
  const alone = await slowest(specs, (spec) => fetch([spec], validatorStore()));
  const aloneReading = await slowest(specs, (spec) => read([spec]));
  const parsing = await timed(async () => {
    for (const reply of reading.value)
      await parseRss(reply.body.toString(), { source: 'rss', seenAt: SEEN_AT });
  });

  const entries = first.value.reduce((sum, result) => sum + result.entries.length, 0);
  const failed = [...first.value, ...second.value].filter((result) => result.failed);
  for (const { spec, problems } of failed) console.log(`FAILED ${spec.name}: ${problems[0]}`);
  print(`${SOURCES} rss sources of 1 MB, each answered after ${DELAY_MS} ms`, [
    ['read, not parsed: all at once', ms(reading.ms)],
    ['read, not parsed: the slowest alone', ms(aloneReading)],
    ['ratio (target: at most 1.5)', (reading.ms / aloneReading).toFixed(2)],
    [`read and parsed: all at once, ${entries} entries`, ms(first.ms)],
    ['read and parsed: the slowest alone', ms(alone)],
    ['ratio', (first.ms / alone).toFixed(2)],
    ['parsing alone, one after another', `${ms(parsing.ms)}, ${rate(totalBytes(first.value), parsing.ms)}`],
    ['the longest that anything else waited meanwhile', ms(wait.max / 1e6)],
    ['peak memory of the program (before)', `${mb(peak * 1024)} (${mb(before * 1024)})`],
    ['first fetch: bytes over the wire', mb(moved)],
    ['second fetch, nothing changed: bytes', `${mb(movedAgain)}, ${mb(totalBytes(second.value))} of bodies`],
    ['second fetch, nothing changed: time', `${ms(second.ms)}, ${unchanged(second.value)} unchanged`],
  ]);
}

/** A feed made to do harm for each kind, and an ordinary one after them. */
async function hostileRows(http: Http, base: string, parseUntil: ParseUntil): Promise<void> {
  const specs = [
    ...HOSTILE.map((kind) => `${base}/hostile/${encodeURIComponent(kind)}`),
    `${base}/feed/0`,
  ].map((argument): SourceSpec => ({ name: `rss:${argument}`, kind: 'rss', argument }));
  const wait = monitorEventLoopDelay({ resolution: 2 });
  wait.enable();
  const results = await timed(() => fetchSources(specs, validatorStore().options(http, parseUntil)));
  wait.disable();
  print(`${HOSTILE.length} feeds made to do harm, of up to 20 MB, and an ordinary one after them`, [
    ...results.value.map(({ entries, problems, durationMs }, index): [string, string] => [
      HOSTILE[index] ?? 'the ordinary one',
      `${entries.length} entries after ${ms(durationMs)}; ${problems[0] ?? 'no problem'}`,
    ]),
    ['all', ms(results.ms)],
    ['the longest that anything else waited meanwhile', ms(wait.max / 1e6)],
  ]);
}

async function measureParsers(): Promise<void> {
  const feed = arxivFeed(madeUpPapers(2000));
  const day = huggingFaceDay(madeUpPapers(100));
  const origin = { source: 'bench', seenAt: SEEN_AT };
  print('parsing, the median of 9 runs after the first', [
    await parserRow('arXiv feed of 2,000', feed, () => parseArxiv(feed, origin)),
    await parserRow('Hugging Face day of 100', day, () => parseHuggingFace(day, '2026-01-05', origin)),
  ]);
}

type Parsed = { readonly entries: readonly unknown[]; readonly problems: readonly string[] };

async function parserRow(name: string, text: string, parse: () => Parsed): Promise<[string, string]> {
  const first = await timed(async () => parse());
  const times: number[] = [];
  for (let run = 0; run < 9; run++) times.push((await timed(async () => parse())).ms);
  const median = times.sort((a, b) => a - b)[4] ?? 0;
  const { entries, problems } = first.value;
  if (problems.length > 0) console.log(`PROBLEM ${name}: ${problems[0]}`);
  const perSecond = Math.round(entries.length / (median / 1000)).toLocaleString('en');
  return [
    name,
    `${rate(Buffer.byteLength(text), median)}, ${perSecond} entries/s (${ms(median)}, first ${ms(first.ms)})`,
  ];
}

/** What the database remembers of the last fetch, in memory. */
function validatorStore() {
  const known = new Map<string, Validators>();
  const keyOf = (source: string, url: string) => `${source} ${url}`;
  const politeness: Politeness = {
    recall: async (source, url) => known.get(keyOf(source, url)),
    restsUntil: async () => 0,
    rest: async () => {},
    enter: async () => 0,
    leave: async () => {},
  };
  return {
    keep(results: readonly SourceResult[]) {
      for (const { spec, validators } of results)
        for (const validator of validators) known.set(keyOf(spec.name, validator.url), validator);
    },
    options: (http: Http, parseUntil: ParseUntil) => ({
      http,
      parseUntil,
      politeness,
      clock: Date.now,
      after: (ms: number) => AbortSignal.timeout(ms),
      days: [],
      signal: new AbortController().signal,
      wait: (time: number, signal: AbortSignal) => sleep(time, undefined, { signal }),
    }),
  };
}

type ValidatorStore = ReturnType<typeof validatorStore>;

async function slowest<T>(
  values: readonly T[],
  work: (value: T) => Promise<{ ms: number }>,
): Promise<number> {
  let longest = 0;
  for (const value of values) longest = Math.max(longest, (await work(value)).ms);
  return longest;
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const start = performance.now();
  const value = await work();
  return { value, ms: performance.now() - start };
}

async function movedBytes(http: Http, base: string): Promise<number> {
  return Number((await http.get(`${base}/moved`, { accept: '*/*' })).body.toString());
}

function totalBytes(results: readonly SourceResult[]): number {
  return results.reduce((sum, { bytes }) => sum + bytes, 0);
}

function unchanged(results: readonly SourceResult[]): string {
  return `${results.filter((result) => result.unchanged).length} of ${results.length}`;
}

function machine(): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  return `${availableParallelism()} cores (${model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
}

function print(title: string, rows: readonly (readonly [string, string])[]): void {
  const width = Math.max(...rows.map(([name]) => name.length));
  console.log(`\n${title}`);
  for (const [name, value] of rows) console.log(`  ${name.padEnd(width)}  ${value}`);
}

function ms(time: number): string {
  return `${time < 10 ? time.toFixed(1) : Math.round(time)} ms`;
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e5 ? 3 : 1)} MB`;
}

function rate(bytes: number, time: number): string {
  return `${(bytes / 1e6 / (time / 1000)).toFixed(1)} MB/s`;
}
