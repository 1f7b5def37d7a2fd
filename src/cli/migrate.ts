import { withApp } from './host.ts';
import { example } from './options.ts';
import type { AddCommand } from './program.ts';

export const addMigrate: AddCommand = (program, host) => {
  program
    .command('migrate')
    .description('Bring the database up to date. Every command does so first; this one does nothing else.')
    .addHelpText('after', example('offprint migrate'))
    .action(() =>
      withApp(host, async (app) => {
        const done = app.store.migrated;
        host.print(
          done.length > 0 ? `Applied: ${done.join(', ')}.` : `${app.config.DATABASE_URL} is up to date.`,
        );
      }),
    );
};
