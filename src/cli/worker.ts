import { work } from '../runtime/worker.ts';
import type { AddCommand } from './add-command.ts';
import { withApp } from './host.ts';
import { example } from './options.ts';

export const addWorker: AddCommand = (program, host) => {
  program
    .command('worker')
    .description('Publish and mail like start, without pages, beside any number of others on one Postgres.')
    .addHelpText('after', example('DATABASE_URL=postgres://offprint@db/offprint offprint worker'))
    .action(() =>
      withApp(host, (app) =>
        work(app, host.stop, () => host.print('This worker takes its part of the work. Stop with Ctrl-C.')),
      ),
    );
};
