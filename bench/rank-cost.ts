// What ranking costs in processor time: node bench/rank-cost.ts. Made-up papers, one thread, no network.
import { cpus } from 'node:os';
import type { Paper } from '../src/domain/paper.ts';
import { HOUR } from '../src/domain/time.ts';
import { spread } from '../src/ranking/diversify.ts';
import { likeness } from '../src/ranking/likeness.ts';
import { paperFeatures } from '../src/ranking/prior.ts';
import { rank } from '../src/ranking/rank.ts';
import { generator } from './rank/metrics.ts';

const PAPERS = Number(process.argv[2] ?? 10_000);
const WORDS_PER_ABSTRACT = 180;
const ROUNDS = 9;
const AS_OF = Date.parse('2026-08-19T05:00:00Z');
const SOURCES = ['huggingface', 'arxiv:cs.CL+cs.LG', 'biorxiv:neuroscience'];

const random = generator(7);
const words = Array.from({ length: 20_000 }, (_, index) => `w${(index * 2_654_435_761).toString(36)}`);
const bare = Array.from({ length: PAPERS }, (_, index) => madeUpPaper(index));
console.log(`${cpus()[0]?.model}, Node ${process.versions.node}, ${PAPERS} papers`);
const { value: papers, ms: vectorising } = timed(() =>
  bare.map((paper) => ({ ...paper, features: paperFeatures(paper) })),
);
console.log(
  `features from text, once per paper: ${vectorising.toFixed(0)} ms, ${((1000 * vectorising) / PAPERS).toFixed(0)} µs a paper`,
);
const runs = Array.from({ length: ROUNDS }, () => timed(() => rank(papers, AS_OF, new Set())));
const sorted = runs.map(({ ms }) => ms).sort((one, other) => one - other);
console.log(
  `ranked from stored features: median ${sorted[ROUNDS >> 1]?.toFixed(0)} ms, first ${runs[0]?.ms.toFixed(0)} ms, slowest ${sorted.at(-1)?.toFixed(0)} ms`,
);
const ranked = runs[0]?.value ?? [];
const spreading = timed(() => spread(ranked, { picks: 10, maxShare: 0.5, similarity: likeness() }));
console.log(`ten picks spread: ${spreading.ms.toFixed(1)} ms`);

function madeUpPaper(index: number): Paper {
  const text = (count: number) =>
    Array.from({ length: count }, () => words[Math.floor(random() ** 3 * words.length)]).join(' ');
  const voted = index % 3 === 0;
  const since = AS_OF - random() * 160 * HOUR;
  return {
    id: `arxiv:${index}`,
    aliases: [`arxiv:${index}`],
    ids: {},
    title: text(9),
    abstract: text(WORDS_PER_ABSTRACT),
    authors: Array.from({ length: 1 + Math.floor(random() * 12) }, (_, author) => `Author ${author}`),
    links: {},
    categories: [`cs.${index % 8}`],
    sources: [SOURCES[index % 3] ?? ''],
    day: '2026-08-18',
    since,
    firstSeenAt: since,
    publishedAt: since - 20 * HOUR,
    signals: voted ? { upvotes: Math.floor(random() ** 4 * 200), comments: 1 } : {},
  };
}

function timed<Value>(work: () => Value): { value: Value; ms: number } {
  const before = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(before);
  return { value, ms: (user + system) / 1000 };
}
