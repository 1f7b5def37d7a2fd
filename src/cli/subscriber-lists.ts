import { appendFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { App } from '../app.ts';
import { startPrivateFile } from '../config/private-files.ts';
import { SUBSCRIBER_STATES, type SubscriberState } from '../domain/subscriber.ts';
import { everySubscriber } from '../subscribers/admin.ts';
import { csvHeader, formatSubscribers } from '../subscribers/csv.ts';
import { type ImportReport, importSubscribers, type ListSummary } from '../subscribers/import.ts';
import { SAID_STATES, type SaidState } from '../subscribers/list-states.ts';
import { type Host, withApp } from './host.ts';
import { example } from './options.ts';
import { progressLine, type Terminal } from './progress-line.ts';

type ImportFlags = { dryRun?: boolean; statusColumn?: string; as?: SaidState };

export function addImport(subscribers: Command, host: Host): void {
  subscribers
    .command('import')
    .description(
      'Import a CSV file: our own, the export of another newsletter, or any with a column of addresses. Its readers become active at once, except those it marks as gone; people who left here stay away.',
    )
    .argument('<file>', 'the CSV file')
    .option('--dry-run', 'report what would be done without doing it')
    .option('--status-column <name>', 'the column that says who is subscribed, if it is not recognised')
    .addOption(
      new Option(
        '--as <state>',
        'the state of people if the file does not say it; other than active: of everybody in it',
      ).choices(SAID_STATES),
    )
    .addHelpText(
      'after',
      example(
        'offprint subscribers import subscribers/example.csv',
        'offprint subscribers import --dry-run list.csv',
        'offprint subscribers import --as unsubscribed left.csv',
      ),
    )
    .action((file: string, { dryRun = false, ...options }: ImportFlags) =>
      withApp(host, async (app) => {
        const bar = importBar(host.terminal);
        const wanted = { ...options, dryRun, onProgress: bar.step };
        const done = await importSubscribers(app, file, wanted).finally(bar.end);
        report(host, done, dryRun);
      }),
    );
}

/** In percent of the file. */
function importBar(terminal: Terminal | undefined): { step(bytes: number, of: number): void; end(): void } {
  const bar = progressLine(terminal);
  let read = 0;
  let percent = -1;
  return {
    step: (bytes, of) => {
      read += bytes;
      const now = Math.floor((100 * read) / of);
      if (now > percent) bar.draw(read / of, `${now} % of the file`);
      percent = now;
    },
    end: () => bar.end('The file is read.'),
  };
}

function report(host: Host, done: ImportReport, dryRun: boolean): void {
  const { added, updated, unchanged, stayedAway, notSubscribed, leftOut, badLines, list } = done;
  const lines = [...badLines, ...leftOut].toSorted((one, other) => one.line - other.line);
  for (const { line, problem } of lines) host.complain(`line ${line}: ${problem}`);
  const parts = [`${added} added`, `${updated} updated`];
  if (unchanged > 0) parts.push(`${unchanged} unchanged`);
  if (notSubscribed > 0) parts.push(`${notSubscribed} kept away, as the file says`);
  if (stayedAway > 0) parts.push(`${stayedAway} left as they are (unsubscribed or suppressed)`);
  if (badLines.length > 0)
    parts.push(`${badLines.length} bad ${badLines.length === 1 ? 'line' : 'lines'} left out`);
  const isOurs = list.name === '' || list.name === 'Offprint export';
  if (!isOurs || notSubscribed > 0) host.print(listLine(list));
  host.print(`${dryRun ? 'Dry run. Would have: ' : ''}${parts.join(', ')}.`);
}

/** `listmonk export: 812 enabled, 40 blocklisted stay away`. */
function listLine({ name, words }: ListSummary): string {
  const parts = words.map(
    ({ word, count, state }) => `${count} ${word}${state === 'active' ? '' : ' stay away'}`,
  );
  return `${name || 'The list'}: ${parts.join(', ')}`;
}

export function addExport(subscribers: Command, host: Host): void {
  subscribers
    .command('export')
    .description(
      'Write all readers, with their states and all that they chose, as CSV that imports again unchanged.',
    )
    .argument('[file]', 'the file to write (default: standard output)')
    .addOption(new Option('--state <state>', 'only readers in this state').choices(SUBSCRIBER_STATES))
    .addHelpText(
      'after',
      example(
        'offprint subscribers export > readers.csv',
        'offprint subscribers export --state active active.csv',
      ),
    )
    .action((file: string | undefined, { state }: { state?: SubscriberState }) =>
      withApp(host, (app) => exportTo(app, host, file, state)),
    );
}

/** Slice by slice: a list of a million is never whole in memory. */
async function exportTo(
  app: App,
  host: Host,
  file: string | undefined,
  state: SubscriberState | undefined,
): Promise<void> {
  const put = (text: string) => {
    if (file === undefined) host.pipe(text);
    else appendFileSync(file, text);
  };
  if (file !== undefined) startPrivateFile(file);
  put(csvHeader());
  for await (const slice of everySubscriber(app)) {
    const wanted = slice.filter((subscriber) => state === undefined || subscriber.state === state);
    if (wanted.length > 0) put(formatSubscribers(wanted));
  }
}
