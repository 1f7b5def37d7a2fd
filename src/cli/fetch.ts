import type { App } from '../app.ts';
import { Fault } from '../domain/fault.ts';
import { nextEdition } from '../issues/find-edition.ts';
import { readSources } from '../issues/gather.ts';
import { anyAnswered, type Reading } from '../sources/source-runs.ts';
import type { AddCommand } from './add-command.ts';
import { withApp } from './host.ts';
import { example, jsonOption } from './options.ts';
import { progressLine, type Terminal } from './progress-line.ts';
import { table } from './text-table.ts';

export const addFetch: AddCommand = (program, host) => {
  program
    .command('fetch')
    .description('Read every source now and report on each.')
    .addOption(jsonOption())
    .addHelpText('after', example('offprint fetch', 'SOURCES=arxiv:math.CO offprint fetch --json'))
    .action(({ json }: { json?: true }) =>
      withApp(host, async (app) => {
        const bar = fetchBar(app.config.SOURCES.length, json ? undefined : host.terminal);
        const readings = await readForNext(app, host.stop, bar.step);
        bar.end();
        host.print(json ? JSON.stringify({ sources: readings }) : readingTable(readings));
        if (anyAnswered(app, readings)) return;
        throw new Fault(
          'NO_SOURCE_ANSWERED',
          'No source of papers could be read.',
          'The reasons are listed above. Check the network and SOURCES.',
        );
      }),
    );
};

function fetchBar(size: number, terminal: Terminal | undefined) {
  const bar = progressLine(terminal);
  let read = 0;
  return {
    step: ({ name, outcome, items }: Reading) => {
      read += 1;
      bar.draw(read / size, `${read} of ${size} sources · ${name}: ${outcome}, ${items}`);
    },
    end: () => bar.end('All sources are read.'),
  };
}

function readForNext(
  app: App,
  signal: AbortSignal,
  onReading: (reading: Reading) => void,
): Promise<Reading[]> {
  return readSources(app, app.publishing, {
    date: nextEdition(app).date,
    seenAt: app.clock(),
    signal,
    onReading,
  });
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
