import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import type { App } from '../app.ts';
import { messageOf } from '../domain/failure.ts';
import { Fault } from '../domain/fault.ts';
import { RETURN_EFFECTS, type ReturnEffect, returnClass } from '../domain/return.ts';
import { formatInstant } from '../domain/time.ts';
import { issueCalled } from '../issues/find-edition.ts';
import { listReturns, type TakenReturn } from '../returns/returns-table.ts';
import { type MailResult, readMails, takeMails } from '../returns/take-mails.ts';
import { previewReturn } from '../returns/take-returns.ts';
import type { AddCommand } from './add-command.ts';
import { type Host, withApp } from './host.ts';
import { count, example, issueName, jsonOption } from './options.ts';
import { table } from './text-table.ts';

export const addReturns: AddCommand = (program, host) => {
  const returns = program
    .command('returns')
    .description(
      'Bounces, complaints and unsubscribe mails: list what came back, or read and take mails from files.',
    );
  returns.addHelpText('after', example('offprint returns list', 'offprint returns read returned.eml'));
  addList(returns, host);
  addRead(returns, host);
  addTake(returns, host);
};

type ListOptions = { issue?: string; effect?: ReturnEffect; limit: number; json?: true };

function addList(returns: Command, host: Host): void {
  returns
    .command('list')
    .description('List what came back and what it led to, the newest first.')
    .option('--issue <issue>', 'only of this issue, by its date or its week', issueName)
    .addOption(new Option('--effect <effect>', 'only what led to this').choices(RETURN_EFFECTS))
    .option('--limit <count>', 'the maximum number to show', count, 100)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      example('offprint returns list --issue 2026-08-19', 'offprint returns list --effect suppressed --json'),
    )
    .action(({ issue, effect, limit, json }: ListOptions) =>
      withApp(host, async (app) => {
        const { db } = app.store;
        const issueId = issue === undefined ? undefined : (await issueCalled(db, issue)).id;
        const rows = await listReturns(db, { issueId, effect, limit });
        if (json) host.print(JSON.stringify(rows.map(asJson)));
        else host.print(rows.length === 0 ? 'Nothing came back.' : listTable(rows));
      }),
    );
}

function asJson({ takenAt, issueId, refId, code, ...row }: TakenReturn) {
  return {
    ...row,
    class: returnClass(row),
    code: code || null,
    issueId: issueId || null,
    subscriberOrNoticeId: refId || null,
    takenAt: formatInstant(takenAt),
  };
}

function listTable(rows: readonly TakenReturn[]): string {
  return table(
    ['taken', 'from', 'what', 'class', 'code', 'effect', 'they said'],
    rows.map((row) => [
      formatInstant(row.takenAt),
      row.source,
      row.kind,
      row.class,
      row.status || row.code || '',
      row.effect,
      row.detail.slice(0, 80),
    ]),
  );
}

function addRead(returns: Command, host: Host): void {
  returns
    .command('read')
    .description('Say what returned mails in files mean and what would be done. Changes nothing.')
    .argument('<file...>', 'mails as .eml files; - for standard input')
    .addOption(new Option('--json', 'print a line of JSON for each file'))
    .addHelpText('after', example('offprint returns read returned.eml', 'offprint returns read --json *.eml'))
    .action((files: string[], { json }: { json?: true }) =>
      withApp(host, async (app) => {
        for (const file of files) {
          const reading = await readOne(app, file);
          if (json) host.print(JSON.stringify(reading));
          else host.print(`${file}: ${describe(reading)}`);
        }
      }),
    );
}

async function readOne(app: App, file: string) {
  const [event] = await readMails(app.returning, app.secrets, [{ raw: await bytesOf(file) }]);
  if (event === undefined)
    return { file, kind: 'unreadable', class: 'none', status: '', code: null, effect: 'none', detail: '' };
  const { kind, status, code = null, detail } = event;
  const effect = await previewReturn(app, app.returning, event);
  return { file, kind, class: returnClass(event), status, code, effect, detail };
}

const EFFECTS: Readonly<Record<string, string>> = {
  suppressed: 'its subscriber would be taken off the list',
  counted: 'it would count against its subscriber, who stays for now',
  held: 'its subscriber would stay, because too many would go at once',
  policy: 'it would count against us, not against its subscriber',
  complained: 'its subscriber would never be mailed again',
  unsubscribed: 'its subscriber would be unsubscribed',
  none: 'nothing would change',
  unmatched: 'nothing would change: it names no mail of ours',
  known: 'nothing would change: it was taken before',
};

function describe({ kind, class: type, status, code, effect }: Awaited<ReturnType<typeof readOne>>): string {
  const codes = [code, status].filter(Boolean).join(' ');
  const what = [kind, type === 'none' || type === kind ? '' : type, codes].filter(Boolean).join(', ');
  return `${what}; ${EFFECTS[effect] ?? effect}`;
}

function addTake(returns: Command, host: Host): void {
  returns
    .command('take')
    .description('Take returned mails from files, as a mailbox or a listener would.')
    .argument('<file...>', 'mails as .eml files; - for standard input')
    .addHelpText(
      'after',
      example('offprint returns take spool/*.eml', 'offprint returns take - < returned.eml'),
    )
    .action((files: string[]) =>
      withApp(host, async (app) => {
        const results: MailResult[] = [];
        for (let start = 0; start < files.length; start += BATCH) {
          const slice = await Promise.all(files.slice(start, start + BATCH).map(bytesOf));
          results.push(
            ...(await takeMails(
              app,
              app.returning,
              app.secrets,
              slice.map((raw) => ({ raw })),
            )),
          );
        }
        host.print(tally(results));
        const failed = results.filter((result) => result === 'failed').length;
        if (failed > 0) throw notTaken(failed);
      }),
    );
}

/** Files that are in memory at once. */
const BATCH = 200;

function tally(results: readonly MailResult[]): string {
  const counts = [...Map.groupBy(results, (result) => result)].map(
    ([result, of]) => `${of.length} ${result}`,
  );
  return `${results.length} ${results.length === 1 ? 'mail' : 'mails'}: ${counts.join(', ')}.`;
}

async function bytesOf(file: string): Promise<Uint8Array> {
  if (file === '-') return buffer(process.stdin);
  try {
    return await readFile(file);
  } catch (cause) {
    throw new Fault(
      'FILE_UNREADABLE',
      `${file} cannot be read: ${messageOf(cause)}.`,
      'Name a mail as it was stored, or - for standard input.',
      { cause },
    );
  }
}

function notTaken(count: number): Fault {
  return new Fault(
    'RETURNS_NOT_TAKEN',
    `${count} mails could not be written down.`,
    '"offprint status" says why. Keep the files and take them again: one that is taken twice counts once.',
  );
}
