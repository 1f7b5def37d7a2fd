import { withoutComments } from './architecture.ts';

/** A folder, or a part of one, whose tests need real time, and why. */
const NEEDS_TIME: readonly (readonly [path: string, reason: string])[] = [
  ['test/architecture.test.ts', 'names what it forbids'],
  ['test/support/real-time.ts', 'names what it forbids'],
  ['test/torture/', 'kills real processes at random moments'],
  ['test/browser/', 'drives Chromium'],
  ['test/returns-trip/', 'kills real processes, and waits for a real mailbox'],
  ['test/postgres/worker-group.test.ts', 'runs the real queue, which polls'],
];

const REAL_TIME =
  /\bvi\s*\.\s*(waitFor|waitUntil)\b|\bexpect\s*\.\s*poll\b|\bset(Timeout|Interval)\b|\bAbortSignal\s*\.\s*timeout\b|\bperformance\s*\.\s*now\b|\bhrtime\b|\bDate\s*\.\s*now\b|\bnew\s+Date\s*\(\s*\)|\bTemporal\s*\.\s*Now\b|['"](node:)?timers(\/promises)?['"]/;

/** Tests that could pass or fail by the speed of the machine, as `PATH: what is wrong`; the slow ones may. */
export function realTimeIn(tests: ReadonlyMap<string, string>): string[] {
  return [...tests].flatMap(([path, text]) => {
    if (path.endsWith('.slow.test.ts') || NEEDS_TIME.some(([start]) => path.startsWith(start))) return [];
    const found = REAL_TIME.exec(withoutComments(text));
    return found ? [`${path}: depends on real time (${found[0]})`] : [];
  });
}
