import { memoize } from '../domain/memo.ts';
import type { RankedPaper } from '../domain/paper.ts';
import type { Topic } from './interest.ts';
import { isCategory } from './interest.ts';
import { isSamePerson, type PersonName, personName } from './names.ts';
import type { Similarity } from './similarity.ts';
import { stemsOf } from './terms.ts';

/** How much each place has to do with a topic, 0 to 1; empty when none has. */
export type Matches = Float32Array;

/** An issue's candidates, prepared once for all its subscribers. `V` is what likeness is measured on. */
export type CandidateIndex<V> = {
  /** As frozen: a place is an index into it. */
  readonly papers: readonly RankedPaper[];
  /** ln(score) of each place. */
  readonly trend: Float32Array;
  /** Places of the common issue's picks, in order. */
  readonly common: readonly number[];
  readonly similarity: Similarity<V>;
  /** How alike each place is to a liked paper: subscribers like the same ones, so the last thousands are kept. */
  alikeToLiked(arxivId: string, vector: V): Float32Array;
  /** Places that are near a place, itself included, with how alike they are; kept, at most one list per place. */
  near(place: number): ReadonlyMap<number, number>;
  /** Of a category, phrase or author. */
  matches(topic: Topic): Matches;
  /** Where the paper of the arXiv id itself is; undefined when it is no candidate. */
  placeOf(arxivId: string): number | undefined;
};

/** Papers that are less alike than this share of `same` do not repeat each other. */
const RELATED = 0.8;
const NONE: Matches = new Float32Array();
const IN_TITLE = 0.7;
const IN_ABSTRACT = 0.45;
const BY_AUTHOR = 0.9;
const IN_CATEGORY = 0.25;
/** 16 MB each of what topics match and of how alike papers are to liked ones: subscribers share them. */
const KEPT_NUMBERS = 4_000_000;

/**
 * @param papers the frozen candidates, in any fixed order, papers that earlier issues had included:
 *   a subscriber may not have had them
 * @param common ids of the common issue's picks, in order
 * @param vectors of the candidates, by place; undefined where there is none
 */
export function indexCandidates<V>(
  papers: readonly RankedPaper[],
  common: readonly string[],
  vectors: readonly (V | undefined)[],
  similarity: Similarity<V>,
): CandidateIndex<V> {
  const trend = Float32Array.from(papers, ({ score }) => Math.log(Math.max(score, Number.MIN_VALUE)));
  const places = new Map(papers.map(({ paper }, place) => [paper.id, place]));
  const byAlias = new Map(
    papers.flatMap(({ paper }, place) => paper.aliases.map((alias): [string, number] => [alias, place])),
  );
  const alikeTo = similarity.index(vectors);
  const look = lookups(papers);
  const most = Math.ceil(KEPT_NUMBERS / (papers.length || 1));
  const liked = new Map<string, Float32Array>();
  const remembered = new Map<string, Matches>();
  const neighbours = new Map<number, ReadonlyMap<number, number>>();
  return {
    papers,
    trend,
    common: common.flatMap((id) => places.get(id) ?? []),
    similarity,
    alikeToLiked: (id, vector) => memoize(liked, id, () => alikeTo(vector), most),
    near: (place) =>
      memoize(neighbours, place, () => nearTo(vectors[place], alikeTo, similarity.same * RELATED)),
    matches: (topic) => memoize(remembered, `${topic.kind}:${topic.key}`, () => look(topic), most),
    placeOf: (arxivId) => byAlias.get(`arxiv:${arxivId}`),
  };
}

function nearTo<V>(
  vector: V | undefined,
  alikeTo: (vector: V) => Float32Array,
  least: number,
): ReadonlyMap<number, number> {
  if (vector === undefined) return new Map();
  return new Map([...alikeTo(vector).entries()].filter(([, alike]) => alike > least));
}

/**
 * An index of its own rather than MiniSearch: a phrase is words side by side, which that has not, and a
 * look-up costs some microseconds, for a subscriber has about 100 in all.
 */
function lookups(papers: readonly RankedPaper[]): (topic: Topic) => Matches {
  const texts = papers.map(({ paper }) => ({
    title: lined(paper.title),
    rest: [paper.abstract, ...paper.categories.filter((name) => !isCategory(name))].map(lined).join('|'),
  }));
  const inTitle = placesBy(texts, ({ title }) => title.split(' '));
  const inRest = placesBy(texts, ({ rest }) => rest.split(/[ |]+/));
  const categories = placesBy(papers, ({ paper }) =>
    paper.categories.map((name) => name.toLowerCase()).flatMap((name) => [name, name.split('.')[0] ?? name]),
  );
  const names = papers.map(({ paper }) => paper.authors.flatMap((author) => personName(author) ?? []));
  const families = placesBy(names, (of) => of.map(({ family }) => family));
  const relevant = (places: readonly number[], value: number, known: Matches = NONE): Matches => {
    if (places.length === 0) return known;
    const relevance = known.length > 0 ? known : new Float32Array(papers.length);
    for (const place of places) relevance[place] = value;
    return relevance;
  };
  const phrase = (key: string): Matches => {
    const stems = key.split(' ');
    const found = (of: ReadonlyMap<string, number[]>, has: (place: number) => boolean) => {
      const lists = stems.map((stem) => of.get(stem) ?? []);
      const rarest = lists.reduce((fewest, some) => (some.length < fewest.length ? some : fewest));
      return stems.length === 1 ? rarest : rarest.filter(has);
    };
    const relevance = relevant(
      found(inRest, (place) => texts[place]?.rest.includes(` ${key} `) ?? false),
      IN_ABSTRACT,
    );
    return relevant(
      found(inTitle, (place) => texts[place]?.title.includes(` ${key} `) ?? false),
      IN_TITLE,
      relevance,
    );
  };
  return ({ kind, key }) => {
    if (kind === 'category') return relevant(categories.get(key) ?? [], IN_CATEGORY);
    if (kind === 'author') {
      const [family = '', given = ''] = key.split(', ');
      const isThem = (of: readonly PersonName[]) => of.some((one) => isSamePerson(one, { family, given }));
      const found = (families.get(family) ?? []).filter((place) => isThem(names[place] ?? []));
      return relevant(found, BY_AUTHOR);
    }
    return kind === 'like' || kind === 'library' ? NONE : phrase(key);
  };
}

/** The stems with a blank around each, so that whole words are found. */
function lined(text: string): string {
  return ` ${stemsOf(text).join(' ')} `;
}

function placesBy<One>(
  list: readonly One[],
  keysOf: (one: One) => readonly string[],
): ReadonlyMap<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [place, one] of list.entries()) {
    for (const key of new Set(keysOf(one))) {
      const known = places.get(key);
      if (known === undefined) places.set(key, [place]);
      else known.push(place);
    }
  }
  return places;
}
