import type { Command } from 'commander';
import { issueSlug } from '../domain/slug.ts';
import { cancelIssue } from '../issues/cancel.ts';
import { editionBySlug, editionOn, type IssueRow, issueCalled } from '../issues/find-edition.ts';
import { publish } from '../issues/publish.ts';
import { chosenBy, issueStatus, readStatus, unreached } from '../runtime/health.ts';
import type { AddCommand } from './add-command.ts';
import { type Host, withApp } from './host.ts';
import { count, example, issueName, jsonOption } from './options.ts';
import { issueLines, missedLines } from './status.ts';

export const addIssue: AddCommand = (program, host) => {
  const issue = program.command('issue').description('Build, list, show or cancel issues.');
  issue.addHelpText('after', example('offprint issue list', 'offprint issue show 2026-08-19'));
  addBuild(issue, host);
  addList(issue, host);
  addShow(issue, host);
  addCancel(issue, host);
};

function addBuild(issue: Command, host: Host): void {
  issue
    .command('build')
    .description('Fetch, rank and freeze an issue without mailing it; it is mailed when it is due.')
    .option('--date <issue>', 'its date, or its week (default: the newest whose moment has come)', issueName)
    .addHelpText(
      'after',
      example('offprint issue build --date 2026-08-19', 'offprint issue build --date 2026-W34'),
    )
    .action(({ date }: { date?: string }) =>
      withApp(host, async (app) => {
        const edition = date === undefined ? editionOn(app) : editionBySlug(app, date);
        const { rows } = await publish(app, app.publishing, [edition], {
          signal: host.stop,
          retrySkipped: true,
        });
        host.print(describe(rows[0]));
      }),
    );
}

function addList(issue: Command, host: Host): void {
  issue
    .command('list')
    .description('List issues, the newest first.')
    .option('--limit <count>', 'how many', count, 20)
    .addOption(jsonOption())
    .addHelpText('after', example('offprint issue list --limit 5'))
    .action(({ limit, json }: { limit: number; json?: true }) =>
      withApp(host, async (app) => {
        const { issues } = await readStatus(app, limit);
        host.print(json ? JSON.stringify({ issues }) : issueLines(issues));
      }),
    );
}

function addShow(issue: Command, host: Host): void {
  issue
    .command('show')
    .description('Show an issue: its papers, its books, and whom it did not reach.')
    .argument('<issue>', 'its date, or its week', issueName)
    .addOption(jsonOption())
    .addHelpText('after', example('offprint issue show 2026-08-19'))
    .action((date: string, { json }: { json?: true }) =>
      withApp(host, async (app) => {
        const row = await issueCalled(app.store.db, date);
        const status = await issueStatus(app, row);
        const missed = await unreached(app, row.id, 200);
        if (json) {
          const issue = row.issue && { ...row.issue, candidates: await chosenBy(app, row.id) };
          return host.print(JSON.stringify({ ...status, issue, notReached: missed }));
        }
        host.print([describe(row), issueLines([status])].join('\n\n'));
        if (missed.length > 0) host.print(`\n${missedLines(missed)}`);
      }),
    );
}

function addCancel(issue: Command, host: Host): void {
  issue
    .command('cancel')
    .description('Stop an issue: what is not sent yet is never sent.')
    .argument('<issue>', 'its date, or its week', issueName)
    .addHelpText('after', example('offprint issue cancel 2026-08-19'))
    .action((date: string) =>
      withApp(host, async (app) => {
        const withdrawn = await cancelIssue(app, await issueCalled(app.store.db, date));
        host.print(`The issue of ${date} is cancelled; ${withdrawn} mails are withdrawn.`);
      }),
    );
}

function describe(row: IssueRow): string {
  if (row.issue === undefined) return `${issueSlug(row)} is ${row.state}: ${row.reason}`;
  const picks = row.issue.picks.map(
    (pick, index) =>
      `${String(index + 1).padStart(3)}. ${pick.paper.title}\n     ${pick.reasons.join(' · ')}`,
  );
  return [`${issueSlug(row)} is ${row.state}: ${row.issue.subject}`, ...picks].join('\n');
}
