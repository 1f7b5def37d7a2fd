import type { Core } from '../core.ts';
import type { OwnPicks } from '../domain/issue.ts';
import type { RankedPaper } from '../domain/paper.ts';
import type { Profile } from '../domain/subscriber.ts';
import { findByKeys } from '../papers/library/library-table.ts';
import { type Interest, libraryIn, papersNamedIn, parseInterest, withLibrary } from '../ranking/interest.ts';
import { type PersonalPick, reasonsOfPick } from '../ranking/pick-for-subscriber.ts';
import { findLiked } from '../sources/entries-table.ts';
import { byWords, openLikeness } from './preview-similar.ts';

/** How many of the common issue's first papers everybody sees, whatever they like. */
const FLOOR = 3;
/** Liked papers are read batch by batch, and so many remembered: the memory must not grow with the subscribers. */
const MOST_LIKES = 10_000;

/** An issue's candidates, ready for subscribers with wishes of their own. */
export type CandidateSet = {
  /** Reads the papers that these profiles like, as far as they are known: before `pick` and `show`. */
  readonly learnLikes: (profiles: readonly Profile[]) => Promise<void>;
  /** @param had every id of the papers that the subscriber's earlier issues had */
  readonly pick: (profile: Profile, alreadySent: ReadonlySet<string>) => PersonalPick[];
  /** The picks with why each is the subscriber's. */
  readonly show: (profile: Profile, picks: readonly PersonalPick[]) => OwnPicks;
};

/**
 * @param frozen the candidates by their places; empty where one cannot be read
 * @param common ids of the common issue's picks, in order
 */
export async function createCandidateSet(
  core: Core,
  frozen: readonly (RankedPaper | undefined)[],
  common: readonly string[],
): Promise<CandidateSet> {
  const places = [...frozen.keys()].filter((place) => frozen[place] !== undefined);
  const candidates = frozen.filter((candidate) => candidate !== undefined);
  const titles = new Map<string, string>();
  const read = new WeakMap<Profile, Interest>();
  let likeness = await openLikeness(core, candidates, common);
  const interestOf = (profile: Profile) => {
    const interest = read.get(profile) ?? interestIn(profile);
    read.set(profile, interest);
    return interest;
  };
  const learn = async (keys: readonly string[]) => {
    const liked = await knownTexts(core, keys);
    for (const { id, title } of liked) titles.set(id, title);
    return likeness.learn(liked);
  };
  return {
    learnLikes: async (profiles) => {
      const wanted = new Set(profiles.flatMap((profile) => likedKeys(interestOf(profile))));
      for (const id of titles.keys()) {
        if (titles.size <= MOST_LIKES) break;
        if (!wanted.has(id) && titles.delete(id)) likeness.forget(id);
      }
      if (await learn([...wanted].filter((id) => !titles.has(id)))) return;
      // Likenesses of two ways do not compare: from here on all of them are told by words.
      likeness = byWords(candidates, common);
      await learn([...wanted]);
    },
    pick: (profile, alreadySent) => {
      const options = { count: profile.count ?? core.config.PICKS, floor: FLOOR };
      const picks = likeness.pick(interestOf(profile), alreadySent, options);
      return picks.map((pick) => ({ ...pick, place: places[pick.place] as number }));
    },
    show: (profile, picks) => {
      const interest = interestOf(profile);
      const titleOf = (id: string) => titles.get(id);
      const shown = picks.filter(({ place }) => frozen[place] !== undefined);
      return {
        picks: shown.flatMap(({ place }) => frozen[place] ?? []),
        matches: shown.map((pick) => reasonsOfPick(pick, interest, titleOf)),
      };
    },
  };
}

function interestIn({ topics, library = [] }: Profile): Interest {
  return withLibrary(parseInterest(topics).interest, library);
}

/** Of liked and muted papers by topics, and of those in the library: only the latter have a colon in their keys. */
function likedKeys(interest: Interest): string[] {
  return [...papersNamedIn(interest), ...libraryIn(interest)];
}

async function knownTexts({ store }: Core, keys: readonly string[]) {
  const inLibraries = keys.filter((key) => key.includes(':'));
  const named = keys.filter((key) => !key.includes(':'));
  return [...(await findLiked(store.db, named)), ...(await findByKeys(store.db, inLibraries))];
}
