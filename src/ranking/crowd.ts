import type { Paper } from '../domain/paper.ts';

/** How a paper stands among those of its day that people have voted on. */
export type CrowdPlace = {
  /** From 1; papers with equal votes share the better place. */
  readonly place: number;
  /** How many papers of the day have votes that are known. */
  readonly of: number;
  /** Whether its day is the newest one. */
  readonly today: boolean;
};

/** The places of all papers whose upvotes are known, by the paper's id. */
export function crowdPlaces(papers: readonly Paper[]): ReadonlyMap<string, CrowdPlace> {
  const voted = papers.filter(({ signals }) => signals.upvotes !== undefined);
  const newest = voted.reduce((day, paper) => (paper.day > day ? paper.day : day), '');
  const places = new Map<string, CrowdPlace>();
  for (const [day, group] of Map.groupBy(voted, (paper) => paper.day)) {
    const sorted = group.toSorted((one, other) => votes(other) - votes(one));
    let place = 1;
    for (const [index, paper] of sorted.entries()) {
      if (index > 0 && votes(paper) < votes(sorted[index - 1] as Paper)) place = index + 1;
      places.set(paper.id, { place, of: group.length, today: day === newest });
    }
  }
  return places;
}

function votes({ signals }: Paper): number {
  return signals.upvotes ?? 0;
}
