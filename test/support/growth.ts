import { nastyTexts } from './nasty.ts';

const SMALL = 10_000;
const LARGE = 100_000;
/** Linear is ten; the rest is for noise. What is quadratic comes to a hundred. */
const MOST_GROWTH = 15;
/** In ms of this thread's own time: what costs less makes nobody wait, and noise would be most of it. */
const FLOOR = 250;
const RUNS = 4;

type Work = () => unknown;

/** Where ten times as much text costs far more than ten times as much, over many kinds of hostile texts. */
export async function superlinear(work: (text: string) => unknown): Promise<string[]> {
  const small = nastyTexts(SMALL);
  const found: string[] = [];
  for (const [index, { name, text }] of nastyTexts(LARGE).entries()) {
    const growth = await excessiveGrowth(
      () => work(small[index]?.text ?? ''),
      () => work(text),
    );
    if (growth !== undefined) found.push(`${name}: ${growth}`);
  }
  return found;
}

/**
 * What two times have grown by when the larger work, which is ten times the smaller, costs far more than that. Other
 * processes do not count: what is measured is the time of this thread alone, at its best of several runs.
 */
export async function excessiveGrowth(smaller: Work, larger: Work): Promise<string | undefined> {
  const first = await timeOf(larger);
  if (first <= FLOOR) return undefined;
  const less = Math.max(FLOOR / MOST_GROWTH, await bestOf(smaller));
  if (first <= less * MOST_GROWTH) return undefined;
  const more = await bestOf(larger);
  return more > less * MOST_GROWTH
    ? `${less.toFixed(1)} ms, ten times as much ${more.toFixed(1)} ms`
    : undefined;
}

async function bestOf(work: Work): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run++) best = Math.min(best, await timeOf(work));
  return best;
}

async function timeOf(work: Work): Promise<number> {
  const before = process.threadCpuUsage();
  try {
    await work();
  } catch {
    // Refusing costs what it costs.
  }
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
