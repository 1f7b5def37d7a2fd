import type { App } from '../app.ts';
import { withoutPassword } from '../domain/database-url.ts';
import { moveTo } from '../runtime/migrate-to-postgres.ts';
import type { AddCommand } from './add-command.ts';
import { type Host, withApp } from './host.ts';
import { example } from './options.ts';
import { table } from './text-table.ts';

export const addMigrate: AddCommand = (program, host) => {
  program
    .command('migrate')
    .description('Upgrade the database (every command does this first), or move a SQLite file to Postgres.')
    .option(
      '--to <url>',
      'copy everything to this empty Postgres database and verify it; the SQLite file is not changed',
    )
    .addHelpText(
      'after',
      example('offprint migrate', 'offprint migrate --to postgres://offprint@db/offprint'),
    )
    .action(({ to }: { to?: string }) =>
      withApp(host, (app) => (to === undefined ? tell(app, host) : move(app, host, to))),
    );
};

async function tell(app: App, host: Host): Promise<void> {
  const done = app.store.migrated;
  const name = withoutPassword(app.config.DATABASE_URL);
  host.print(done.length > 0 ? `Applied: ${done.join(', ')}.` : `${name} is up to date.`);
}

async function move(app: App, host: Host, url: string): Promise<void> {
  const copied = await moveTo(app, url, (name, rows) => {
    if (rows % 100_000 === 0) host.complain(`${name}: ${rows} rows so far`);
  });
  const rows = copied.map(({ table: name, rows, sum }) => [name, rows, sum]);
  host.print(table(['table', 'rows', 'checksum (identical on both sides)'], rows));
  host.print(
    `Moved to ${withoutPassword(url)}. Set DATABASE_URL to it wherever Offprint runs; ${app.config.DATABASE_URL} was not changed.`,
  );
}
