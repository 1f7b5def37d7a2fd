// How much the prior says beside votes: node bench/rank/curve.ts --data DIR. Of papers with about so many votes in the
// morning, the slope of what came later on the prior, each day by numbers learned from the dates before it.
import { parseArgs } from 'node:util';
import { mergeEntries } from '../../src/ranking/merge.ts';
import { priorOf } from '../../src/ranking/prior.ts';
import { priorWorth } from '../../src/ranking/score.ts';
import { forwardFits } from './fits.ts';
import { bootstrap } from './metrics.ts';
import { centred } from './ridge.ts';
import { benchDays, entryOf, hoursOf, readRows } from './rows.ts';
import { decayOf } from './trend.ts';

/** The fewest and the most votes of each step. */
const STEPS = [
  [0, 0],
  [1, 2],
  [3, 4],
  [5, 7],
  [8, 11],
  [12, 19],
  [20, 39],
  [40, Number.POSITIVE_INFINITY],
] as const;

type Point = { readonly day: number; readonly votes: number; readonly prior: number; readonly rest: number };

const { values } = parseArgs({ options: { data: { type: 'string' } } });
if (values.data === undefined) throw new Error('--data DIR is missing');
const points = pointsOf(values.data);
console.log('   votes   papers   slope of the prior        used');
for (const [from, to] of STEPS) {
  const some = points.filter(({ votes }) => votes >= from && votes <= to);
  const { mean, low, high } = slopeOf(some);
  const middle = some.reduce((sum, { votes }) => sum + priorWorth(votes), 0) / some.length;
  const name = to === Number.POSITIVE_INFINITY ? `${from}+` : from === to ? `${from}` : `${from}–${to}`;
  const slope = `${mean.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
  console.log(
    `${name.padStart(8)}${String(some.length).padStart(9)}   ${slope.padEnd(22)}${middle.toFixed(2).padStart(8)}`,
  );
}

function pointsOf(dir: string): Point[] {
  const rows = readRows(dir);
  const fittedFor = forwardFits(rows);
  return benchDays(rows, 'day+1').flatMap((day, index) => {
    const model = fittedFor(day)?.model;
    if (model === undefined) return [];
    return day.rows.flatMap((row, place): Point[] => {
      const [paper] = mergeEntries([entryOf(row, 'all')]);
      if (paper === undefined) return [];
      const votes = row.upvotes ?? 0;
      const log = Math.log1p(votes);
      const byVotes = model.trend.votes * log + model.trend.votesSquared * log * log;
      const age = decayOf(paper.listedAt === undefined ? undefined : hoursOf(row));
      const rest = Math.log1p(day.labels[place] ?? 0) - byVotes - age;
      return [{ day: index, votes, prior: priorOf(paper, undefined, model), rest }];
    });
  });
}

/** The slope within days; its interval is by drawing papers, through what each adds to the numerator. */
function slopeOf(some: readonly Point[]) {
  const days = some.map(({ day }) => day);
  const prior = centred(
    Float64Array.from(some, (point) => point.prior),
    days,
  );
  const rest = centred(
    Float64Array.from(some, (point) => point.rest),
    days,
  );
  const squares = prior.reduce((sum, value) => sum + value * value, 0) / prior.length;
  return bootstrap([...prior].map((value, index) => (value * (rest[index] ?? 0)) / squares));
}
