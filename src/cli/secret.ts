import type { Command } from 'commander';
import type { App } from '../app.ts';
import { Fault } from '../domain/fault.ts';
import { formatInstant, SECOND } from '../domain/time.ts';
import { listSecrets, planRetirement, retireSecrets, SETTLING } from '../subscribers/secrets.ts';
import type { AddCommand } from './add-command.ts';
import { type Host, withApp } from './host.ts';
import { example, jsonOption } from './options.ts';
import { table } from './text-table.ts';

export const addSecret: AddCommand = (program, host) => {
  const secret = program.command('secret').description('List the secrets that sign links, or retire them.');
  secret.addHelpText('after', example('offprint secret list', 'offprint secret retire'));
  addList(secret, host);
  addRetire(secret, host);
};

function addList(secret: Command, host: Host): void {
  secret
    .command('list')
    .description('Show how many secrets there are and since when, but never the secrets.')
    .addOption(jsonOption())
    .addHelpText('after', example('offprint secret list'))
    .action(({ json }: { json?: true }) =>
      withApp(host, async (app) => {
        const dates = (await listSecrets(app.store.db)).map(formatInstant);
        const rows = dates.map((since, index) => ({ since, current: index === 0 }));
        host.print(json ? JSON.stringify(rows) : secretTable(rows));
      }),
    );
}

function secretTable(rows: readonly { since: string; current: boolean }[]): string {
  const use = (current: boolean) =>
    current ? 'signs every link' : 'verifies unsubscribe links of old mails';
  return table(
    ['secret', 'in use since', 'what for'],
    rows.map(({ since, current }, index) => [index + 1, since, use(current)]),
  );
}

function addRetire(secret: Command, host: Host): void {
  secret
    .command('retire')
    .description(
      'Make a new secret and forget the old ones, after one has leaked: links in mails already sent stop working.',
    )
    .option('--yes', 'do not ask first')
    .addHelpText('after', example('offprint secret retire', 'offprint secret retire --yes'))
    .action(({ yes }: { yes?: true }) => withApp(host, (app) => retire(app, host, yes === true)));
}

async function retire(app: App, host: Host, yes: boolean): Promise<void> {
  const { old, keeps } = await planRetirement(app);
  host.print(warning(old, keeps));
  if (!yes && !(await isSure(host))) {
    host.print('Nothing was changed.');
    return;
  }
  host.print(
    `Waiting ${SETTLING / SECOND} s for every process to use the ${keeps ? 'current' : 'new'} secret …`,
  );
  const forgotten = await retireSecrets(app, app.secrets, app.sending.wait, host.stop);
  host.print(`${forgotten} ${forgotten === 1 ? 'secret is' : 'secrets are'} forgotten.`);
}

function warning(old: number, keeps: boolean): string {
  const which = keeps
    ? `SECRET is set and stays the current secret: if it is the one that leaked, stop here, change it wherever Offprint runs, and restart.\nThis forgets the ${old === 1 ? 'other one' : `${old} others`}.`
    : `This makes a new secret and forgets the ${old === 1 ? 'one' : old} there ${old === 1 ? 'is' : 'are'}.`;
  return `${which} What they have signed stops working:
  links in mails already sent, those to unsubscribe included: they open a page that mails the reader new ones;
  the unsubscribe button that mailbox providers show on those mails;
  links to confirm, to change an address or to erase that nobody has used yet;
  the return addresses of mails already sent, where BOUNCE_ADDRESS is set.
Mails that have not been sent yet get new links. Forms that are open now need one more click.`;
}

async function isSure(host: Host): Promise<boolean> {
  const answer = await host.ask('Type yes to go on: ');
  if (answer === undefined)
    throw new Fault('USAGE', 'There is no terminal to ask for confirmation.', 'Add --yes if you are sure.');
  return answer.trim().toLowerCase() === 'yes';
}
