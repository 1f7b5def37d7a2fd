import type { OwnPicks } from '../domain/issue.ts';
import type { RankedPaper } from '../domain/paper.ts';
import type { Profile } from '../domain/subscriber.ts';
import { type Interest, parseInterest } from '../rank/interest.ts';
import { type PersonalPick, personalPicker, reasonsOfPick } from '../rank/personal.ts';
import { preparePool } from '../rank/pool.ts';
import { BY_WORDS } from '../rank/similarity.ts';
import { decodeVector, type Vector, vectorOf } from '../rank/vector.ts';
import { findLiked } from '../store/entries.ts';
import type { App } from './wire.ts';

/** How many of the common issue's first papers everybody sees, whatever they like. */
const FLOOR = 3;

/** An issue's candidates, ready for readers with wishes of their own. */
export type ReaderPool = {
  /** Reads the papers that these profiles like, as far as they are known: before `pick` and `show`. */
  readonly learnLikes: (profiles: readonly Profile[]) => Promise<void>;
  /** @param had every id of the papers that the reader's earlier issues had */
  readonly pick: (profile: Profile, had: ReadonlySet<string>) => PersonalPick[];
  /** The picks with why each is the reader's. */
  readonly show: (profile: Profile, picks: readonly PersonalPick[]) => OwnPicks;
};

/** @param common ids of the common issue's picks, in order */
export function createPool(
  app: App,
  candidates: readonly RankedPaper[],
  common: readonly string[],
): ReaderPool {
  const likes = new Map<string, Vector>();
  const titles = new Map<string, string>();
  const pool = preparePool(
    candidates,
    common,
    candidates.map(({ paper }) => vectorOfPaper(paper)),
    BY_WORDS,
  );
  const pickFor = personalPicker(pool, likes);
  const read = new Map<Profile, Interest>();
  const interestOf = (profile: Profile) => {
    const interest = read.get(profile) ?? parseInterest(profile.topics).interest;
    read.set(profile, interest);
    return interest;
  };
  return {
    learnLikes: async (profiles) => {
      const wanted = profiles.flatMap((profile) => interestOf(profile).wanted);
      const ids = new Set(
        wanted.flatMap(({ kind, key }) => (kind === 'like' && !titles.has(key) ? key : [])),
      );
      for (const { id, title, abstract, features } of await findLiked(app.store.db, [...ids])) {
        titles.set(id, title);
        likes.set(id, vectorOfPaper({ title, abstract, ...(features && { features }) }));
      }
    },
    pick: (profile, had) =>
      pickFor(interestOf(profile), had, { count: profile.count ?? app.config.PICKS, floor: FLOOR }),
    show: (profile, picks) => ({
      picks: picks.flatMap(({ place }) => candidates[place] ?? []),
      matches: picks.map((pick) =>
        reasonsOfPick(pick, interestOf(profile), (id) => titles.get(id)).join(' · '),
      ),
    }),
  };
}

function vectorOfPaper({
  title,
  abstract,
  features,
}: Pick<RankedPaper['paper'], 'title' | 'abstract' | 'features'>) {
  return (features && decodeVector(features.vector)) ?? vectorOf(title, abstract);
}
