import { memoize } from '../domain/memo.ts';
import type { Reason } from '../domain/reason.ts';
import type { CandidateIndex } from './candidate-index.ts';
import { type Interest, interestKey, type Topic } from './interest.ts';
import { type InterestScores, interestScores } from './interest-scores.ts';

/** One paper of a subscriber's issue. */
export type PersonalPick = {
  /** Its place in the frozen candidates. */
  readonly place: number;
  /** Which of the interest's wanted topics it matches, the most telling first; none for what everybody sees. */
  readonly topics: readonly number[];
};

export type PickOptions = {
  /** How many papers the issue has at most. */
  readonly count: number;
  /** How many of the common issue's first papers everybody sees. */
  readonly floor: number;
};

/** A paper loses this much of its ln(score) when it has the same words as one that is picked already. */
const COST_OF_SAMENESS = 1.5;
/** So many papers compete for each place. */
const REACH = 8;
const MOST_TOPICS_TOLD = 3;
/** Some 10 MB of interests, with 500 candidates two thousand of them. */
const KEPT_NUMBERS = 1_000_000;

/**
 * Gives each subscriber's picks: the first of the common issue, then the best by trend and interest. Interests that
 * several subscribers have are matched once, as long as they are among the last ones. The same input always
 * gives the same picks; a muted paper and one that the subscriber had are never among them.
 * @param likes vectors of liked papers by the keys of their topics
 */
export function personalPicker<V>(
  candidates: CandidateIndex<V>,
  likes: ReadonlyMap<string, V>,
): (interest: Interest, alreadySent: ReadonlySet<string>, options: PickOptions) => PersonalPick[] {
  const known = new Map<string, InterestScores>();
  const most = Math.ceil(KEPT_NUMBERS / (candidates.papers.length || 1));
  return (interest, alreadySent, options) => {
    const appeal = memoize(
      known,
      interestKey(interest),
      () => interestScores(candidates, interest, likes),
      most,
    );
    return pickFor(candidates, appeal, alreadySent, options);
  };
}

/** @param had every id of the papers that the subscriber's earlier issues had */
function pickFor<V>(
  candidates: CandidateIndex<V>,
  appeal: InterestScores,
  alreadySent: ReadonlySet<string>,
  { count, floor }: PickOptions,
): PersonalPick[] {
  const hadIt = (place: number) =>
    alreadySent.size > 0 &&
    (candidates.papers[place]?.paper.aliases.some((id) => alreadySent.has(id)) ?? false);
  const isOpen = (place: number) => !appeal.muted.has(place) && !hadIt(place);
  const picks = candidates.common.slice(0, Math.min(floor, count)).filter(isOpen);
  const open: Rival[] = [];
  let next = 0;
  while (picks.length < count) {
    for (; open.length < REACH && next < appeal.order.length; next += 1) {
      const place = appeal.order[next] as number;
      if (isOpen(place) && !picks.includes(place)) open.push(rivalOf(candidates, place, picks));
    }
    const best = bestOf(candidates, appeal, open);
    if (best === undefined) break;
    picks.push(best.place);
    open.splice(open.indexOf(best), 1);
    for (const rival of open) rival.likeness = Math.max(rival.likeness, rival.near.get(best.place) ?? 0);
  }
  return picks.map((place) => ({ place, topics: appeal.topicsOf(place).slice(0, MOST_TOPICS_TOLD) }));
}

/** `likeness`: to that of the picks which it is most like. */
type Rival = { readonly place: number; readonly near: ReadonlyMap<number, number>; likeness: number };

function rivalOf<V>(candidates: CandidateIndex<V>, place: number, picks: readonly number[]): Rival {
  const near = candidates.near(place);
  return { place, near, likeness: picks.reduce((most, picked) => Math.max(most, near.get(picked) ?? 0), 0) };
}

function bestOf<V>(
  candidates: CandidateIndex<V>,
  { scores }: InterestScores,
  open: readonly Rival[],
): Rival | undefined {
  let best: { rival: Rival; value: number } | undefined;
  for (const rival of open) {
    const value =
      (scores[rival.place] as number) - (COST_OF_SAMENESS * rival.likeness) / candidates.similarity.same;
    if (best === undefined || value > best.value) best = { rival, value };
  }
  return best?.rival;
}

const PICKS = /^[0-9a-z]+(?:[. ][0-9a-z]+)*$/;

/** Text to keep on a delivery row: places in base 36, with the topics behind a point, `a.0.2 1f`. */
export function encodePicks(picks: readonly PersonalPick[]): string {
  return picks
    .map(({ place, topics }) => [place, ...topics].map((number) => number.toString(36)).join('.'))
    .join(' ');
}

/** Reads what `encodePicks` has made; `undefined` for anything else. */
export function decodePicks(text: string): PersonalPick[] | undefined {
  if (text === '') return [];
  if (!PICKS.test(text)) return undefined;
  return text.split(' ').map((pick) => {
    const [place = 0, ...topics] = pick.split('.').map((number) => Number.parseInt(number, 36));
    return { place, topics };
  });
}

/**
 * Why a subscriber sees a pick, in the words of their own topics.
 * @param titleOf the title of a liked paper by its topic's key, where it is known
 */
export function reasonsOfPick(
  { topics }: PersonalPick,
  { wanted }: Interest,
  titleOf: (key: string) => string | undefined,
): Reason[] {
  return topics.flatMap((index) => {
    const topic = wanted[index];
    return topic === undefined ? [] : [reasonOf(topic, titleOf)];
  });
}

function reasonOf({ kind, key, label }: Topic, titleOf: (key: string) => string | undefined): Reason {
  if (kind === 'category') return { key: 'match.category', values: { label } };
  if (kind === 'author') return { key: 'match.author', values: { label } };
  if (kind === 'like') return { key: 'match.like', values: { title: titleOf(key) ?? `arXiv ${key}` } };
  if (kind === 'library') return { key: 'match.library', values: { title: titleOf(key) ?? label } };
  return { key: 'match.words', values: { label } };
}
