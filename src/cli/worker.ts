import { work } from '../runtime/worker.ts';
import type { AddCommand } from './add-command.ts';
import { withApp } from './host.ts';
import { example } from './options.ts';

export const addWorker: AddCommand = (program, host) => {
  program
    .command('worker')
    .description(
      'Publish and send like start, without pages, alongside any number of others on one Postgres database.',
    )
    .addHelpText('after', example('DATABASE_URL=postgres://offprint@db/offprint offprint worker'))
    .action(() =>
      withApp(host, (app) => work(app, host.stop, () => host.print('Worker running. Press Ctrl-C to stop.'))),
    );
};
