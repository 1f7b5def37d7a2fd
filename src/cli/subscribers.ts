import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type ImportReport, importSubscribers } from '../app/import.ts';
import { addReader, eraseReader, everySubscriber, removeReader } from '../app/list.ts';
import { csvHeader, formatReaders } from '../app/subscriber-csv.ts';
import { formatDays } from '../domain/days.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { type Host, withApp } from './host.ts';
import { example, jsonOption } from './options.ts';
import type { AddCommand } from './program.ts';
import { table } from './table.ts';

export const addSubscribers: AddCommand = (program, host) => {
  const subscribers = program
    .command('subscribers')
    .description('Import, export, list, add, remove or erase readers.');
  subscribers.addHelpText('after', example('offprint subscribers import subscribers/example.csv'));
  addImport(subscribers, host);
  addExport(subscribers, host);
  addList(subscribers, host);
  addOne(subscribers, host);
};

function addImport(subscribers: Command, host: Host): void {
  subscribers
    .command('import')
    .description(
      'Import a CSV file (email,name,timezone,deliver_at,days,topics). Its readers are active at once.',
    )
    .argument('<file>', 'the CSV file')
    .addHelpText('after', example('offprint subscribers import subscribers/example.csv'))
    .action((file: string) => withApp(host, async (app) => report(host, await importSubscribers(app, file))));
}

function report(host: Host, { added, updated, stayedAway, badLines }: ImportReport): void {
  for (const { line, problem } of badLines) host.complain(`line ${line}: ${problem}`);
  const parts = [`${added} added`, `${updated} updated`];
  if (stayedAway > 0) parts.push(`${stayedAway} left as they are (unsubscribed or suppressed)`);
  if (badLines.length > 0)
    parts.push(`${badLines.length} bad ${badLines.length === 1 ? 'line' : 'lines'} left out`);
  host.print(`${parts.join(', ')}.`);
}

function addExport(subscribers: Command, host: Host): void {
  subscribers
    .command('export')
    .description('Write the active readers as CSV that imports again unchanged.')
    .argument('[file]', 'where to (default: standard output)')
    .addHelpText('after', example('offprint subscribers export > readers.csv'))
    .action((file: string | undefined) =>
      withApp(host, async (app) => {
        const lines = [csvHeader()];
        for await (const slice of everySubscriber(app)) lines.push(formatReaders(slice.filter(isActive)));
        const text = lines.join('');
        if (file === undefined) host.print(text.trimEnd());
        else writeFileSync(file, text);
      }),
    );
}

function isActive(reader: Subscriber): boolean {
  return reader.state === 'active';
}

function addList(subscribers: Command, host: Host): void {
  subscribers
    .command('list')
    .description('List all readers with their state.')
    .addOption(jsonOption())
    .addHelpText('after', example('offprint subscribers list --json'))
    .action(({ json }: { json?: true }) =>
      withApp(host, async (app) => {
        const all: Subscriber[] = [];
        for await (const slice of everySubscriber(app)) all.push(...slice);
        if (json) return host.print(JSON.stringify(all.map(asJson)));
        const rows = all.map((s) => [
          s.email,
          s.name,
          s.state,
          s.timezone,
          s.deliverAt,
          formatDays(s.days) || 'every day',
          s.topics.join('; '),
        ]);
        host.print(
          rows.length > 0
            ? table(['email', 'name', 'state', 'timezone', 'at', 'days', 'topics'], rows)
            : 'No readers yet.',
        );
      }),
    );
}

function asJson({ email, name, state, timezone, deliverAt, days, topics }: Subscriber) {
  return { email, name, state, timezone, deliverAt, days: formatDays(days), topics };
}

function addOne(subscribers: Command, host: Host): void {
  const one = (name: string, description: string, done: string, act: typeof addReader) =>
    subscribers
      .command(name)
      .description(description)
      .argument('<address>', 'the e-mail address')
      .addHelpText('after', example(`offprint subscribers ${name} ada@example.org`))
      .action((address: string) =>
        withApp(host, async (app) => host.print(`${await act(app, address)} ${done}`)),
      );
  one(
    'add',
    'Add one active reader with the default hour and zone; brings back who had left.',
    'is active.',
    addReader,
  );
  one('remove', 'Unsubscribe one reader.', 'is unsubscribed.', removeReader);
  one('erase', 'Forget one reader: the address goes from every table.', 'is erased.', eraseReader);
}
