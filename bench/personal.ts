// What personal picks cost for each further subscriber: npm run bench:personal [-- --candidates 500] [--library 200]
// Seconds are those of the processor, so that other programs do not count. Each row runs in a process of its own, so that its peak of memory is its own.
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import type { RankedPaper } from '../src/domain/paper.ts';
import { indexCandidates } from '../src/ranking/candidate-index.ts';
import { parseInterest, withLibrary } from '../src/ranking/interest.ts';
import { personalPicker } from '../src/ranking/pick-for-subscriber.ts';
import { BY_WORDS } from '../src/ranking/similarity.ts';
import { type Vector, vectorOf } from '../src/ranking/vector.ts';
import { generator } from './rank/metrics.ts';

const LIKED = 5000;
const VOCABULARY = 6000;
const SUBJECTS = ['cs.CL', 'cs.LG', 'cs.CV', 'cs.AI', 'stat.ML', 'cs.RO', 'q-bio.NC', 'math.OC'];

const { values } = parseArgs({
  options: {
    candidates: { type: 'string', default: '500' },
    /** Papers in each reader's own library. */
    library: { type: 'string', default: '0' },
    subscribers: { type: 'string' },
    profiles: { type: 'string' },
  },
});
if (values.subscribers === undefined) table();
else console.log(JSON.stringify(measure(Number(values.subscribers), Number(values.profiles))));

function table(): void {
  console.log(
    `${values.candidates} candidates; topics of a reader: 2 phrases, a category, 2 liked papers; ${values.library} in a library`,
  );
  console.log('  readers   profiles   prepare ms   CPU s   µs a reader   peak MB');
  for (const [subscribers, profiles] of [
    [1000, 1000],
    [10_000, 10_000],
    [100_000, 100_000],
    [1_000_000, 20_000],
  ]) {
    const args = ['--subscribers', String(subscribers), '--profiles', String(profiles)];
    const own = [
      import.meta.filename,
      '--candidates',
      values.candidates,
      '--library',
      values.library,
      ...args,
    ];
    const { prepareMs, ms, peakMb } = JSON.parse(execFileSync(process.execPath, own, { encoding: 'utf8' }));
    const cells = [
      subscribers,
      profiles,
      prepareMs,
      (ms / 1000).toFixed(1),
      ((ms * 1000) / (subscribers ?? 1)).toFixed(0),
      peakMb,
    ];
    console.log(
      cells.map((cell, index) => String(cell).padStart([9, 11, 13, 10, 14, 10][index] ?? 9)).join(''),
    );
  }
}

/** Subscribers come one by one and are forgotten; each profile is as often met as it is popular (1 / rank). */
function measure(subscribers: number, profiles: number) {
  const random = generator(7);
  const papers = Array.from({ length: Number(values.candidates) }, (_, place) => madeUp(place, random));
  const likes = new Map<string, Vector>();
  for (let index = 0; index < LIKED; index++) {
    const vector = vectorOf(words(9, random), words(160, random));
    for (const key of [likedId(index), `arxiv:${likedId(index)}`]) likes.set(key, vector);
  }
  const start = performance.now();
  const vectors = papers.map(({ paper }) => vectorOf(paper.title, paper.abstract));
  const vectorised = performance.now();
  const pool = indexCandidates(
    papers,
    papers.slice(0, 10).map(({ paper }) => paper.id),
    vectors,
    BY_WORDS,
  );
  const picker = personalPicker(pool, likes);
  const prepared = performance.now();
  const cpu = process.cpuUsage();
  let picks = 0;
  for (let subscriber = 0; subscriber < subscribers; subscriber++) {
    const profile = subscribers === profiles ? subscriber : Math.floor(profiles ** random()) - 1;
    const had = new Set([`arxiv:2601.${String(10_000 + (subscriber % papers.length))}`]);
    picks += picker(interestOf(profile), had, { count: 10, floor: 3 }).length;
  }
  const ms = process.cpuUsage(cpu).user / 1000;
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  if (picks < subscribers * 9) throw new Error(`${picks} picks for ${subscribers} readers`);
  return { vectoriseMs: vectorised - start, prepareMs: Math.round(prepared - vectorised), ms, peakMb };
}

function interestOf(profile: number) {
  const random = generator(profile + 1);
  const pair = () => `term${Math.floor(VOCABULARY * random()).toString(36)} ${word(random)}`;
  const like = () => `like:${likedId(Math.floor(random() * LIKED))}`;
  const subject = SUBJECTS[Math.floor(random() * SUBJECTS.length)] ?? 'cs.CL';
  const topics = [
    word(random),
    pair(),
    subject,
    like(),
    like(),
    `-term${Math.floor(VOCABULARY * random()).toString(36)}`,
  ];
  const library = Array.from(
    { length: Number(values.library) },
    () => `arxiv:${likedId(Math.floor(random() * LIKED))}`,
  );
  return withLibrary(parseInterest(topics).interest, library);
}

function likedId(index: number): string {
  return `2510.${String(10_000 + index)}`;
}

function madeUp(place: number, random: () => number): RankedPaper {
  const id = `arxiv:2601.${String(10_000 + place)}`;
  const paper = {
    id,
    aliases: [id],
    ids: { arxiv: id.slice('arxiv:'.length) },
    title: words(9, random),
    abstract: words(160, random),
    authors: [`${word(random)} ${word(random)}`, `${word(random)} ${word(random)}`],
    links: {},
    categories: [SUBJECTS[Math.floor(random() * SUBJECTS.length)] ?? 'cs.CL'],
    sources: ['made-up'],
    day: '2026-01-05',
    since: 0,
    firstSeenAt: 0,
    signals: {},
  };
  return { paper, score: 200 / (place + 1), reasons: [] };
}

function words(count: number, random: () => number): string {
  return Array.from({ length: count }, () => word(random)).join(' ');
}

/** Common words often, rare ones seldom. */
function word(random: () => number): string {
  return `term${Math.floor(VOCABULARY ** random()).toString(36)}`;
}
