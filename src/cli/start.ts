import { usesSmtp } from '../config/load.ts';
import { start } from '../runtime/start.ts';
import type { AddCommand } from './add-command.ts';
import { withApp } from './host.ts';
import { example } from './options.ts';

export const addStart: AddCommand = (program, host) => {
  program
    .command('start')
    .description(
      'Serve the pages, publish each day’s issue and send it at each reader’s hour, until stopped.',
    )
    .addHelpText('after', example('offprint start', 'PORT=8080 SMTP_URL=smtp://127.0.0.1:25 offprint start'))
    .action(() =>
      withApp(host, (app) =>
        start(app, host.stop, (pages) => {
          const mails = usesSmtp(app.config)
            ? app.sending.routes.name
            : `files in ${app.sending.routes.name}/ (no SMTP_URL)`;
          const where = pages
            ? `Offprint is at ${pages.url} (listening on ${pages.listening}).`
            : 'Offprint runs without pages (SITE_URL=none).';
          host.print(`${where}\nMails go to ${mails}. Stop with Ctrl-C.`);
        }),
      ),
    );
};
