import { checkDkimRecord } from '../delivery/smtp/dkim-record.ts';
import { parseAddress } from '../domain/address.ts';
import { Fault } from '../domain/fault.ts';
import { nextIssue, sendTest } from '../web/preview/preview-data.ts';
import type { AddCommand } from './add-command.ts';
import { withApp } from './host.ts';
import { example } from './options.ts';

export const addSend: AddCommand = (program, host) => {
  program
    .command('send')
    .description('Send the next issue, as it is now, to one address; nothing is recorded.')
    .requiredOption('--test <address>', 'the address to send it to')
    .addHelpText('after', example('offprint send --test you@example.org'))
    .action(({ test }: { test: string }) =>
      withApp(host, async (app) => {
        const email = parseAddress(test);
        if (email === undefined)
          throw new Fault(
            'USAGE',
            `${JSON.stringify(test)} is not an e-mail address.`,
            'Use one such as you@example.org.',
          );
        const record = await checkDkimRecord(app.config);
        if (record?.state === 'ours') host.print(record.text);
        else if (record) host.complain(record.text);
        const issue = await nextIssue(app, app.languages());
        const outcome = await sendTest(app, app, app.sending, issue, email);
        if (outcome.kind !== 'accepted') {
          throw new Fault(
            'MAIL_REFUSED',
            `${app.sending.routes.name} did not accept the mail: ${outcome.reply}`,
            'Check SMTP_URL, MAIL_FROM and what the relay allows.',
          );
        }
        host.print(`Sent "${issue.subject}" to ${email}: ${outcome.reply}`);
      }),
    );
};
