import { retry, retryNow } from '../delivery/send-again.ts';
import { Fault } from '../domain/fault.ts';
import { issueStatus, readCooldowns } from '../runtime/health.ts';
import type { AddCommand } from './add-command.ts';
import { type Host, withApp } from './host.ts';
import { example, issueName } from './options.ts';
import { issueLines } from './status.ts';

type Options = { failed?: true; uncertain?: true; now?: true };

export const addRetry: AddCommand = (program, host) => {
  program
    .command('retry')
    .description('Resend an issue to current readers who did not receive it.')
    .argument('[issue]', 'its date or week (default: the newest)', issueName)
    .option('--failed', 'deliveries that the server refused')
    .option(
      '--uncertain',
      'deliveries that may or may not have arrived (with UNCERTAIN=hold they wait for this)',
    )
    .option('--now', 'end all waiting: retry cooling-down relays and domains and all deferred mails now')
    .addHelpText(
      'after',
      example('offprint retry --now', 'offprint retry --failed', 'offprint retry --uncertain 2026-08-19'),
    )
    .action((date: string | undefined, options: Options) => runRetry(host, date, options));
};

function runRetry(host: Host, date: string | undefined, options: Options): Promise<void> {
  const { failed, uncertain, now } = options;
  if (!failed && !uncertain && !now)
    throw new Fault('USAGE', 'Nothing was selected to resend.', 'Add --failed, --uncertain or --now.');
  return withApp(host, async (app) => {
    if (now) {
      const count = await retryNow(app, app.composing, app.sending, host.stop);
      host.print(`All cooldowns have ended. ${count} deferred mails are retried now.`);
      if (!failed && !uncertain) return;
    }
    const states = [...(failed ? (['failed'] as const) : []), ...(uncertain ? (['uncertain'] as const) : [])];
    const { row, count } = await retry(app, app.composing, app.sending, date, states, host.stop);
    host.print(
      `${count} mails of ${row.date} were planned again, and those that could be sent were sent. The issue now:\n\n${issueLines([await issueStatus(app, row)])}`,
    );
    const rests = await readCooldowns(app);
    if (rests.length > 0) {
      const some = rests.slice(0, 5).map(({ domain }) => domain);
      const names =
        some.join(', ') + (rests.length > some.length ? ` and ${rests.length - some.length} more` : '');
      host.print(
        `Mails to ${names} are on hold because these domains refused our mail. "offprint retry --now" ends that.`,
      );
    }
  });
}
