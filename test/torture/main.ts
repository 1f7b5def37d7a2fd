import { parseArgs } from 'node:util';
import { table } from '../../src/cli/text-table.ts';
import * as torture from './scenarios.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    readers: { type: 'string', default: '10000' },
    only: { type: 'string', default: '' },
  },
});
const readers = Number(values.readers);

const scenarios = {
  kills: () =>
    torture.kills({ kills: Number(values.kills), readers: Math.max(readers, 100 * Number(values.kills)) }),
  refusals: () => torture.refusals({ readers }),
  'two-once': () => torture.beside({ readers, other: 'once' }),
  'start-once': () => torture.beside({ readers, other: 'start' }),
  sigterm: () => torture.terminated({ readers }),
  disk: () => torture.fullDisk({ readers, seconds: 20 }),
  database: () => torture.lockedDatabase({ readers, seconds: 30 }),
  clock: () => torture.clockJumps({ readers }),
  domains: () => torture.badDomains({ readers: Math.min(readers, 2000) }),
  rate: () => torture.rated({ perSecond: 50, readers: 500 }),
};

const verdicts: torture.Verdict[] = [];
for (const [name, scenario] of Object.entries(scenarios)) {
  if (values.only && !values.only.split(',').includes(name)) continue;
  const verdict = await scenario();
  console.error(`${verdict.name}: ${verdict.problems.join('; ') || 'as promised'} (${verdict.seconds} s)`);
  verdicts.push(verdict);
}
console.log(
  table(
    ['torture', 'readers', 'kills', 'skipped', 'doubled', 'at most', 'seconds', 'verdict'],
    verdicts.map((v) => [
      v.name,
      v.readers,
      v.kills,
      v.skipped,
      v.doubled,
      v.bound,
      v.seconds,
      v.problems.join('; ') || 'as promised',
    ]),
  ),
);
process.exitCode = verdicts.some((verdict) => verdict.problems.length > 0) ? 1 : 0;
