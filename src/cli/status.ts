import type { App } from '../app.ts';
import { DELIVERY_STATES } from '../domain/delivery.ts';
import { Fault } from '../domain/fault.ts';
import { formatInstant } from '../domain/time.ts';
import { issueCalled } from '../issues/find-edition.ts';
import {
  type IssueStatus,
  issueStatus,
  readCooldowns,
  readStatus,
  type SourceReport,
  type Status,
  unreached,
} from '../runtime/health.ts';
import type { AddCommand } from './add-command.ts';
import { type Host, withApp } from './host.ts';
import { count, example, issueName, jsonOption } from './options.ts';
import { table } from './text-table.ts';

export const addStatus: AddCommand = (program, host) => {
  program
    .command('status')
    .description(
      'Show the state of issues, sources and the list; exits with 3 when the books do not balance.',
    )
    .argument(
      '[issue]',
      'the date or week of one issue: its books, and everyone who did not receive it',
      issueName,
    )
    .option('--issues <count>', 'number of issues to show', count, 7)
    .addOption(jsonOption())
    .addHelpText('after', example('offprint status', 'offprint status 2026-08-19', 'offprint status --json'))
    .action((date: string | undefined, { issues: limit, json }: { issues: number; json?: true }) =>
      withApp(host, async (app) => {
        if (date !== undefined) return oneIssue(app, host, date, json === true);
        const status = await readStatus(app, limit);
        if (json) host.print(JSON.stringify(status));
        else
          host.print(
            [
              issueLines(status.issues),
              sourceLines(status),
              subscriberLine(status.subscribers),
              ...returnedLines(status.issues),
              ...heldLines(status.issues),
              ...restLines(await readCooldowns(app)),
              ...asideLines(status.setAside),
            ].join('\n\n'),
          );
        const wrong = status.issues.find((issue) => issue.imbalances.length > 0);
        if (wrong) throw unbalanced(wrong.date, wrong.imbalances);
      }),
    );
};

async function oneIssue(app: App, host: Host, date: string, json: boolean): Promise<void> {
  const row = await issueCalled(app.store.db, date);
  const status = await issueStatus(app, row);
  const missed = await unreached(app, row.id, 100_000);
  if (json) host.print(JSON.stringify({ ...status, notReached: missed }));
  else
    host.print(
      [issueLines([status]), ...returnedLines([status]), missedLines(missed)].filter(Boolean).join('\n\n'),
    );
  if (status.imbalances.length > 0) throw unbalanced(status.date, status.imbalances);
}

/** Who was not reached and why; empty when everybody was. */
export function missedLines(missed: Awaited<ReturnType<typeof unreached>>): string {
  if (missed.length === 0) return '';
  return table(
    ['not reached', 'state', 'reason', 'last reply'],
    missed.map((m) => [m.address, m.state, m.reason, m.reply.replace(/\s+/g, ' ')]),
  );
}

function returnedLines(issues: readonly IssueStatus[]): string[] {
  return issues
    .filter(({ returned }) => returned.bounced + returned.complained > 0)
    .map(({ date, returned: { bounced, complained } }) => {
      const complaints =
        complained === 1 ? '1 reader called it spam' : `${complained} readers called it spam`;
      const parts = [
        ...(bounced > 0 ? [`${bounced} came back`] : []),
        ...(complained > 0 ? [complaints] : []),
      ];
      return `Of ${date} ${parts.join(', and ')}: "offprint returns list --issue ${date}".`;
    });
}

function heldLines(issues: readonly IssueStatus[]): string[] {
  return issues
    .filter(({ held }) => held > 0)
    .map(
      ({ date, held }) =>
        `${held} refusals of ${date} are held because they look like a mistake: "offprint status ${date}" shows the replies. ` +
        'Nobody was taken off the list, and mails that were not accepted will be retried. If the addresses are dead, run "offprint subscribers suppress --held".',
    );
}

function restLines(rests: Awaited<ReturnType<typeof readCooldowns>>): string[] {
  return rests.map(
    ({ domain, route, until, reply }) =>
      `${domain} refuses our mail through ${route}; next attempt after ${formatInstant(until)}: ${reply}`,
  );
}

function asideLines(aside: Status['setAside']): string[] {
  if (aside.length === 0) return [];
  const rows = aside.map(({ kind, ref, reason, seenAt }) => [kind, ref.slice(0, 80), reason, seenAt]);
  return [`Set aside (everything else continues):\n${table(['what', 'which', 'why', 'seen'], rows)}`];
}

export function unbalanced(date: string, wrong: readonly string[]): Fault {
  return new Fault(
    'BOOKS_UNBALANCED',
    `The books of ${date} do not balance: ${wrong.join('; ')}.`,
    'Keep the database as it is and report this: it is a bug.',
  );
}

/** A row for each issue; only the states that some delivery is in have a column. */
export function issueLines(issues: readonly IssueStatus[]): string {
  if (issues.length === 0) return 'No issues yet.';
  const states = DELIVERY_STATES.filter((state) => issues.some((issue) => issue.counts[state] > 0));
  return table(
    ['issue', 'kind', 'state', 'audience', ...states, 'reason'],
    issues.map((i) => [
      i.date,
      i.kind,
      i.state,
      i.audience,
      ...states.map((state) => i.counts[state]),
      i.reason,
    ]),
  );
}

function sourceLines({ sources, runs }: Pick<Status, 'sources' | 'runs'>): string {
  const streaks = new Map(runs.map((run) => [run.name, run.streak]));
  const outcome = (source: SourceReport) => {
    const streak = streaks.get(source.name) ?? 1;
    return streak > 1 ? `${source.outcome} ×${streak}` : source.outcome;
  };
  if (sources.length === 0) return 'No source has been read yet.';
  return table(
    ['source', 'outcome', 'entries', 'last good', 'reason'],
    sources.map((s) => [s.name, outcome(s), s.items, s.lastGood ?? 'never', s.reason]),
  );
}

function subscriberLine(subscribers: { readonly [state: string]: number }): string {
  const parts = Object.entries(subscribers).map(([state, number]) => `${number} ${state}`);
  return `Subscribers: ${parts.join(', ') || 'none'}.`;
}
