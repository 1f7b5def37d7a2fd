import type { Command } from 'commander';
import type { Issue } from '../domain/issue.ts';
import type { Languages } from '../domain/language.ts';
import type { RankedPaper } from '../domain/paper.ts';
import { reasonsInWords } from '../domain/reason.ts';
import { issueSlug } from '../domain/slug.ts';
import { cancelIssue } from '../issues/cancel.ts';
import { draftEdition, isFuture } from '../issues/draft-edition.ts';
import {
  type Edition,
  editionBySlug,
  editionOn,
  type IssueRow,
  issueCalled,
} from '../issues/find-edition.ts';
import { holdIssue, releaseStopped } from '../issues/hold.ts';
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
  addHold(issue, host);
  addRelease(issue, host);
};

function addBuild(issue: Command, host: Host): void {
  issue
    .command('build')
    .description(
      'Fetch, rank and freeze an issue without sending it; it is sent when it is due. Of a day to come it shows a draft and freezes nothing.',
    )
    .option('--date <issue>', 'its date or week (default: the latest that is due)', issueName)
    .addHelpText(
      'after',
      example('offprint issue build --date 2026-08-19', 'offprint issue build --date 2026-W34'),
    )
    .action(({ date }: { date?: string }) =>
      withApp(host, async (app) => {
        const edition = date === undefined ? editionOn(app) : editionBySlug(app, date);
        if (isFuture(app, edition)) {
          const issue = await draftEdition(app, app.publishing, edition, host.stop);
          return host.print(describeDraft(edition, issue, app.languages()));
        }
        const { rows } = await publish(app, app.publishing, [edition], {
          signal: host.stop,
          retrySkipped: true,
        });
        host.print(describe(rows[0], app.languages()));
      }),
    );
}

function addList(issue: Command, host: Host): void {
  issue
    .command('list')
    .description('List issues, newest first.')
    .option('--limit <count>', 'maximum number to show', count, 20)
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
    .description('Show an issue: its papers, its books, and who did not receive it.')
    .argument('<issue>', 'its date or week', issueName)
    .addOption(jsonOption())
    .addHelpText('after', example('offprint issue show 2026-08-19'))
    .action((date: string, { json }: { json?: true }) =>
      withApp(host, async (app) => {
        const row = await issueCalled(app.store.db, date);
        const status = await issueStatus(app, row);
        const missed = await unreached(app, row.id, 200);
        if (json) {
          const issue = row.issue && {
            ...row.issue,
            picks: row.issue.picks.map((pick) => withReasons(pick, app.languages())),
            candidates: await chosenBy(app, row.id),
          };
          return host.print(JSON.stringify({ ...status, issue, notReached: missed }));
        }
        host.print([describe(row, app.languages()), issueLines([status])].join('\n\n'));
        if (missed.length > 0) host.print(`\n${missedLines(missed)}`);
      }),
    );
}

function addCancel(issue: Command, host: Host): void {
  issue
    .command('cancel')
    .description('Cancel an issue: mails that were not sent yet are never sent.')
    .argument('<issue>', 'its date or week', issueName)
    .addHelpText('after', example('offprint issue cancel 2026-08-19'))
    .action((date: string) =>
      withApp(host, async (app) => {
        const withdrawn = await cancelIssue(app, await issueCalled(app.store.db, date));
        host.print(
          `The issue of ${date} is cancelled; ${withdrawn} ${withdrawn === 1 ? 'mail is' : 'mails are'} withdrawn.`,
        );
      }),
    );
}

function addHold(issue: Command, host: Host): void {
  issue
    .command('hold')
    .description('Stop an issue that is being delivered; what is not sent yet waits until it is released.')
    .argument('<issue>', 'its date or week', issueName)
    .addHelpText('after', example('offprint issue hold 2026-08-19'))
    .action((date: string) =>
      withApp(host, async (app) => {
        await holdIssue(app, await issueCalled(app.store.db, date));
        host.print(`The issue of ${date} is stopped. "offprint issue release ${date}" lets it go on.`);
      }),
    );
}

function addRelease(issue: Command, host: Host): void {
  issue
    .command('release')
    .description('Let a stopped issue go on; mails later than LATE_LIMIT are not sent any more.')
    .argument('<issue>', 'its date or week', issueName)
    .addHelpText('after', example('offprint issue release 2026-08-19'))
    .action((date: string) =>
      withApp(host, async (app) => {
        await releaseStopped(app, await issueCalled(app.store.db, date));
        host.print(`The issue of ${date} goes on.`);
      }),
    );
}

/** In English, as everything in a terminal. */
function withReasons(pick: RankedPaper, languages: Languages) {
  return { ...pick, reasons: reasonsInWords(pick.reasons, languages.of('en')) };
}

function describe(row: IssueRow, languages: Languages): string {
  if (row.issue === undefined) return `${issueSlug(row)} is ${row.state}: ${row.reason}`;
  return [`${issueSlug(row)} is ${row.state}: ${row.issue.subject}`, ...pickLines(row.issue, languages)].join(
    '\n',
  );
}

function describeDraft(edition: Edition, issue: Issue | undefined, languages: Languages): string {
  const slug = issueSlug(edition);
  if (issue === undefined) return `${slug} has not come yet, and there is no paper for it so far.`;
  const head = `${slug} has not come yet, so nothing is frozen. A draft of what is known now: ${issue.subject}`;
  return [head, ...pickLines(issue, languages)].join('\n');
}

function pickLines({ picks }: Issue, languages: Languages): string[] {
  return picks.map(
    (pick, index) =>
      `${String(index + 1).padStart(3)}. ${pick.paper.title}\n     ${withReasons(pick, languages).reasons.join(' · ')}`,
  );
}
