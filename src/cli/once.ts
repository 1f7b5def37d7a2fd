import { Option } from 'commander';
import type { App } from '../app.ts';
import { Fault } from '../domain/fault.ts';
import { MINUTE } from '../domain/time.ts';
import { isFuture } from '../issues/draft-edition.ts';
import { issueStatus } from '../runtime/health.ts';
import { type OnceResult, once, onceFault } from '../runtime/run-once.ts';
import type { AddCommand } from './add-command.ts';
import { type Host, withApp } from './host.ts';
import { day, duration, example, instant, jsonOption } from './options.ts';
import { sendingBar } from './sending-bar.ts';
import { issueLines, unbalanced } from './status.ts';

type Options = { date?: string; due?: true; at?: number; wait: number; json?: true };

export const addOnce: AddCommand = (program, host) => {
  program
    .command('once')
    .description('Fetch, rank, freeze the day’s issue, send it to everyone who is due, then exit. For cron.')
    .option('--date <day>', 'the issue of this day, as of the moment it is frozen', day)
    .option(
      '--due',
      'freeze only once ISSUE_CRON is due and send only what is due by now: for a frequent cron job',
    )
    .option('--at <instant>', 'treat this instant as now (with --due)', instant)
    .addOption(
      new Option('--wait <duration>', 'how long to wait for deferred mails')
        .argParser(duration)
        .default(5 * MINUTE, '5m'),
    )
    .addOption(jsonOption())
    .addHelpText('after', example('offprint once', 'offprint once --date 2026-08-19', 'offprint once --due'))
    .action((options: Options) => withApp(host, (app) => runOnce(app, host, options)));
};

async function runOnce(app: App, host: Host, options: Options): Promise<void> {
  const { date, due = false, at = app.clock(), wait, json } = options;
  if (due && date !== undefined) {
    throw new Fault(
      'USAGE',
      '--date and --due cannot be combined.',
      'Use --date for one past day, --due --at for what was due then.',
    );
  }
  if (date !== undefined && isFuture(app, { date })) {
    throw new Fault(
      'USAGE',
      `${date} has not come yet: its issue would be mailed too early.`,
      'Use --date for today or a past day; "offprint issue build --date" shows a draft of a day to come.',
    );
  }
  const bar = sendingBar(json ? undefined : host.terminal, app.ticks);
  const wanted = { ...(date !== undefined && { date }), due, at, wait, onProgress: bar.onProgress };
  const result = await once(app, wanted, host.stop).finally(bar.end);
  const status = await issueStatus(app, result.issue);
  const weekly = result.weekly && (await issueStatus(app, result.weekly));
  const statuses = weekly ? [status, weekly] : [status];
  const { left, stopped } = result;
  if (json) host.print(JSON.stringify({ issue: status, weekly, left, stopped }));
  else host.print([issueLines(statuses), leftLine(result)].filter(Boolean).join('\n'));
  const fault = onceFault(result);
  if (fault && !result.stopped) throw fault;
  const wrong = statuses.find(({ imbalances }) => imbalances.length > 0);
  if (wrong) throw unbalanced(wrong.date, wrong.imbalances);
}

function leftLine({ left, stopped }: OnceResult): string {
  const open = left.planned + left.sending + left.deferred;
  if (open === 0) return '';
  const why = [
    ...(stopped ? ['stopped before the end'] : []),
    ...(left.planned > 0 && !stopped
      ? [`${left.planned} are waiting for a relay or for the end of a domain’s cooldown`]
      : []),
    ...(left.deferred > 0 ? [`${left.deferred} deferred by their servers`] : []),
  ];
  return `${open} left (${why.join(', ')}): the next run continues.`;
}
