import { progress } from '@clack/prompts';
import { upcoming } from '../app/editions.ts';
import { anyAnswered, type Reading } from '../app/readings.ts';
import { readSources } from '../app/sources.ts';
import type { App } from '../app/wire.ts';
import { Fault } from '../domain/fault.ts';
import { withApp } from './host.ts';
import { example, jsonOption } from './options.ts';
import type { AddCommand } from './program.ts';
import { table } from './table.ts';

export const addFetch: AddCommand = (program, host) => {
  program
    .command('fetch')
    .description('Read every source now and say how each went.')
    .addOption(jsonOption())
    .addHelpText('after', example('offprint fetch', 'SOURCES=arxiv:math.CO offprint fetch --json'))
    .action(({ json }: { json?: true }) =>
      withApp(host, async (app) => {
        const bar = progressBar(app.config.SOURCES.length, !json && host.isTerminal);
        const readings = await readForNext(app, host.stop, bar.step);
        bar.end();
        host.print(json ? JSON.stringify({ sources: readings }) : readingTable(readings));
        if (anyAnswered(app, readings)) return;
        throw new Fault(
          'NO_SOURCE_ANSWERED',
          'No source of papers could be read.',
          'The reasons are above; check the network and SOURCES.',
        );
      }),
    );
};

/** Nothing where nobody looks. */
function progressBar(size: number, shown: boolean): { step(reading: Reading): void; end(): void } {
  if (!shown) return { step: () => {}, end: () => {} };
  const bar = progress({ max: size });
  bar.start(`Reading ${size} sources`);
  return {
    step: ({ name, outcome, items }) => bar.advance(1, `${name}: ${outcome}, ${items}`),
    end: () => bar.stop('All sources are read'),
  };
}

function readForNext(
  app: App,
  signal: AbortSignal,
  onReading: (reading: Reading) => void,
): Promise<Reading[]> {
  return readSources(app, { date: upcoming(app).date, seenAt: app.clock(), signal, onReading });
}

function readingTable(readings: readonly Reading[]): string {
  return table(
    ['source', 'outcome', 'entries', 'new', 'kB', 'ms', 'reason'],
    readings.map((r) => [
      r.name,
      r.outcome,
      r.items,
      r.added,
      Math.round(r.bytes / 1000),
      r.durationMs,
      r.reason,
    ]),
  );
}
