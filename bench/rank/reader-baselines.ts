// What task D is measured against: plain TF-IDF and BM25 over the readers' own papers.
import { generator } from './metrics.ts';
import type { Reader, SubscriberPaper, SubscriberRanker } from './readers.ts';

type Bag = ReadonlyMap<string, number>;
type Pool = (similarities: readonly number[]) => number;

const JOINING = new Set(
  'a an and are as at be by can for from has have in is it its of on or our that the their these this to was we were which with'.split(
    ' ',
  ),
);
const SATURATION = 1.2;
const LENGTH = 0.75;

const mean: Pool = (values) => values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
const nearest = (count: number): Pool => {
  return (values) => mean([...values].sort((one, other) => other - one).slice(0, count));
};

export function readerBaselines(readers: readonly Reader[]): SubscriberRanker[] {
  const bags = readers.flatMap(({ profile, ratings }) => [...profile, ...ratings].map(bagOf));
  const seen = new Map<string, number>();
  for (const bag of bags) for (const word of bag.keys()) seen.set(word, (seen.get(word) ?? 0) + 1);
  const idf = (word: string) => Math.log((1 + bags.length) / (1 + (seen.get(word) ?? 0))) + 1;
  const length = mean(bags.map(lengthOf));
  const raw = (paper: SubscriberPaper) => tfidf(bagOf(paper), idf, (count) => count);
  const sublinear = (paper: SubscriberPaper) => tfidf(bagOf(paper), idf, (count) => 1 + Math.log(count));
  return [
    bySimilarity('tfidf, mean', raw, mean),
    bySimilarity('tfidf, nearest', raw, nearest(1)),
    bySimilarity('tfidf, mean of 3 nearest', raw, nearest(3)),
    bySimilarity('tfidf sublinear, 3 nearest', sublinear, nearest(3)),
    byBm25('bm25, 3 nearest', nearest(3), idf, length),
    byBm25('bm25, mean', mean, idf, length),
    random(),
  ];
}

function bySimilarity(name: string, vector: (paper: SubscriberPaper) => Bag, pool: Pool): SubscriberRanker {
  return {
    name,
    isBaseline: true,
    scores({ profile, ratings }) {
      const wrote = profile.map(vector);
      return ratings.map((paper) => {
        const rated = vector(paper);
        return pool(wrote.map((one) => dot(one, rated)));
      });
    },
  };
}

function byBm25(name: string, pool: Pool, idf: (word: string) => number, length: number): SubscriberRanker {
  const score = (query: Bag, paper: Bag) => {
    const norm = SATURATION * (1 - LENGTH + (LENGTH * lengthOf(paper)) / length);
    return [...query.keys()].reduce((sum, word) => {
      const count = paper.get(word) ?? 0;
      return sum + (idf(word) * count * (SATURATION + 1)) / (count + norm);
    }, 0);
  };
  return {
    name,
    isBaseline: true,
    scores: ({ profile, ratings }) =>
      ratings.map((rated) => pool(profile.map((wrote) => score(bagOf(wrote), bagOf(rated))))),
  };
}

function random(): SubscriberRanker {
  return {
    name: 'random',
    isBaseline: true,
    scores({ reader, ratings }) {
      const next = generator(Number(reader) + 1);
      return ratings.map(() => next());
    },
  };
}

function bagOf({ title, abstract }: SubscriberPaper): Bag {
  const bag = new Map<string, number>();
  for (const word of `${title} ${abstract ?? ''}`.toLowerCase().match(/[a-z0-9]{2,}/g) ?? [])
    if (!JOINING.has(word)) bag.set(word, (bag.get(word) ?? 0) + 1);
  return bag;
}

function tfidf(bag: Bag, idf: (word: string) => number, weigh: (count: number) => number): Bag {
  const weighted = [...bag].map(([word, count]) => [word, weigh(count) * idf(word)] as const);
  const length = Math.hypot(...weighted.map(([, value]) => value)) || 1;
  return new Map(weighted.map(([word, value]) => [word, value / length]));
}

function lengthOf(bag: Bag): number {
  return [...bag.values()].reduce((sum, count) => sum + count, 0);
}

function dot(one: Bag, other: Bag): number {
  let sum = 0;
  for (const [word, value] of one) sum += value * (other.get(word) ?? 0);
  return sum;
}
