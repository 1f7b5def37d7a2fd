import { retry } from '../app/retry.ts';
import { issueStatus } from '../app/status.ts';
import { Fault } from '../domain/fault.ts';
import { type Host, withApp } from './host.ts';
import { example, issueName } from './options.ts';
import type { AddCommand } from './program.ts';
import { issueLines } from './status.ts';

type Options = { failed?: true; uncertain?: true };

export const addRetry: AddCommand = (program, host) => {
  program
    .command('retry')
    .description('Send again to those whom an issue did not reach, and are still readers.')
    .argument('[issue]', 'its date, or its week (default: the newest)', issueName)
    .option('--failed', 'those whose server refused it')
    .option('--uncertain', 'those who may or may not have it (with UNCERTAIN=hold they wait for this)')
    .addHelpText('after', example('offprint retry --failed', 'offprint retry --uncertain 2026-08-19'))
    .action((date: string | undefined, options: Options) => runRetry(host, date, options));
};

function runRetry(host: Host, date: string | undefined, { failed, uncertain }: Options): Promise<void> {
  if (!failed && !uncertain)
    throw new Fault('USAGE', 'Nothing was named to be sent again.', 'Add --failed, --uncertain or both.');
  return withApp(host, async (app) => {
    const states = [...(failed ? (['failed'] as const) : []), ...(uncertain ? (['uncertain'] as const) : [])];
    const { row, count } = await retry(app, date, states, host.stop);
    host.print(
      `${count} mails of ${row.date} were planned again, and sent as far as they may go. This is what became of the issue:\n\n${issueLines([await issueStatus(app, row)])}`,
    );
  });
}
