import type { Words } from '../domain/language.ts';
import type { VoteReading } from '../papers/vote-history.ts';

/** As the template `votes` draws it: a line in a box of `WIDTH` by `HEIGHT`, and its numbers as text. */
export type Sparkline = {
  readonly line: string;
  readonly summary: string;
  readonly readings: readonly { readonly at: string; readonly votes: string }[];
};

const WIDTH = 240;
const HEIGHT = 48;
/** Room for the width of the line itself. */
const EDGE = 3;
/** What a table can show without being a wall. */
const MOST_READINGS = 12;

/** @returns `undefined` for fewer than two readings: a point is no line */
export function sparkline(readings: readonly VoteReading[], words: Words): Sparkline | undefined {
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined || readings.length < 2) return undefined;
  const most = Math.max(...readings.map(({ votes }) => votes), 1);
  const x = (at: number) => EDGE + ((at - first.at) / Math.max(1, last.at - first.at)) * (WIDTH - 2 * EDGE);
  const y = (votes: number) => HEIGHT - EDGE - (votes / most) * (HEIGHT - 2 * EDGE);
  const points = readings.map(({ at, votes }) => `${x(at).toFixed(1)} ${y(votes).toFixed(1)}`);
  const moments = words.dates({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
  const inWords = (votes: number) => words.say('paper.votes', { count: votes });
  return {
    line: `M${points.join('L')}`,
    summary: words.say('paper.votes.grown', {
      from: inWords(first.votes),
      to: inWords(last.votes),
      days: words.dates({ day: 'numeric', month: 'long' }).formatRange(first.at, last.at),
    }),
    readings: thinned(readings).map(({ at, votes }) => ({ at: moments.format(at), votes: inWords(votes) })),
  };
}

/** The first, the last and as many between them as there is room for. */
function thinned(readings: readonly VoteReading[]): VoteReading[] {
  if (readings.length <= MOST_READINGS) return [...readings];
  const step = (readings.length - 1) / (MOST_READINGS - 1);
  return Array.from({ length: MOST_READINGS }, (_, index) => readings[Math.round(index * step)]).filter(
    (reading) => reading !== undefined,
  );
}
